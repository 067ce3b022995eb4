import { TaskError } from '@hearken/core';
import { type Metric, metricByName, metricNames } from '@hearken/metrics';
import { scoringKind } from '@hearken/metrics/internal';
import type { TaskMetadata } from '@hearken/tasks';

/**
 * The metrics that score a task, all of one kind.
 *
 * @param custom custom metrics
 * @throws TaskError for a metric of another kind; names those that fit
 */
export function metricsOfKind<Kind extends Metric['kind']>(
  metadata: TaskMetadata,
  kind: Kind,
  custom: readonly Metric[],
): Extract<Metric, { readonly kind: Kind }>[] {
  return metadata.evaluation.map((name) => {
    const metric = metricByName(name, custom);
    if (isOfKind(metric, kind)) return metric;
    const allowed = metricNames(custom).filter((other) => metricByName(other, custom).kind === kind);
    const task = kind === 'scene' ? `${metadata.predictionType} scene` : kind;
    throw new TaskError({
      asked: `metric '${metric.name}' of ${task} task '${metadata.taskName}'`,
      found: scoringKind(metric).subject,
      fix: `name one of ${allowed.join(', ')} in 'evaluation' of task_metadata.json, or correct its embedding_type and prediction_type`,
    });
  });
}

function isOfKind<Kind extends Metric['kind']>(
  metric: Metric,
  kind: Kind,
): metric is Extract<Metric, { readonly kind: Kind }> {
  return metric.kind === kind;
}
