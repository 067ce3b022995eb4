import { type LogisticData, type LogisticGradient, type RowRange } from './logistic-problem.js';
import { type Minimum, minimize } from './minimize.js';

/** Weights `[columns, size + 1]`, the intercept last in each column. */
export interface LogisticFit {
  readonly weights: Float64Array;
  /** Number of passes over the rows: those of the slowest column. */
  readonly evaluations: number;
  /** About twice the distance of the mean objective from its minimum, in the worst column. */
  readonly decrement: number;
}

export interface LogisticFitOptions {
  /**
   * scikit-learn's C of each column: the objective is the summed log loss + |w|^2 / (2 C). With softmax the same for
   * all.
   */
  readonly strengths: readonly number[];
  /** Columns to fit; the others' weights stay zero. */
  readonly columns: readonly number[];
  readonly ranges: readonly RowRange[];
  /** Weights to start from. */
  readonly start?: Float64Array;
  readonly tolerance: number;
  readonly abortSignal?: AbortSignal;
}

const maxEvaluations = 5000;

/** Columns that are solved together: all with softmax, otherwise one. */
interface Group {
  readonly columns: readonly number[];
  readonly steps: Generator<Float64Array, Minimum, Float64Array>;
  readonly penalty: number;
  point: Float64Array;
}

/**
 * Fits L2-penalised logistic regression to some of the rows: the minimum of the summed log loss + |w|^2 / (2 C),
 * without a penalty on the intercept, as in scikit-learn's `LogisticRegression`.
 *
 * Columns without both kinds of rows have no finite optimum: they get a constant logit, that of the share after adding
 * half a row to either side.
 */
export async function fitLogistic(gradient: LogisticGradient, options: LogisticFitOptions): Promise<LogisticFit> {
  const { data } = gradient;
  const { ranges, abortSignal, strengths } = options;
  const width = data.size + 1;
  const rows = ranges.reduce((total, [first, last]) => total + last - first, 0);
  const positives = positivesOf(data, ranges);
  const weights = new Float64Array(data.columns * width);
  const usable = options.columns.filter((column) => positives[column] > 0 && positives[column] < rows);
  let evaluations = 0;
  let decrement = 0;
  const finish = (group: Group, minimum: Minimum) => {
    group.columns.forEach((column, index) =>
      weights.set(minimum.point.subarray(index * width, (index + 1) * width), column * width),
    );
    evaluations = Math.max(evaluations, minimum.evaluations);
    decrement = Math.max(decrement, minimum.decrement);
  };
  let active: Group[] = [];
  const groups = data.link === 'sigmoid' ? usable.map((column) => [column]) : usable.length > 1 ? [usable] : [];
  for (const columns of groups) {
    const penalty = 1 / (strengths[columns[0]] * rows);
    const shares = columns.map((column) => positives[column] / rows);
    const start = startOf(data, columns, shares, options.start);
    const steps = minimize(start, inverseHessian(data, shares, penalty), {
      tolerance: options.tolerance,
      maxEvaluations,
    });
    const group: Group = { columns, steps, penalty, point: start };
    const first = steps.next();
    if (first.done === true) finish(group, first.value);
    else active.push({ ...group, point: first.value });
  }

  let evaluated: readonly Group[] = [];
  let targets: Float32Array = new Float32Array(0);
  while (active.length > 0) {
    abortSignal?.throwIfAborted();
    // Selecting targets takes a pass: finished columns are kept until they are the majority.
    if (evaluated.length === 0 || active.length * 2 <= evaluated.length) {
      evaluated = active;
      targets = gradient.targetsOf(evaluated.flatMap(({ columns }) => columns));
    }
    const values = evaluated[0].columns.length * width;
    const points = new Float64Array(evaluated.length * values);
    evaluated.forEach(({ point }, index) => points.set(point, index * values));
    const sums = await gradient.sum(points, targets, points.length / width, ranges);
    const still: Group[] = [];
    evaluated.forEach((group, index) => {
      if (!active.includes(group)) return;
      const gradient = sums.subarray(index * values, (index + 1) * values);
      for (let position = 0; position < values; position += 1) {
        const penalised = position % width !== data.size;
        gradient[position] = gradient[position] / rows + (penalised ? group.penalty * group.point[position] : 0);
      }
      const next = group.steps.next(gradient);
      if (next.done === true) {
        finish(group, next.value);
      } else {
        group.point = next.value;
        still.push(group);
      }
    });
    active = still;
  }
  fillConstants(data, weights, positives, rows, options.columns, usable);
  return { weights, evaluations, decrement };
}

function positivesOf({ targets, columns }: LogisticData, ranges: readonly RowRange[]): Float64Array {
  const positives = new Float64Array(columns);
  for (const [first, last] of ranges) {
    for (let row = first; row < last; row += 1) {
      for (let column = 0; column < columns; column += 1) positives[column] += targets[row * columns + column];
    }
  }
  return positives;
}

/** The given weights to start from, or those of a model that only knows the labels' frequencies. */
function startOf(
  data: LogisticData,
  columns: readonly number[],
  shares: readonly number[],
  given: Float64Array | undefined,
): Float64Array {
  const width = data.size + 1;
  const start = new Float64Array(columns.length * width);
  columns.forEach((column, index) => {
    if (given !== undefined) start.set(given.subarray(column * width, (column + 1) * width), index * width);
    else
      start[index * width + data.size] =
        Math.log(shares[index]) - (data.link === 'sigmoid' ? Math.log(1 - shares[index]) : 0);
  });
  return start;
}

/**
 * The diagonal of the inverse Hessian of the mean objective where all rows have the labels' shares p: p (1 - p) times
 * the features' mean squares, plus the penalty. Principal components are uncorrelated, so there it is the whole of it.
 */
function inverseHessian(data: LogisticData, shares: readonly number[], penalty: number): Float64Array {
  const width = data.size + 1;
  const inverse = new Float64Array(shares.length * width);
  shares.forEach((share, column) => {
    const curvature = share * (1 - share);
    for (let index = 0; index < data.size; index += 1) {
      inverse[column * width + index] = 1 / (curvature * data.variances[index] + penalty);
    }
    inverse[column * width + data.size] = 1 / curvature;
  });
  return inverse;
}

function fillConstants(
  data: LogisticData,
  weights: Float64Array,
  positives: Float64Array,
  rows: number,
  columns: readonly number[],
  usable: readonly number[],
): void {
  const width = data.size + 1;
  const intercept = (column: number) => column * width + data.size;
  // Softmax weights sum to zero over the columns, so the mean of the logits is the intercepts' mean in every row.
  const level = usable.reduce((sum, column) => sum + weights[intercept(column)], 0) / Math.max(1, usable.length);
  for (const column of columns) {
    if (data.link === 'sigmoid') {
      if (usable.includes(column)) continue;
      weights[intercept(column)] = Math.log((positives[column] + 0.5) / (rows - positives[column] + 0.5));
    } else if (positives[column] === 0) {
      weights[intercept(column)] = level + Math.log(0.5 / rows);
    }
  }
}
