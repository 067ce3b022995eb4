import { resample } from '@hearken/signals/onnx';

/**
 * Changes the sample rate of every channel of a signal.
 *
 * @param signal `[channels, samples]`, row-major; returned as it is when both rates are equal
 * @param from its rate in Hz, not always a whole number
 * @param to the rate wanted, in Hz
 * @throws AudioError for rates that no filter can join
 */
export async function resampleChannels(
  signal: Float32Array,
  channels: number,
  from: number,
  to: number,
): Promise<Float32Array> {
  if (from === to) return signal;
  if (channels === 1) return resample(signal, from, to);
  const samples = signal.length / channels;
  const parts: Float32Array[] = [];
  for (let channel = 0; channel < channels; channel += 1) {
    parts.push(await resample(signal.subarray(channel * samples, (channel + 1) * samples), from, to));
  }
  const joined = new Float32Array(channels * parts[0].length);
  parts.forEach((part, channel) => {
    joined.set(part, channel * part.length);
  });
  return joined;
}
