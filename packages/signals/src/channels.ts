import { joinValues } from '@hearken/core/internal';
import { resample as resampleInJavaScript, type Resample } from './audio/resample.js';

/**
 * The channels of a signal, in order.
 *
 * @param signal `[channels, samples]`, row-major
 * @returns views, not copies; `joinValues` is the inverse
 */
export function splitChannels(signal: Float32Array, channels: number): Float32Array[] {
  const samples = signal.length / channels;
  return Array.from({ length: channels }, (_, channel) => signal.subarray(channel * samples, (channel + 1) * samples));
}

/**
 * Changes the sample rate of every channel of a signal.
 *
 * @param signal `[channels, samples]`, row-major; returned as it is if both rates are equal
 * @param from its rate in Hz, not always a whole number
 * @param to the desired rate in Hz
 * @param resample the resampler; default: plain JavaScript
 * @throws AudioError as {@link Resample}
 */
export async function resampleChannels(
  signal: Float32Array,
  channels: number,
  from: number,
  to: number,
  resample: Resample = resampleInJavaScript,
): Promise<Float32Array> {
  if (from === to) return signal;
  return joinValues(await Promise.all(splitChannels(signal, channels).map((channel) => resample(channel, from, to))));
}
