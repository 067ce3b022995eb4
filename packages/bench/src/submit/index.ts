export { prepareSubmission, type Submission, type SubmissionOptions } from './prepare-submission.node.js';
export type { Problem } from './problem.js';
export { resultFiles } from './result-files.node.js';
export { verifyResult, type VerifiedResult } from './verify-result.node.js';
