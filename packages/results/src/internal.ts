/** What Hearken's other packages use of this one. Not a public interface: names change without notice. */
export { type CheckedThresholds, checkThresholds, missedText, type MissedThreshold } from './ci/check-thresholds.js';
export { githubSummary } from './ci/github-summary.js';
export { junitText } from './ci/junit.js';
export { recipeOfTrained, settingsDigest, trainedName } from './result/finetune-settings.js';
export { evaluationText, type RunOutcome, type ScoredOutcome, type UnscoredOutcome } from './ci/run-outcome.js';
export { parseThreshold, type Threshold, type ThresholdRelation } from './ci/threshold.js';
export { extensionIdentities, extensionText, metricRecordOf } from './extensions/extension-records.js';
export type { LeftOutClip } from './format/result.js';
export { type ExtensionModule, type Extensions, moduleOf, usedExtensions } from './extensions/metric-extensions.js';
export {
  type NormalizedMean,
  bestHear2021Score,
  normalizedMean,
  normalizedScore,
  publishedScore,
  standardizedScore,
} from './hear-benchmark/normalized-score.js';
export {
  exampleModels,
  hearkenPlugins,
  onnxFilePlugin,
  packageOfPlugin,
  publishedWeights,
} from './models/hearken-plugins.js';
export { executionOf } from './models/execution.js';
export { checkpointRecordOf, hasCustomWeights, knownHashes, modelPathName } from './models/model-name.js';
export { asksFor, folderText, tasksOf } from './protocols/protocol.js';
export { clinicalMetricsOf } from './result/clinical-metrics.js';
export { clipCountText } from './result/clip-count-text.js';
export type { ScoringSettings } from './result/evaluation-record.js';
export { checkGridName, gridNames } from './result/grid-names.js';
export { leftOutText, withoutClips } from './result/left-out.js';
export type { ResultParts } from './result/result.js';
export { makeProfile, type MeasuredProcess } from './profile/make-profile.js';
export { type Profile, profileVersion } from './profile/profile-schema.js';
export { areEqual, type ComparedScore, compareScores } from './reproduce/compare-scores.js';
export { type EnvironmentRow, environmentRows } from './reproduce/environment.js';
export { foldMeans, summarizeScores } from './result/summarize-scores.js';
export { type RowChoice, chooseRows } from './score-table/choose-rows.js';
export { type NumberTable, csvText } from './score-table/csv-text.js';
export { csvRows, jsonRows, latexTable, markdownTable, readableTable, textFormats } from './score-table/format-rows.js';
export { type ScoreRow, scoreColumns } from './score-table/score-row.js';
export { evaluationIdentity, modelIdentity, pathPart, subsetIdentity } from './result/identity.js';
