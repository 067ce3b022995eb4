import type { Granule } from './side-info.js';
import { lines } from './spectrum.js';

const subbands = 32;
/** Number of lines per subband, and of samples. */
const width = 18;

/** Weights of the butterflies between subbands (ISO/IEC 11172-3, table B.9). */
const butterflies = [-0.6, -0.535, -0.33, -0.185, -0.095, -0.041, -0.0142, -0.0037].map((weight) => ({
  cosine: 1 / Math.sqrt(1 + weight * weight),
  sine: weight / Math.sqrt(1 + weight * weight),
}));

/** 36 values for 18 lines, and 12 for 6, line by line. */
const longTransform = transformOf(36);
const shortTransform = transformOf(12);

/** The windows of long blocks by type: normal, start, and stop (section 2.4.3.4.10.3). */
const windows = [0, 1, 2, 3].map((type) =>
  Float64Array.from({ length: 36 }, (_, index) => {
    const mirrored = type === 3 ? 35 - index : index;
    if (type === 0 || mirrored < 18) return Math.sin((Math.PI / 36) * (index + 0.5));
    if (mirrored < 24) return 1;
    return mirrored < 30 ? Math.sin((Math.PI / 12) * (mirrored - 18 + 0.5)) : 0;
  }),
);
const shortWindow = Float64Array.from({ length: 12 }, (_, index) => Math.sin((Math.PI / 12) * (index + 0.5)));

/** The second stage of layer III's filter bank, for one channel: turns each subband's lines into samples. */
export class Hybrid {
  private readonly overlap = new Float64Array(lines);
  private readonly block = new Float64Array(36);

  /**
   * @param spectrum lines in order of frequency; for short blocks, the three windows in turn; overwritten
   * @param count number of lines that may be non-zero
   * @param samples receives `[18][32]`: all subbands' values at consecutive times
   */
  run(spectrum: Float64Array, count: number, { blockType, mixed }: Granule, samples: Float64Array): void {
    const { overlap, block } = this;
    const short = blockType === 2;
    const joined = short ? (mixed ? 1 : 0) : subbands - 1;
    for (let band = 1; band <= joined; band += 1) smooth(spectrum, band * width);
    // The butterflies mix lines of neighbouring subbands.
    const used = Math.min(subbands, Math.ceil(count / width) + 1);
    for (let band = 0; band < subbands; band += 1) {
      const at = band * width;
      if (band >= used) block.fill(0);
      else if (short && !(mixed && band < 2)) shortBlocks(spectrum, at, block);
      else longBlock(spectrum, at, windows[short ? 0 : blockType], block);
      for (let index = 0; index < width; index += 1) {
        const value = block[index] + overlap[at + index];
        // Every other subband has its frequencies reversed.
        samples[index * subbands + band] = band & index & 1 ? -value : value;
        overlap[at + index] = block[width + index];
      }
    }
  }
}

/** Reorders lines of short blocks, which are stored window by window within a band, by frequency. */
export function interleaveWindows(
  spectrum: Float64Array,
  runs: readonly { readonly start: number; readonly end: number; readonly window: number }[],
): void {
  const band = new Float64Array(lines);
  for (let index = 0; index < runs.length; index += 1) {
    const { start, window } = runs[index];
    if (window !== 0) continue;
    const size = runs[index].end - start;
    band.set(spectrum.subarray(start, start + 3 * size));
    for (let line = 0; line < 3 * size; line += 1)
      spectrum[start + line] = band[(line % 3) * size + Math.floor(line / 3)];
  }
}

function smooth(spectrum: Float64Array, at: number): void {
  for (let index = 0; index < butterflies.length; index += 1) {
    const { cosine, sine } = butterflies[index];
    const below = spectrum[at - 1 - index];
    const above = spectrum[at + index];
    spectrum[at - 1 - index] = below * cosine - above * sine;
    spectrum[at + index] = above * cosine + below * sine;
  }
}

function longBlock(spectrum: Float64Array, at: number, window: Float64Array, block: Float64Array): void {
  block.fill(0);
  // Each half of the result is symmetric, the first one with opposite sign.
  for (let line = 0; line < width; line += 1) {
    const value = spectrum[at + line];
    if (value === 0) continue;
    const row = line * 36;
    for (let index = 0; index < 9; index += 1) block[index] += value * longTransform[row + index];
    for (let index = 18; index < 27; index += 1) block[index] += value * longTransform[row + index];
  }
  for (let index = 0; index < 9; index += 1) {
    block[17 - index] = -block[index];
    block[35 - index] = block[18 + index];
  }
  for (let index = 0; index < 36; index += 1) block[index] *= window[index];
}

function shortBlocks(spectrum: Float64Array, at: number, block: Float64Array): void {
  block.fill(0);
  for (let window = 0; window < 3; window += 1) {
    for (let index = 0; index < 12; index += 1) {
      let sum = 0;
      for (let line = 0; line < 6; line += 1)
        sum += spectrum[at + 3 * line + window] * shortTransform[line * 12 + index];
      block[6 + 6 * window + index] += sum * shortWindow[index];
    }
  }
}

/** cos(pi / 2n (2i + 1 + n / 2)(2k + 1)), line by line (section 2.4.3.4.10.2). */
function transformOf(size: number): Float64Array {
  return Float64Array.from({ length: (size * size) / 2 }, (_, index) => {
    const line = Math.floor(index / size);
    const place = index % size;
    return Math.cos((Math.PI / (2 * size)) * (2 * place + 1 + size / 2) * (2 * line + 1));
  });
}
