import type { SignalStretch } from '@hearken/core/streaming';

/** Where the windows of a scene begin: every `hop` samples, with the last one moved back to end with the scene. */
export function sceneStarts(samples: number, window: number, hop: number): number[] {
  if (samples <= window) return [0];
  const count = Math.ceil((samples - window) / hop) + 1;
  return Array.from({ length: count }, (_, index) => Math.min(index * hop, samples - window));
}

/** Number of timestamps whose centre is inside a signal of `samples` samples. */
export function timestampCount(samples: number, hop: number): number {
  return Math.floor((samples - 1) / hop) + 1;
}

/**
 * Copies the window of one signal that begins at sample `start` into `target` `[channels, length]`; zeros where it
 * extends beyond the signal.
 */
export function fillWindow(stretch: SignalStretch, signal: number, start: number, target: Float32Array): void {
  const { data, channels, samples } = stretch.signals;
  const length = target.length / channels;
  const origin = start - stretch.start;
  const first = Math.max(0, -origin);
  const last = Math.max(first, Math.min(length, samples - origin));
  target.fill(0);
  for (let channel = 0; channel < channels; channel += 1) {
    const offset = (signal * channels + channel) * samples + origin;
    target.set(data.subarray(offset + first, offset + last), channel * length + first);
  }
}
