import { TaskError } from '@hearken/core';
import { definedOrNull } from './statistics/summary.js';
import type { MetricDescription, RegressionMetric } from './metric.js';
import type { RegressionScores } from './scores.js';

/** One target of weighted answers: the answers at `target`, `target + width` and so on. */
export interface RegressionColumn extends Omit<RegressionScores, 'labels'> {
  readonly target: number;
  readonly width: number;
  readonly weights: ArrayLike<number>;
}

/**
 * Completes a regression metric, the mean over targets of `measure`: its `compute` checks the sizes, and returns null
 * without clips, for predictions that are not all finite, and if the measure of a target is undefined.
 */
export function regressionMetric(
  description: MetricDescription,
  measure: (column: RegressionColumn) => number,
): RegressionMetric {
  const prepare: RegressionMetric['prepare'] = ({ predictions, values, labels }) => {
    const width = labels.length;
    return (weights) => {
      let sum = 0;
      for (let target = 0; target < width; target += 1) sum += measure({ predictions, values, target, width, weights });
      return sum / width;
    };
  };
  return {
    ...description,
    kind: 'regression',
    prepare,
    compute(scores) {
      checkSizes(description.name, scores);
      if (scores.values.length === 0 || !scores.predictions.every((value) => Number.isFinite(value))) return null;
      return definedOrNull(prepare(scores)(new Uint8Array(scores.values.length / scores.labels.length).fill(1)));
    },
  };
}

/** The weighted mean over clips of their contributions. */
export function columnMean(
  { predictions, values, target, width, weights }: RegressionColumn,
  term: (prediction: number, value: number) => number,
): number {
  let sum = 0;
  let total = 0;
  let index = target;
  for (let clip = 0; clip < weights.length; clip += 1, index += width) {
    sum += weights[clip] * term(predictions[index], values[index]);
    total += weights[clip];
  }
  return sum / total;
}

/** A variance, or NaN if it is only the rounding of equal values around `mean`. */
export function definedVariance(variance: number, mean: number): number {
  return variance <= (1e-14 * mean) ** 2 ? Number.NaN : variance;
}

function checkSizes(metric: string, { predictions, values, labels }: RegressionScores): void {
  const rows = values.length / labels.length;
  if (labels.length > 0 && Number.isInteger(rows) && predictions.length === values.length) return;
  throw new TaskError({
    asked: `${metric} of predictions and values [n, ${labels.length}]`,
    found: `${predictions.length} predictions, ${values.length} values and ${labels.length} targets`,
    fix: 'pass one prediction and one value for every clip and target',
  });
}
