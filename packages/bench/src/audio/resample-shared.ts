import { createResampler } from './resample.js';

/** Changes a signal's sample rate, as `resample` does; what else does it, such as one with a faster engine. */
export type Resample = (signal: Float32Array, from: number, to: number) => Promise<Float32Array>;

const shared = createResampler();

/**
 * Changes a signal's sample rate in plain JavaScript, with filters that are kept for the life of the process.
 * There is no delay: output `m` is the band-limited signal at `m / to` seconds.
 *
 * @param signal `[samples]`; returned as it is when both rates are equal
 * @param from its rate in Hz, not always a whole number
 * @param to the rate wanted, in Hz
 * @returns `[round(samples * to / from)]`
 * @throws AudioError for rates that no filter can join
 */
export function resample(signal: Float32Array, from: number, to: number): Promise<Float32Array> {
  return shared.resample(signal, from, to);
}
