export { type Cinc2020Weights, isCinc2020Weights } from './cinc2020-weights.js';
export { selectFiles } from './event-scores.js';
export type { EventScores } from './scores.js';
export { eventsFromPredictions, type EventPostprocessing, type FramePredictions } from './event/postprocess.js';
export type {
  ClipShare,
  EventMetric,
  Metric,
  MetricDescription,
  RegressionMetric,
  SceneMetric,
  SceneMetricTask,
  WeightedScore,
} from './metric.js';
export { metricByName, metricNames } from './registry.js';
export type { RegressionScores } from './scores.js';
export { selectClips } from './scene-scores.js';
export { type SceneDecision, thresholdsOf } from './scene-decision.js';
export type { SceneScores, SceneSettings } from './scores.js';
export type { SoundEvent } from './sound-event.js';
