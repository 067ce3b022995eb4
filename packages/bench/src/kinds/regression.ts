import type { Metric } from '@hearken/metrics';
import type { TaskMetadata } from '@hearken/tasks';
import type { Scoring } from '../evaluation/scoring.js';
import { regressionMetrics } from './task-metrics.js';

/** Scores over numbers. The task's first metric decides on validation. */
export function regressionScoring(
  metadata: TaskMetadata,
  labels: readonly string[],
  custom: readonly Metric[] = [],
): Scoring<null> {
  const metrics = regressionMetrics(metadata, custom);
  const deciding = metrics[0];
  return {
    validation(rows) {
      const values = rows.values();
      const byMetric = metadata.useScoringForEarlyStopping;
      const maximize = byMetric && deciding.maximize;
      const worst = maximize ? -Infinity : Infinity;
      return {
        maximize,
        score: ({ probabilities: predictions }) => ({
          score: byMetric
            ? (deciding.compute({ predictions, values, labels }) ?? worst)
            : relativeSquaredError(predictions, values, labels.length),
          decision: null,
        }),
      };
    },
    test({ probabilities: predictions }, rows) {
      const scores = { predictions, values: rows.values(), labels };
      return Object.fromEntries(metrics.map((metric) => [metric.name, metric.compute(scores)]));
    },
  };
}

/** The mean over targets of the squared error over the target's variance: targets of any unit count the same. */
function relativeSquaredError(predictions: Float32Array, values: Float64Array, targets: number): number {
  const count = values.length / targets;
  let total = 0;
  for (let target = 0; target < targets; target += 1) {
    let mean = 0;
    for (let index = target; index < values.length; index += targets) mean += values[index] / count;
    let variance = 0;
    let error = 0;
    for (let index = target; index < values.length; index += targets) {
      variance += (values[index] - mean) ** 2;
      error += (predictions[index] - values[index]) ** 2;
    }
    total += error / (variance || count);
  }
  return total / targets;
}
