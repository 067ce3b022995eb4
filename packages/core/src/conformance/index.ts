export { adviceChecks } from './advice-checks.js';
export type { ConformanceCheck, ConformanceContext, HeldBytes, TestSignal, Tolerance } from './check.js';
export { memoryChecks } from './memory-checks.js';
export {
  conformanceChecks,
  runConformance,
  testEmbedder,
  type ConformanceOptions,
  type ConformanceResult,
  type TestFunctions,
} from './test-embedder.js';
export { defaultTestSignal } from './test-signal.js';
