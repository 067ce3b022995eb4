import { AudioError } from '@hearken/core';
import { designPolyphaseFilter, type FilterRun, type ResampleEngine, resampledLength } from './resample-filter.js';
import { kernelRun } from './resample-kernel.js';
import { loopEngine } from './resample-loops.js';
import { runPieces } from './resample-pieces.js';

export { resampledLength };

const maximumRatio = 4096;
/**
 * The most values of a result that is many times longer than its signal, as for a small file with a very low rate: 1
 * GiB.
 */
const maximumLength = 2 ** 28;
const manyTimes = 8;
/** The most values of any result: 4 GiB. */
const largestLength = 2 ** 30;

/** Caches its filters, so that many clips with the same rates cost one filter design. */
export interface Resampler {
  /**
   * Changes a signal's sample rate. There is no delay: output `m` is the band-limited signal at `m / to` seconds,
   * with zeros before the first sample and after the last.
   * Flat to 0.913 of the lower Nyquist frequency, 100 dB down above it.
   *
   * @param signal `[samples]`; returned as it is when both rates are equal
   * @param from its rate in Hz, not always a whole number: devices have 499.31 Hz and the like
   * @param to the desired rate in Hz
   * @returns `[round(samples * to / from)]`, halves rounded up, see {@link resampledLength}
   * @throws AudioError for invalid rates, rates that differ by a factor over 4096, and results that would take too much
   *   memory
   */
  resample(signal: Float32Array, from: number, to: number): Promise<Float32Array>;
  /**
   * Changes the sample rate of a signal that comes in pieces: joined, the results are bit-identical to `resample` on
   * each whole channel. At most two pieces and a few seconds are kept.
   *
   * @param pieces one array per channel each, `[samples]`, all of the same length
   * @param from its rate in Hz
   * @param to the desired rate in Hz
   * @throws AudioError for invalid rates, and rates that differ by a factor over 4096
   */
  resamplePieces(
    pieces: AsyncIterable<readonly Float32Array[]>,
    from: number,
    to: number,
  ): AsyncGenerator<readonly Float32Array[], void, undefined>;
}

/** A resampler with its own filter cache; in plain JavaScript by default. */
export function createResampler(engine: ResampleEngine = loopEngine): Resampler {
  const runs = new Map<string, Promise<FilterRun>>();
  const runOf = (from: number, to: number) => {
    const rates = `${from}:${to}`;
    let run = runs.get(rates);
    if (run === undefined) {
      run = Promise.resolve().then(() => {
        const filter = designPolyphaseFilter(from, to);
        return filter === undefined ? kernelRun(from, to) : engine(filter);
      });
      // A failed design is not cached.
      run.catch(() => runs.delete(rates));
      runs.set(rates, run);
    }
    return run;
  };
  return {
    async resample(signal, from, to) {
      if (from === to || signal.length === 0) return signal;
      checkRates(from, to);
      const length = resampledLength(signal.length, from, to);
      checkLength(signal.length, length, from, to);
      const run = await runOf(from, to);
      const output = new Float32Array(length);
      for (let first = 0; first < length; first += run.blockOutputs) {
        const block = output.subarray(first, first + run.blockOutputs);
        await run.run({ samples: signal, start: 0 }, first, block);
      }
      return output;
    },
    async *resamplePieces(pieces, from, to) {
      if (from === to) {
        yield* pieces;
        return;
      }
      checkRates(from, to);
      yield* runPieces(await runOf(from, to), pieces, from, to);
    },
  };
}

/** Changes a signal's sample rate, see {@link Resampler}. */
export type Resample = Resampler['resample'];

let shared: Resampler | undefined;

/** {@link Resampler} in plain JavaScript, with filters that are cached for the life of the process or page. */
export const resample: Resample = (signal, from, to) => {
  shared ??= createResampler();
  return shared.resample(signal, from, to);
};

function checkRates(from: number, to: number): void {
  const asked = `resampling from ${from} Hz to ${to} Hz`;
  const bad = [from, to].find((rate) => !(rate > 0 && Number.isFinite(rate)));
  if (bad !== undefined) throw new AudioError({ asked, found: `a rate of ${bad}`, fix: 'pass positive rates in Hz' });
  if (Math.max(from / to, to / from) <= maximumRatio) return;
  throw new AudioError({
    asked,
    found: `rates that differ by a factor over ${maximumRatio}`,
    fix: 'check the rate in the file',
  });
}

function checkLength(samples: number, length: number, from: number, to: number): void {
  if (length <= maximumLength || (length <= manyTimes * samples && length <= largestLength)) return;
  throw new AudioError({
    asked: `resampling ${samples} samples from ${from} Hz to ${to} Hz`,
    found: `${length} samples, more than ${length <= manyTimes * samples ? largestLength : maximumLength}`,
    fix: 'check the rate in the file, or cut it into parts',
  });
}
