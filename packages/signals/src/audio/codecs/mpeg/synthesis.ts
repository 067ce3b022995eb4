import { synthesisWindow } from './synthesis-window.js';

/** 1 / (2 cos((2k + 1) pi / 2N)) for transforms of N = 2 to 32. */
const factors = new Map(
  [2, 4, 8, 16, 32].map((size) => [
    size,
    Float64Array.from({ length: size / 2 }, (_, index) => 0.5 / Math.cos(((2 * index + 1) * Math.PI) / (2 * size))),
  ]),
);

/** The filter bank that turns 32 subbands into 32 samples (ISO/IEC 11172-3, section 2.4.3.2.2). */
export class Synthesis {
  /** The last sixteen vectors of 64 values, the newest at `offset`. */
  private readonly vectors = new Float64Array(1024);
  private offset = 0;
  private readonly cosines = new Float64Array(32);
  private readonly scratch = new Float64Array(64);
  private readonly sums = new Float64Array(32);

  /**
   * @param subbands 32 values, overwritten
   * @param at where the 32 samples go
   */
  run(subbands: Float64Array, samples: Float32Array, at: number): void {
    const { vectors, cosines } = this;
    cosineTransform(subbands, 0, cosines, 0, 32, this.scratch, 0);
    this.offset = (this.offset + 960) % 1024;
    const { offset } = this;
    // The sum over k of cos((16 + i)(2k + 1) pi / 64) is one of 32 cosine sums, or its negative.
    for (let index = 0; index < 16; index += 1) {
      vectors[offset + index] = cosines[16 + index];
      vectors[offset + 17 + index] = -cosines[31 - index];
      vectors[offset + 33 + index] = -cosines[15 - index];
      if (index > 0) vectors[offset + 48 + index] = -cosines[index];
    }
    vectors[offset + 16] = 0;
    const { sums } = this;
    sums.fill(0);
    for (let index = 0; index < 8; index += 1) {
      const vector = (offset + index * 128) & 1023;
      const next = ((vector + 64) & 1023) + 32;
      const weight = index * 64;
      for (let sample = 0; sample < 32; sample += 1) {
        sums[sample] +=
          vectors[vector + sample] * synthesisWindow[weight + sample] +
          vectors[next + sample] * synthesisWindow[weight + 32 + sample];
      }
    }
    samples.set(sums, at);
  }
}

/**
 * Sums of cos(m (2k + 1) pi / 2N) over k, by halving (Lee, "A new algorithm to compute the discrete cosine transform",
 * 1984). The input is overwritten.
 */
function cosineTransform(
  input: Float64Array,
  from: number,
  output: Float64Array,
  to: number,
  size: number,
  scratch: Float64Array,
  free: number,
): void {
  if (size === 1) {
    output[to] = input[from];
    return;
  }
  const half = size / 2;
  const weights = factors.get(size) as Float64Array;
  for (let index = 0; index < half; index += 1) {
    const first = input[from + index];
    const last = input[from + size - 1 - index];
    scratch[free + index] = first + last;
    scratch[free + half + index] = (first - last) * weights[index];
  }
  // The results of both halves are stored one after another, and then interleaved.
  cosineTransform(scratch, free, input, from, half, output, to);
  cosineTransform(scratch, free + half, input, from + half, half, output, to);
  for (let index = 0; index < half; index += 1) {
    output[to + 2 * index] = input[from + index];
    output[to + 2 * index + 1] = input[from + half + index] + (index + 1 < half ? input[from + half + index + 1] : 0);
  }
}
