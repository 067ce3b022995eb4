import { AudioError } from '@hearken/core';
import { joinValues } from '@hearken/core/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResampler, resampledLength } from '../../src/audio/resample.js';
import { loopEngine } from '../../src/audio/resample-loops.js';
import { resample as resampleOnNode, resamplePieces as resamplePiecesOnNode } from '../../src/audio/resample.node.js';

const resampleInJavaScript = (signal: Float32Array, from: number, to: number) =>
  createResampler(loopEngine).resample(signal, from, to);

const resamplePiecesInJavaScript: typeof resamplePiecesOnNode = (pieces, from, to) =>
  createResampler(loopEngine).resamplePieces(pieces, from, to);

/** A sine sweep from 20 Hz to `highest`, a second long, as its formula says at any rate. */
function sweep(rate: number, highest: number, seconds = 1): Float32Array {
  return Float32Array.from({ length: Math.floor(rate * seconds) }, (_, index) => {
    const time = index / rate;
    return 0.7 * Math.sin(2 * Math.PI * (20 * time + ((highest - 20) * time * time) / 2));
  });
}

/** A sine sweep from 0 Hz to `highest` over some seconds. */
function chirp(rate: number, highest: number, seconds: number): Float32Array {
  return Float32Array.from({ length: Math.floor(rate * seconds) }, (_, index) => {
    const time = index / rate;
    return 0.7 * Math.sin((Math.PI * highest * time * time) / seconds);
  });
}

/** The largest difference, but for a twentieth of the signal at either end. */
function worstInside(left: Float32Array, right: Float32Array): number {
  const edge = Math.ceil(left.length / 20);
  let worst = 0;
  for (let index = edge; index < left.length - edge; index += 1) {
    worst = Math.max(worst, Math.abs(left[index] - right[index]));
  }
  return worst;
}

const bytesOf = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

describe.each([
  ['loops', resampleInJavaScript, resamplePiecesInJavaScript],
  ['a session', resampleOnNode, resamplePiecesOnNode],
])('resample with %s', (_, resample, resamplePieces) => {
  it.each([
    [8000, 32000],
    [16000, 32000],
    [44100, 16000],
    [44100, 32000],
    [48000, 32000],
    [22050, 16000],
    [11025, 32000],
  ])('moves a sweep from %i Hz to %i Hz to within 1e-4, without delay', async (from, to) => {
    const highest = 0.9 * (Math.min(from, to) / 2);
    const resampled = await resample(sweep(from, highest), from, to);
    expect(resampled).toHaveLength(to);
    expect(worstInside(resampled, sweep(to, highest))).toBeLessThan(1e-4);
  });

  it('removes what the lower rate cannot hold', async () => {
    const tone = Float32Array.from({ length: 48000 }, (_, index) => Math.sin((2 * Math.PI * 9000 * index) / 48000));
    const resampled = await resample(tone, 48000, 16000);
    expect(worstInside(resampled, new Float32Array(16000))).toBeLessThan(2e-5);
  });

  it('keeps a constant exactly, and a click where it was', async () => {
    const constant = await resample(new Float32Array(8000).fill(0.25), 8000, 44100);
    expect(worstInside(constant, new Float32Array(44100).fill(0.25))).toBeLessThan(1e-6);
    const click = new Float32Array(8000);
    click[3000] = 1;
    const moved = await resample(click, 8000, 32000);
    expect(moved.indexOf(Math.max(...moved))).toBe(12000);
  });

  it('gives the same for a long signal as for its parts', async () => {
    const long = Float32Array.from({ length: 200_000 }, (_, index) => Math.sin(index * index * 1e-5));
    const whole = await resample(long, 16000, 24000);
    const part = await resample(long.subarray(100_000, 110_000), 16000, 24000);
    expect(worstInside(part, whole.subarray(150_000, 165_000))).toBeLessThan(1e-6);
  });

  it('gives the same in pieces, to the bit', async () => {
    for (const [from, to, seconds] of [
      // More than one of a session's blocks.
      [44_100, 16_000, 55],
      [8000, 32_000, 3],
      [44_099.5, 8000, 3],
      [16_000, 16_000, 3],
    ]) {
      const first = sweep(from, from / 3, seconds).subarray(7);
      const signals = [first, first.map((value) => -value / 3)];
      const sizes = [1, 700 * seconds, 0, 12_345 * seconds, 999];
      async function* pieces() {
        for (let start = 0, index = 0; start < signals[0].length; index += 1) {
          const end = start + sizes[index % sizes.length];
          yield signals.map((signal) => signal.slice(start, end));
          start = end;
          await Promise.resolve();
        }
      }
      const found = [];
      for await (const piece of resamplePieces(pieces(), from, to)) found.push(piece);
      for (const [channel, signal] of signals.entries()) {
        const whole = await resample(signal, from, to);
        const joined = joinValues(found.map((piece) => piece[channel]));
        expect(joined).toHaveLength(whole.length);
        expect(Buffer.compare(bytesOf(joined), bytesOf(whole))).toBe(0);
      }
    }
  });

  it('handles rates with a large numerator, and a single sample', async () => {
    expect(await resample(new Float32Array(100), 257, 500)).toHaveLength(Math.round((100 * 500) / 257));
    expect(await resample(Float32Array.of(1), 48000, 8000)).toHaveLength(1);
    expect(await resample(new Float32Array(0), 48000, 8000)).toHaveLength(0);
  });

  it.each([
    [0, 8000],
    [8000, NaN],
    [8000, -1],
    [Infinity, 8000],
    [1, 5000],
  ])('refuses %d Hz to %d Hz', async (from, to) => {
    await expect(resample(new Float32Array(8), from, to)).rejects.toThrow(AudioError);
  });
});

describe('resampling', () => {
  it('agrees between loops and session at any length', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.float32Array({ min: -1, max: 1, noNaN: true, minLength: 1, maxLength: 3000 }),
        fc.constantFrom([8000, 32000], [44100, 16000], [500, 360], [32000, 48000], [96000, 8000]),
        async (signal, [from, to]) => {
          const expected = await resampleInJavaScript(signal, from, to);
          const found = await resampleOnNode(signal, from, to);
          expect(found).toHaveLength(resampledLength(signal.length, from, to));
          const worst = found.reduce((most, value, index) => Math.max(most, Math.abs(value - expected[index])), 0);
          expect(worst).toBeLessThan(2e-6);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    [499.31, 500],
    [600.615, 500],
    [62.4725, 500],
    [250.350_490_686_961_73, 500],
    [44_055.944_055_944, 16_000],
    [16_000, 44_055.944_055_944],
    [Math.PI * 1000, Math.E * 1000],
    [44_101, 44_100],
    [15.5, 1000],
  ])('moves a sweep from %d Hz to %d Hz, whose ratio no table of phases has', async (from, to) => {
    const highest = 0.9 * (Math.min(from, to) / 2);
    // So long that a twentieth of it is more than the filter's reach.
    const seconds = Math.max(1, Math.ceil(1800 / Math.min(from, to)));
    const [before, after] = [chirp(from, highest, seconds), chirp(to, highest, seconds)];
    const resampled = await resampleInJavaScript(before, from, to);
    expect(Math.abs(resampled.length - after.length)).toBeLessThanOrEqual(Math.ceil(to / from));
    expect(worstInside(resampled, after.subarray(0, resampled.length))).toBeLessThan(1e-4);
  });

  it('has the same values for a rate that is a hair off a whole number', async () => {
    const signal = sweep(8000, 3000);
    const exact = await resampleInJavaScript(signal, 8000, 16_000);
    const near = await resampleInJavaScript(signal, 8000.000_000_01, 16_000);
    expect(worstInside(exact, near)).toBeLessThan(3e-6);
  });

  it('refuses a result of many times the memory', async () => {
    const signal = new Float32Array(2 ** 21);
    await expect(resampleInJavaScript(signal, 64, 16_000)).rejects.toThrow(/524288000 samples, more than/);
  });

  it('returns the signal itself at its own rate', async () => {
    const signal = Float32Array.of(1, 2, 3);
    expect(await resampleOnNode(signal, 8000, 8000)).toBe(signal);
  });

  it('designs a filter once for many signals', async () => {
    let prepared = 0;
    const resampler = createResampler((filter) => {
      prepared += 1;
      return loopEngine(filter);
    });
    await Promise.all([1, 2, 3].map(() => resampler.resample(new Float32Array(10), 8000, 16000)));
    expect(prepared).toBe(1);
  });
});
