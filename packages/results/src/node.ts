/**
 * All of `@hearken/results`, and functions for result files on Node.js: to find, read and compare them, to verify them
 * from their stored predictions, and to prepare them for submission. Needs no ONNX Runtime.
 *
 * @packageDocumentation
 */
export * from './index.js';
export {
  type CompareOptions,
  type ComparedResult,
  type Comparison,
  type FailedComparison,
  type TaskComparison,
  compareResults,
} from './compare/compare-results.node.js';
export { readResult } from './format/read-result.node.js';
export { type DamagedResult, type FoundResults, type ResultAt, readResults } from './format/read-results.node.js';
export { type CollectedScores, type ResultSelection, collectScores } from './protocols/collect-scores.node.js';
export { findResultFiles } from './result/find-result-files.node.js';
export { type Submission, type SubmissionOptions, prepareSubmission } from './submit/prepare-submission.node.js';
export { type VerifiedResult, verifyResult } from './submit/verify-result.node.js';
