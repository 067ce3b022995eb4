import type { SignalBatch } from '../signals.js';
import { SampleBuffer } from './sample-buffer.js';

/** A window of a signal. */
export interface SignalWindow {
  /** Its first sample, counted from the start of the signal. */
  readonly start: number;
  /** The window as a batch of one signal, in memory of its own. */
  readonly signal: SignalBatch;
}

/** Which windows to cut, in samples. */
export interface WindowCuts {
  /** Length of a window. */
  readonly length: number;
  /** Samples from the start of one window to that of the next; 1 to `length`. */
  readonly hop: number;
}

/**
 * Cuts a signal into windows while it arrives, and keeps no more of it than a window. All windows have the same length:
 * where the signal does not end with a window, one more ends with the signal and overlaps the one before. A signal that
 * is shorter than a window is one window of its own length.
 *
 * @param chunks of the signal, each `[channels, samples]`
 */
export async function* cutWindows(
  chunks: AsyncIterable<Float32Array> | Iterable<Float32Array>,
  channels: number,
  { length, hop }: WindowCuts,
): AsyncGenerator<SignalWindow, void> {
  const buffer = new SampleBuffer(channels);
  let next = 0;
  for await (const chunk of chunks) {
    buffer.append(chunk, 0, chunk.length / channels);
    for (; next + length <= buffer.end; next += hop) yield windowAt(buffer, next, length);
    // The last window ends with the signal, which may be now.
    buffer.dropBefore(Math.min(next, buffer.end - length));
  }
  const covered = next === 0 ? 0 : next - hop + length;
  if (covered >= buffer.end) return;
  const start = Math.max(0, buffer.end - length);
  yield windowAt(buffer, start, buffer.end - start);
}

function windowAt(buffer: SampleBuffer, start: number, length: number): SignalWindow {
  const { signals, start: origin } = buffer.stretch();
  const { data, channels, samples } = signals;
  const window = new Float32Array(channels * length);
  for (let channel = 0; channel < channels; channel += 1) {
    const from = channel * samples + start - origin;
    window.set(data.subarray(from, from + length), channel * length);
  }
  return { start, signal: { data: window, count: 1, channels, samples: length } };
}
