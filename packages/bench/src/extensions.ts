/**
 * What a module of custom metrics and probes needs, and nothing else, so that it loads quickly.
 *
 * @packageDocumentation
 */
export type {
  CustomProbe,
  CustomProbeDefinition,
  CustomTrainingOptions,
  ExtensionKind,
} from './extensions/contract.js';
export {
  defineMetric,
  type EventMetricDefinition,
  type MetricDefinition,
  type MetricOf,
  type CustomMetric,
  type CustomMetricDescription,
  type RegressionMetricDefinition,
  type SceneMetricDefinition,
} from './extensions/define-metric.js';
export { defineProbe } from './extensions/define-probe.js';
export type {
  EventMetric,
  Metric,
  MetricDescription,
  RegressionMetric,
  SceneMetric,
  SceneMetricTask,
  WeightedScore,
} from '@hearken/metrics';
export type { EventScores, RegressionScores, SceneScores, SceneSettings } from '@hearken/metrics';
export type { ProbeConfiguration } from '@hearken/results';
export type { GridName } from '@hearken/results';
export type {
  Predictions,
  Probe,
  ProbeContext,
  ProbeDefinition,
  ProbeState,
  ProbeTask,
  RowsShape,
  SessionFactory,
  TrainedProbe,
  TrainingEffort,
  TrainingOptions,
  Validation,
} from './probes/probe.js';
export type { RowBlock, Rows } from './probes/rows.js';
