import type { MpegHeader } from '../../containers/mpeg-header.js';
import type { BandRun } from './spectrum.js';
import type { ScaleFactors } from './scale-factors.js';

const half = Math.SQRT1_2;

/**
 * Reconstructs left and right from mid and side, or from one channel and its direction (ISO/IEC 11172-3, section
 * 2.4.3.4.9; 13818-3, section 2.4.3.2). Lines are in coded order.
 *
 * @param runs the bands of the right channel
 * @param factors its scale factors, which are directions in bands without lines
 * @param scale which of MPEG 2's two scales the directions have
 */
export function joinStereo(
  header: MpegHeader,
  left: Float64Array,
  right: Float64Array,
  runs: readonly BandRun[],
  factors: ScaleFactors,
  scale: number,
): void {
  if (header.mode !== 1) return;
  const middle = (header.modeExtension & 2) !== 0;
  const intensity = (header.modeExtension & 1) !== 0;
  if (!intensity) {
    if (middle) rotate(left, right, 0, left.length);
    return;
  }
  const bound = silentFrom(right, runs);
  runs.forEach((run, index) => {
    const { start, end, window } = run;
    const last = index >= runs.length - (window < 0 ? 1 : 3);
    // The last band has no scale factor.
    const place = last ? runs[index - (window < 0 ? 1 : 3)].factor : run.factor;
    const position = factors.values[place];
    if (index >= bound[window + 1] && position !== factors.illegal[place]) {
      const [toLeft, toRight] = header.version === 1 ? firstRatios(position) : secondRatios(position, scale);
      for (let line = start; line < end; line += 1) {
        right[line] = left[line] * toRight;
        left[line] *= toLeft;
      }
    } else if (middle) rotate(left, right, start, end);
  });
}

function rotate(left: Float64Array, right: Float64Array, start: number, end: number): void {
  for (let line = start; line < end; line += 1) {
    const sum = left[line];
    const difference = right[line];
    left[line] = (sum + difference) * half;
    right[line] = (sum - difference) * half;
  }
}

/** The band from which on the right channel is silent: for long blocks, and for each window. */
function silentFrom(right: Float64Array, runs: readonly BandRun[]): number[] {
  const bound = [0, 0, 0, 0];
  runs.forEach(({ start, end, window }, index) => {
    for (let line = start; line < end; line += 1) {
      if (right[line] === 0) continue;
      bound[window + 1] = index + 1;
      // Long bands below short ones have directions only if all windows are silent.
      if (window >= 0) bound[0] = runs.length;
      break;
    }
  });
  return bound;
}

function firstRatios(position: number): [number, number] {
  const ratio = Math.tan((position * Math.PI) / 12);
  return position === 6 ? [1, 0] : [ratio / (1 + ratio), 1 / (1 + ratio)];
}

function secondRatios(position: number, scale: number): [number, number] {
  const ratio = (scale === 1 ? Math.SQRT1_2 : Math.SQRT1_2 ** 0.5) ** Math.ceil(position / 2);
  return position % 2 === 1 ? [ratio, 1] : [1, ratio];
}
