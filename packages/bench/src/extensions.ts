/**
 * What a module of metrics and probes of one's own needs, and nothing besides: it loads in a moment.
 *
 * @packageDocumentation
 */
export type { ExtensionKind } from './extensions/contract.js';
export {
  defineMetric,
  type EventMetricDefinition,
  type MetricDefinition,
  type MetricOf,
  type OwnMetric,
  type OwnMetricDescription,
  type RegressionMetricDefinition,
  type SceneMetricDefinition,
} from './extensions/define-metric.js';
export { defineProbe } from './extensions/define-probe.js';
export type { OwnProbe, OwnProbeDefinition, OwnTrainingOptions } from './extensions/own-probe.js';
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
