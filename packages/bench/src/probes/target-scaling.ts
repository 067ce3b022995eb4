import { Rows } from './rows.js';

/** Standardises the targets of a regression task; stored in a probe's state as JSON values. */
export interface TargetScaling {
  /** Over the training rows: `[targets]` */
  readonly mean: readonly number[];
  /** n in the denominator; 1 for constant targets: `[targets]`. */
  readonly deviation: readonly number[];
}

/** Mean and standard deviation of each target over all rows. */
export function targetScaling(rows: Rows): TargetScaling {
  const { outputs, count } = rows;
  const values = rows.values();
  const mean = new Array<number>(outputs).fill(0);
  const squares = new Array<number>(outputs).fill(0);
  values.forEach((value, index) => (mean[index % outputs] += value / count));
  values.forEach((value, index) => (squares[index % outputs] += (value - mean[index % outputs]) ** 2 / count));
  return { mean, deviation: squares.map((square) => Math.sqrt(square) || 1) };
}

/** The same rows with standardised targets. */
export function withScaledTargets(rows: Rows, { mean, deviation }: TargetScaling): Rows {
  const { outputs } = rows;
  return new Rows(
    rows.splits.map((split) => ({
      ...split,
      values: split.values?.map((value, index) => (value - mean[index % outputs]) / deviation[index % outputs]),
    })),
  );
}

/** Standardised predictions `[rows, targets]` in the targets' units. */
export function inTargetUnits(predictions: Float32Array, { mean, deviation }: TargetScaling): Float32Array {
  const targets = mean.length;
  return predictions.map((value, index) => mean[index % targets] + deviation[index % targets] * value);
}
