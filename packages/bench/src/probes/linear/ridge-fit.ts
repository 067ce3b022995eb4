/** Rows and their targets in the coordinates of the rows' principal components. */
export interface RidgeData {
  /** Centred and uncorrelated: `[count, size]`. */
  readonly features: Float32Array;
  /** Mean square of each feature: `[size]`. */
  readonly variances: Float64Array;
  /** Centred: `[count, outputs]`. */
  readonly targets: Float64Array;
  readonly count: number;
  readonly size: number;
  readonly outputs: number;
}

/** Penalties to try, divided by the number of rows: three per power of ten from 1e-5 to 1e4. */
export const penaltyGrid: readonly number[] = Array.from({ length: 28 }, (_, index) => 10 ** (-5 + index / 3));

/** Rows for choosing the penalty, in the coordinates of {@link RidgeData}. */
export type HeldOut = Pick<RidgeData, 'features' | 'targets' | 'count'>;

/**
 * Chooses each output's penalty: the one with the lowest squared error on rows that the weights were not fitted to; if
 * several are equal, the largest.
 *
 * @returns penalties divided by the number of rows: `[outputs]`
 */
export async function choosePenalties(data: RidgeData, heldOut: HeldOut, abortSignal?: AbortSignal): Promise<number[]> {
  const { outputs } = data;
  const moments = targetMoments(data);
  const best = new Array<number>(outputs).fill(penaltyGrid[penaltyGrid.length - 1]);
  const least = new Array<number>(outputs).fill(Infinity);
  for (const penalty of penaltyGrid.toReversed()) {
    // Yields to the event loop, so that an interrupt is handled.
    await new Promise((resolve) => setTimeout(resolve, 0));
    abortSignal?.throwIfAborted();
    heldOutErrors(data, moments, penalty, heldOut).forEach((error, output) => {
      if (!(error < least[output])) return;
      least[output] = error;
      best[output] = penalty;
    });
  }
  return best;
}

/** Squared error of each output on held-out rows. The features are uncorrelated, so each weight takes one division. */
function heldOutErrors(
  { variances, size, outputs }: RidgeData,
  moments: Float64Array,
  penalty: number,
  { features, targets, count }: HeldOut,
): Float64Array {
  const weights = moments.map((moment, index) => moment / (variances[index % size] + penalty));
  const errors = new Float64Array(outputs);
  for (let row = 0; row < count; row += 1) {
    const rowFeatures = features.subarray(row * size, (row + 1) * size);
    for (let output = 0; output < outputs; output += 1) {
      let residual = targets[row * outputs + output];
      for (let index = 0; index < size; index += 1) residual -= rowFeatures[index] * weights[output * size + index];
      errors[output] += residual ** 2;
    }
  }
  return errors;
}

/** Mean products of targets and features: `[outputs, size]`. */
function targetMoments({ features, targets, count, size, outputs }: RidgeData): Float64Array {
  const moments = new Float64Array(outputs * size);
  for (let row = 0; row < count; row += 1) {
    for (let output = 0; output < outputs; output += 1) {
      const target = targets[row * outputs + output] / count;
      for (let index = 0; index < size; index += 1) {
        moments[output * size + index] += target * features[row * size + index];
      }
    }
  }
  return moments;
}

const mostRefinements = 20;
/** The refinement ends when no step is larger than this in standardised units. */
const converged = 1e-9;

/**
 * The weights with the lowest squared error plus penalty. First the closed form for uncorrelated features; as the
 * features are uncorrelated only up to rounding, gradient steps scaled by it follow until nothing changes.
 *
 * @param penalties divided by the number of rows: `[outputs]`
 * @returns `[outputs, size + 1]`, the intercept last in each output
 */
export function fitRidge(data: RidgeData, penalties: readonly number[]): Float64Array {
  const { features, variances, targets, count, size, outputs } = data;
  const stride = size + 1;
  const weights = new Float64Array(outputs * stride);
  const residuals = targets.slice();
  for (let step = 0; step < mostRefinements; step += 1) {
    const moments = targetMoments({ ...data, targets: residuals });
    let largest = 0;
    for (let output = 0; output < outputs; output += 1) {
      for (let index = 0; index < size; index += 1) {
        const gradient = moments[output * size + index] - penalties[output] * weights[output * stride + index];
        const change = gradient / (variances[index] + penalties[output]);
        weights[output * stride + index] += change;
        largest = Math.max(largest, Math.abs(change) * Math.sqrt(variances[index]));
      }
    }
    for (let output = 0; output < outputs; output += 1) {
      let mean = 0;
      for (let row = 0; row < count; row += 1) {
        let residual = targets[row * outputs + output];
        for (let index = 0; index < size; index += 1) {
          residual -= features[row * size + index] * weights[output * stride + index];
        }
        residuals[row * outputs + output] = residual;
        mean += residual / count;
      }
      weights[output * stride + size] = mean;
      for (let row = 0; row < count; row += 1) residuals[row * outputs + output] -= mean;
    }
    if (largest <= converged) break;
  }
  return weights;
}
