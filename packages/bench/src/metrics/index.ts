export type { Cinc2020Weights } from './cinc2020-weights.js';
export { selectFiles, type EventScores } from './event-scores.js';
export { eventsFromPredictions, type EventPostprocessing, type FramePredictions } from './event/postprocess.js';
export type {
  EventMetric,
  Metric,
  MetricDescription,
  RegressionMetric,
  SceneMetric,
  SceneMetricTask,
  WeightedScore,
} from './metric.js';
export { metricByName, metricNames } from './registry.js';
export type { RegressionScores } from './regression-scores.js';
export { selectClips, type SceneScores, type SceneSettings } from './scene-scores.js';
