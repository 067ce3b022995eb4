import { fitLogistic } from './logistic-fit.js';
import type { Link, LogisticGradient, RowRange } from './logistic-problem.js';

/** The values of C to try, those of scikit-learn's `LogisticRegressionCV(Cs=10)`: ten from 1e-4 to 1e4. */
export const strengthGrid: readonly number[] = Array.from({ length: 10 }, (_, index) => 10 ** (-4 + (8 * index) / 9));

/** After this many worse values in a row, larger ones are not tried: the loss falls and then rises with C. */
const patience = 2;
/** Enough to tell the values of C apart; the final fit is solved precisely. */
const tolerance = 1e-5;

export interface StrengthChoice {
  /** Chosen C of each column; with softmax the same for all. */
  readonly strengths: readonly number[];
  /** Number of passes over the rows. */
  readonly evaluations: number;
}

/** Columns with a separate C. */
interface Curve {
  readonly columns: readonly number[];
  best: number;
  bestLoss: number;
  worseInARow: number;
}

/**
 * Chooses C by cross-validation: the one with the lowest log loss on held-out rows; if several are equal, the smallest.
 * Each label of a one-vs-rest problem has its own, as in scikit-learn's `LogisticRegressionCV`.
 *
 * @param folds the rows of each fold; rows of one fold are consecutive
 * @param onFit called after each fit with the number of finished ones
 */
export async function chooseStrengths(
  gradient: LogisticGradient,
  folds: readonly RowRange[],
  options: { readonly onFit?: (fits: number) => void; readonly abortSignal?: AbortSignal } = {},
): Promise<StrengthChoice> {
  const { link, columns, targets } = gradient.data;
  const all = Array.from({ length: columns }, (_, column) => column);
  const curves = (link === 'softmax' ? [all] : all.map((column) => [column])).map((curveColumns): Curve => ({
    columns: curveColumns,
    best: 1,
    bestLoss: Infinity,
    worseInARow: 0,
  }));
  const starts: (Float64Array | undefined)[] = folds.map(() => undefined);
  let open = curves;
  let evaluations = 0;
  let fits = 0;
  for (const strength of folds.length > 1 ? strengthGrid : []) {
    const losses = new Float64Array(columns);
    for (const [index, heldOut] of folds.entries()) {
      const fit = await fitLogistic(gradient, {
        strengths: all.map(() => strength),
        columns: open.flatMap((curve) => curve.columns),
        ranges: folds.filter((fold) => fold !== heldOut),
        start: starts[index],
        tolerance,
        abortSignal: options.abortSignal,
      });
      starts[index] = fit.weights;
      evaluations += fit.evaluations;
      addLogLoss(losses, await gradient.logits(fit.weights, heldOut), targets, heldOut, link);
      options.onFit?.((fits += 1));
    }
    for (const curve of open) {
      const loss = curve.columns.reduce((sum, column) => sum + losses[column], 0);
      if (loss < curve.bestLoss) Object.assign(curve, { best: strength, bestLoss: loss, worseInARow: 0 });
      else curve.worseInARow += 1;
    }
    open = open.filter((curve) => curve.worseInARow < patience);
    if (open.length === 0) break;
  }
  const strengths = new Array<number>(columns);
  for (const curve of curves) for (const column of curve.columns) strengths[column] = curve.best;
  return { strengths, evaluations };
}

/** Adds each column's share of the log loss; with softmax, a row's loss goes to its correct column. */
function addLogLoss(
  losses: Float64Array,
  logits: Float32Array,
  targets: Uint8Array,
  [start]: RowRange,
  link: Link,
): void {
  const columns = losses.length;
  for (let offset = 0; offset < logits.length; offset += columns) {
    const firstTarget = start * columns + offset;
    if (link === 'sigmoid') {
      for (let column = 0; column < columns; column += 1) {
        const logit = logits[offset + column];
        const part = Math.max(logit, 0) - logit * targets[firstTarget + column];
        losses[column] += part + Math.log1p(Math.exp(-Math.abs(logit)));
      }
    } else {
      let largest = -Infinity;
      for (let column = 0; column < columns; column += 1) largest = Math.max(largest, logits[offset + column]);
      let total = 0;
      let right = 0;
      for (let column = 0; column < columns; column += 1) {
        total += Math.exp(logits[offset + column] - largest);
        if (targets[firstTarget + column] === 1) right = column;
      }
      losses[right] += largest + Math.log(total) - logits[offset + right];
    }
  }
}
