/**
 * Metrics for audio and ECG benchmarks, with statistics: scores of scenes, events and values as defined by HEAR,
 * sed_eval, ICBHI and PhysioNet/CinC 2020, confidence intervals and paired tests. Also runs in browsers.
 *
 * @packageDocumentation
 */
export { isCinc2020Weights, type Cinc2020Weights } from './cinc2020-weights.js';
export { eventsFromPredictions, type EventPostprocessing, type FramePredictions } from './event/postprocess.js';
export { selectFiles } from './event-scores.js';
export type { AreaIntervals } from './intervals/area-intervals.js';
export type { SceneAnswerScoring } from './kinds/answers.js';
export type {
  ClipShare,
  EventMetric,
  MetricDescription,
  RegressionMetric,
  SceneMetric,
  SceneMetricTask,
  WeightedScore,
} from './metric.js';
export { Random } from './random.js';
export type { Metric } from './kinds/registry.js';
export { metricByName, metricNames } from './registry.js';
export { thresholdsOf, type SceneDecision } from './thresholds.js';
export { selectClips } from './scene-scores.js';
export type { EventScores, RegressionScores, SceneScores, SceneSettings, SoundEvent } from './scores.js';
export {
  bootstrapInterval,
  pairedBootstrapTest,
  type BootstrapOptions,
  type ClipStatistic,
  type ConfidenceInterval,
  type PairedDifference,
} from './statistics/bootstrap.js';
export {
  delongInterval,
  delongTest,
  meanDelongInterval,
  type DelongInterval,
  type DelongTest,
} from './statistics/delong.js';
export { holmAdjusted } from './statistics/holm.js';
export {
  pairedPermutationTest,
  signFlipTest,
  type PermutationResult,
  type SwappedDifference,
} from './statistics/permutation.js';
export type { RandomSource, DrawOptions } from './statistics/draws.js';
export { mean, quantile, standardDeviation } from './statistics/summary.js';
