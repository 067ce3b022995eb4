import { createNodeSession } from '@hearken/onnx/node';
import { createResampler } from './resample.js';
import { sessionEngine } from './resample-session.js';

// One thread, because clips are resampled while the model uses the other cores.
const shared = createResampler(sessionEngine((model) => createNodeSession(model, { threads: 1 })));

/**
 * Changes a signal's sample rate on Node.js, with filters that are cached for the life of the process. There is no
 * delay: output `m` is the band-limited signal at `m / to` seconds.
 *
 * @param signal `[samples]`; returned as it is when both rates are equal
 * @param from its rate in Hz, not always a whole number
 * @param to the desired rate in Hz
 * @returns `[round(samples * to / from)]`
 * @throws AudioError for unsupported rates
 */
export function resample(signal: Float32Array, from: number, to: number): Promise<Float32Array> {
  return shared.resample(signal, from, to);
}

/** Like {@link resample}, for a signal in pieces, each with one array per channel. */
export function resamplePieces(
  pieces: AsyncIterable<readonly Float32Array[]>,
  from: number,
  to: number,
): AsyncGenerator<readonly Float32Array[], void, undefined> {
  return shared.resamplePieces(pieces, from, to);
}
