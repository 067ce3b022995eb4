import type { SignalStretch } from '@hearken/core/streaming';

/** Number of windows centred on samples 0, `hop`, 2 `hop`, ... whose centre is inside a signal of `samples` samples. */
export function centredWindowCount(samples: number, hop: number): number {
  return Math.floor((samples - 1) / hop) + 1;
}

/**
 * Copies the window of one signal that begins at sample `start` into `target` `[channels, length]`. The signals end
 * where the part ends, and begin with it or before what the window needs.
 *
 * @param start negative or too close to the end if the window extends beyond the signal
 * @param beyond what replaces samples outside the signal: the signal mirrored at its ends as often as necessary, or zeros
 */
export function fillWindow(
  { signals, start: origin }: SignalStretch,
  signal: number,
  start: number,
  target: Float32Array,
  beyond: 'mirrored' | 'zeros',
): void {
  const { data, channels, samples } = signals;
  const length = target.length / channels;
  const begin = start - origin;
  const first = Math.min(length, Math.max(0, -begin));
  const last = Math.max(first, Math.min(length, samples - begin));
  for (let channel = 0; channel < channels; channel += 1) {
    const row = target.subarray(channel * length, (channel + 1) * length);
    const source = data.subarray((signal * channels + channel) * samples, (signal * channels + channel + 1) * samples);
    row.set(source.subarray(begin + first, begin + last), first);
    for (const [from, to] of [
      [0, first],
      [last, length],
    ]) {
      if (beyond === 'zeros') row.fill(0, from, to);
      else {
        for (let position = from; position < to; position += 1) {
          row[position] = source[mirrored(start + position, origin + samples) - origin];
        }
      }
    }
  }
}

/** The sample that replaces one outside the signal. */
function mirrored(index: number, samples: number): number {
  const period = 2 * (samples - 1);
  const folded = Math.abs(index) % period;
  return folded < samples ? folded : period - folded;
}

/**
 * The mean embedding of each signal over its windows, summed in double precision.
 *
 * @param embeddings `[signals, windows, size]`
 * @returns `[signals, size]`; `embeddings` itself if there is only one window
 */
export function meanOverWindows(embeddings: Float32Array, windows: number, size: number): Float32Array {
  if (windows === 1) return embeddings;
  const means = new Float32Array(embeddings.length / windows);
  const sums = new Float64Array(size);
  for (let signal = 0; signal * size < means.length; signal += 1) {
    sums.fill(0);
    for (let window = 0; window < windows; window += 1) {
      const offset = (signal * windows + window) * size;
      for (let position = 0; position < size; position += 1) sums[position] += embeddings[offset + position];
    }
    for (let position = 0; position < size; position += 1) means[signal * size + position] = sums[position] / windows;
  }
  return means;
}
