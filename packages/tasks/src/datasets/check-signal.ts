import type { SignalProblem } from './clip-problems.js';
import type { PlannedTask } from './dataset.js';
import { ecgProblems } from './ecg-problems.js';

/** The signal of one clip, as cut out of its recording. */
export interface ClipSignal {
  /** Hz. */
  readonly sampleRate: number;
  /** Audio: one signal with full scale 1. ECG: one signal per lead in mV, gaps as NaN. All have the same length. */
  readonly channels: readonly Float32Array[];
}

/**
 * Looks for problems in a decoded clip. Each kind of signal has its own checks.
 *
 * @param signal at the recording's sample rate
 */
export function signalProblems(
  signal: ClipSignal,
  { modality, leads }: Pick<PlannedTask, 'modality' | 'leads'>,
): SignalProblem[] {
  return modality === 'audio' ? audioProblems(signal) : ecgProblems(signal.channels, signal.sampleRate, leads ?? []);
}

function audioProblems({ channels }: ClipSignal): SignalProblem[] {
  const [samples] = channels;
  if (samples.some((value) => value !== samples[0])) return [];
  const found = samples[0] === 0 ? 'silence from start to end' : `the value ${samples[0]} from start to end`;
  return [{ severity: 'suspicious', found, fix: 'check how it was recorded' }];
}
