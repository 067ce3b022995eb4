/** What Hearken's other packages use of this one on Node.js. Not a public interface: names change without notice. */
export { findUnreadable } from './answers/find-unreadable.node.js';
export { type FurtherComparison, hasTooFewGroups } from './compare/compare-results.node.js';
export { type SeveralComparison, compareSeveral } from './compare/compare-several.node.js';
export { readScoredResult } from './compare/read-scored-result.node.js';
export { noResultsError } from './format/read-results.node.js';
export {
  type ComparedPredictions,
  comparePredictions,
  readAllPredictions,
  type StoredPredictions,
} from './reproduce/compare-predictions.node.js';
export { hashIdentity } from './result/hash-identity.node.js';
export { peakMemoryBytes, thisMachine } from './result/machine.node.js';
export { type FoundProfiles, type ProfileAt, readProfiles, writeProfile } from './profile/profile-file.node.js';
export { forgetPeakMemory, recentPeakMemoryBytes } from './result/peak-memory.node.js';
export {
  type FinishedResult,
  findResult,
  identityOf,
  type ResultPlace,
  writeResult,
} from './result/result-file.node.js';
export { readScoreRows } from './score-table/read-score-rows.node.js';
export { followsProtocol } from './protocols/collect-scores.node.js';
export { neverChecked } from './submit/unchecked.js';
