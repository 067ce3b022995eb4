export { compareAnswers, type AnswersComparison } from './compare-answers.js';
export * from './compare-results.node.js';
export * from './find-results.node.js';
export { holmAdjusted } from './holm.js';
export { readScoredResult, type ScoredResult } from './read-scored-result.node.js';
