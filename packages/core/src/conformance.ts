/**
 * The conformance suite: what plugin tests and `hearken validate` check of every embedder.
 *
 * @packageDocumentation
 */
export { adviceChecks } from './conformance/advice-checks.js';
export type { ConformanceCheck, ConformanceContext, HeldBytes, TestSignal, Tolerance } from './conformance/check.js';
export { memoryChecks } from './conformance/memory-checks.js';
export {
  conformanceChecks,
  runConformance,
  testEmbedder,
  type ConformanceOptions,
  type ConformanceResult,
  type TestFunctions,
} from './conformance/test-embedder.js';
export { defaultTestSignal } from './conformance/test-signal.js';
