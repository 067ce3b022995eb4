import { designPolyphaseFilter, type FilterRun, type ResampleEngine } from './resample-filter.js';
import { loopEngine } from './resample-loops.js';

/** Keeps its filters, so that many clips of the same rates cost one design. */
export interface Resampler {
  /**
   * Changes a signal's sample rate. There is no delay: output `m` is the band-limited signal at `m / to` seconds,
   * with zeros before the first sample and after the last.
   * Flat to 0.913 of the lower Nyquist frequency, 100 dB down above it.
   *
   * @param signal `[samples]`; returned as it is when both rates are equal
   * @param from its rate, a whole number of Hz
   * @param to the rate wanted, a whole number of Hz
   * @returns `[round(samples * to / from)]`, halves rounded up, see {@link resampledLength}
   * @throws AudioError for rates that no filter can join
   */
  resample(signal: Float32Array, from: number, to: number): Promise<Float32Array>;
}

/** A resampler with its own filters; plain JavaScript unless told otherwise. */
export function createResampler(engine: ResampleEngine = loopEngine): Resampler {
  const runs = new Map<string, Promise<FilterRun>>();
  return {
    async resample(signal, from, to) {
      if (from === to || signal.length === 0) return signal;
      const rates = `${from}:${to}`;
      let run = runs.get(rates);
      if (run === undefined) {
        run = Promise.resolve().then(() => engine(designPolyphaseFilter(from, to)));
        // A failed design is not kept.
        run.catch(() => runs.delete(rates));
        runs.set(rates, run);
      }
      return (await run)(signal, resampledLength(signal.length, from, to));
    },
  };
}

/** Samples after resampling: `round(samples * to / from)`, and never none of some. */
export function resampledLength(samples: number, from: number, to: number): number {
  return samples === 0 ? 0 : Math.max(1, Math.round((samples * to) / from));
}
