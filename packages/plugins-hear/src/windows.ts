import type { SignalBatch } from '@hearken/core';
import { windowSamples } from './front-end.js';

/** A window of a signal in a batch: beginning at sample `start`, padded with zeros beyond the end of the signal. */
export interface Window {
  readonly signal: number;
  readonly start: number;
}

/** First samples of windows `hop` samples apart: as many as it takes to reach the end of `samples`. */
export function windowStarts(samples: number, hop: number): number[] {
  const count = Math.max(0, Math.ceil((samples - windowSamples) / hop)) + 1;
  return Array.from({ length: count }, (_, index) => index * hop);
}

/**
 * All windows of all signals, signal by signal.
 *
 * @param level dB relative to full scale (the RMS of a square wave of height 1) below which a window is left out; if
 * that would leave out a whole signal, all of its windows stay
 */
export function listWindows(batch: SignalBatch, hop: number, level: number | false): Window[][] {
  const starts = windowStarts(batch.samples, hop);
  return Array.from({ length: batch.count }, (_, signal) => {
    const all = starts.map((start) => ({ signal, start }));
    if (level === false) return all;
    const loud = all.filter((window) => levelOf(batch, window) >= level);
    return loud.length > 0 ? loud : all;
  });
}

function levelOf({ data, samples }: SignalBatch, { signal, start }: Window): number {
  const values = data.subarray(signal * samples + start, signal * samples + Math.min(samples, start + windowSamples));
  let energy = 0;
  for (const value of values) energy += value * value;
  return 10 * Math.log10(energy / values.length);
}
