/** The largest step from zero; -128 is not used, so that both sides have the same steps. */
const largestStep = 127;

/**
 * The smallest normal number of 32 bits. The runtime treats smaller ones as zero, and so does the thread that has
 * started a session: without this bound, a matrix would depend on what its process had run before.
 */
const smallestNormal = 2 ** -126;

/** A matrix in 8 bits: `weight[input][output] * scales[output]`. */
export interface QuantizedMatrix {
  /** Row-major `[inputs, outputs]`, -127 to 127. */
  readonly weight: Int8Array;
  /** `[outputs]` */
  readonly scales: Float32Array;
}

/** An empty matrix, for {@link quantizeOutputs} to fill. */
export function emptyMatrix(outputs: number, inputs: number): QuantizedMatrix {
  return { weight: new Int8Array(inputs * outputs), scales: new Float32Array(outputs) };
}

/**
 * Quantises some outputs of a matrix, each in steps of its largest weight / 127, without an offset (symmetric
 * quantisation per channel: Krishnamoorthi 2018, arXiv 1806.08342, section 2). The scale is 0 for an output of zeros,
 * or if the step would be a denormal number.
 *
 * @param rows the weights of outputs `first` and up, row-major `[count, inputs]`
 * @returns false if a weight is NaN or infinite; the matrix is then unusable
 */
export function quantizeOutputs(matrix: QuantizedMatrix, first: number, rows: Float32Array, inputs: number): boolean {
  const count = rows.length / inputs;
  const steps = new Float64Array(count);
  for (let row = 0; row < count; row += 1) {
    const values = rows.subarray(row * inputs, (row + 1) * inputs);
    const largest = largestSize(values);
    if (!Number.isFinite(largest)) return false;
    const scale = largest / largestStep;
    if (scale < smallestNormal) continue;
    matrix.scales[first + row] = scale;
    steps[row] = largestStep / largest;
  }
  const outputs = matrix.scales.length;
  // In tiles: weights are contiguous along inputs in one array and along outputs in the other, so either plain order
  // would miss the cache.
  for (let tile = 0; tile < inputs; tile += tileSize) {
    const end = Math.min(inputs, tile + tileSize);
    for (let row = 0; row < count; row += 1) {
      const [step, source] = [steps[row], row * inputs];
      for (let input = tile, target = tile * outputs + first + row; input < end; input += 1, target += outputs) {
        // Rounds to nearest like Math.round, but five times as fast: the sum is positive, so | 0 is the floor.
        matrix.weight[target] = ((rows[source + input] * step + largestStep + 1.5) | 0) - (largestStep + 1);
      }
    }
  }
  return true;
}

const tileSize = 8;

/** The largest absolute value; NaN if there is a NaN or an infinity. */
function largestSize(values: Float32Array): number {
  let largest = 0;
  // Zero for every finite value.
  let poison = 0;
  for (const value of values) {
    poison += value * 0;
    const size = Math.abs(value);
    if (size > largest) largest = size;
  }
  return largest + poison;
}
