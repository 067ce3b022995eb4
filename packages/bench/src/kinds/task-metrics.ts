import { TaskError } from '@hearken/core';
import {
  type EventMetric,
  type Metric,
  metricByName,
  metricNames,
  type RegressionMetric,
  type SceneMetric,
  type SceneMetricTask,
} from '@hearken/metrics';
import type { TaskMetadata } from '@hearken/tasks';
import { sceneSettings } from './scene-settings.js';

/** What metrics of each kind are over, in words. */
const subjects: Readonly<Record<Metric['kind'], string>> = {
  scene: 'a metric over the labels of whole clips',
  regression: 'a metric over numbers',
  event: 'a metric over events',
};

/**
 * The metrics of a scene task whose clips have labels.
 *
 * @throws TaskError for a metric of another kind, or one that needs what the task does not say
 */
export function sceneMetrics(
  metadata: TaskMetadata,
  labels: readonly string[],
  custom: readonly Metric[] = [],
): SceneMetric[] {
  const settings = sceneSettings(metadata);
  const predictionType = metadata.predictionType === 'multilabel' ? 'multilabel' : 'multiclass';
  const task: SceneMetricTask = { labels, predictionType, settings };
  return metadata.evaluation.map((name) => {
    const metric = metricByName(name, custom);
    if (metric.kind !== 'scene') throw otherKind(metadata, metric, 'scene', custom);
    const missing = metric.missing?.(task);
    if (missing === undefined) return metric;
    throw new TaskError({ asked: `metric '${name}' of task '${metadata.taskName}'`, ...missing });
  });
}

/**
 * The metrics of a regression task.
 *
 * @throws TaskError for a metric over labels or events
 */
export function regressionMetrics(metadata: TaskMetadata, custom: readonly Metric[] = []): RegressionMetric[] {
  return metadata.evaluation.map((name) => {
    const metric = metricByName(name, custom);
    if (metric.kind === 'regression') return metric;
    throw otherKind(metadata, metric, 'regression', custom);
  });
}

/**
 * The metrics of an event task.
 *
 * @throws TaskError for a metric over labels or numbers of whole clips
 */
export function eventMetrics(metadata: TaskMetadata, custom: readonly Metric[] = []): EventMetric[] {
  return metadata.evaluation.map((name) => {
    const metric = metricByName(name, custom);
    if (metric.kind === 'event') return metric;
    throw otherKind(metadata, metric, 'event', custom);
  });
}

/** The error of a metric that does not go with its task; it names those that do. */
function otherKind(
  metadata: TaskMetadata,
  metric: Metric,
  wanted: Metric['kind'],
  custom: readonly Metric[],
): TaskError {
  const kind = { scene: `${metadata.predictionType} scene`, regression: 'regression', event: 'event' }[wanted];
  const allowed = metricNames(custom).filter((name) => metricByName(name, custom).kind === wanted);
  return new TaskError({
    asked: `metric '${metric.name}' of ${kind} task '${metadata.taskName}'`,
    found: subjects[metric.kind],
    fix: `name one of ${allowed.join(', ')} in 'evaluation' of task_metadata.json, or correct its embedding_type and prediction_type`,
  });
}
