import { interpolationMatrix } from '@hearken/onnx';

/** Patches along frequency and time. */
export interface PatchGrid {
  readonly frequencies: number;
  readonly times: number;
}

/**
 * Positions for another number of patches along time, computed as in AST (Gong et al. 2021, arXiv 2104.01778, section
 * 2.2; `ast_models.py`): fewer are cut from the middle of the stored ones, more are interpolated linearly. The learnt
 * tokens' positions, in front, stay.
 *
 * @param stored `[learnt tokens + frequencies * stored.times, width]`, row-major
 * @returns `[learnt tokens + frequencies * times, width]`
 */
export function resamplePositions(
  stored: Float32Array,
  grid: PatchGrid,
  times: number,
  width: number,
  learntTokens = 2,
): Float32Array {
  const resampled = new Float32Array((learntTokens + grid.frequencies * times) * width);
  resampled.set(stored.subarray(0, learntTokens * width));
  const weights = times < grid.times ? middleMatrix(grid.times, times) : interpolationMatrix(grid.times, times);
  for (let frequency = 0; frequency < grid.frequencies; frequency += 1) {
    for (let time = 0; time < times; time += 1) {
      const target = (learntTokens + frequency * times + time) * width;
      for (let from = 0; from < grid.times; from += 1) {
        const share = weights[from * times + time];
        if (share === 0) continue;
        const source = (learntTokens + frequency * grid.times + from) * width;
        for (let index = 0; index < width; index += 1) resampled[target + index] += share * stored[source + index];
      }
    }
  }
  return resampled;
}

/**
 * Positions for another number of patches along time, as Patch-Mix's authors make them from those of AST (`models/ast.py`):
 * as many columns from the middle as there are frequencies, whose rows are interpolated to `times`. They take time for
 * frequency; in the published weights, which were trained so, patch i has what ends up in row i.
 *
 * @param stored `[learnt tokens + frequencies * stored.times, width]`, row-major
 * @returns `[learnt tokens + frequencies * times, width]`
 */
export function transposedPositions(
  stored: Float32Array,
  { frequencies, times: storedTimes }: PatchGrid,
  times: number,
  width: number,
  learntTokens = 2,
): Float32Array {
  // `[frequencies, frequencies]`: the middle columns.
  const cut = resamplePositions(stored, { frequencies, times: storedTimes }, frequencies, width, learntTokens);
  const made = new Float32Array((learntTokens + frequencies * times) * width);
  made.set(stored.subarray(0, learntTokens * width));
  const weights = interpolationMatrix(frequencies, times);
  const row = frequencies * width;
  for (let time = 0; time < times; time += 1) {
    const target = learntTokens * width + time * row;
    for (let from = 0; from < frequencies; from += 1) {
      const share = weights[from * times + time];
      if (share === 0) continue;
      const source = learntTokens * width + from * row;
      for (let index = 0; index < row; index += 1) made[target + index] += share * cut[source + index];
    }
  }
  return made;
}

/** `[from, to]`: picks the `to` columns around the middle of `from`. */
function middleMatrix(from: number, to: number): Float32Array {
  const matrix = new Float32Array(from * to);
  const start = Math.floor(from / 2) - Math.floor(to / 2);
  for (let column = 0; column < to; column += 1) matrix[(start + column) * to + column] = 1;
  return matrix;
}
