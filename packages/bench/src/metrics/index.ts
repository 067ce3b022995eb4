export { selectFiles, type EventScores } from './event-scores.js';
export { eventsFromPredictions, type EventPostprocessing, type FramePredictions } from './event/postprocess.js';
export type { EventMetric, Metric, MetricDescription, SceneMetric } from './metric.js';
export { metricByName, metricNames } from './registry.js';
export { selectClips, type SceneScores } from './scene-scores.js';
