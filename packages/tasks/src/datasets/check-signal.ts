import type { SignalProblem } from './clip-problems.js';
import type { PlannedTask } from './dataset.js';
import { ecgProblems } from './ecg-problems.js';

/** The signal of one clip, as it was cut out of its recording. */
export interface ClipSignal {
  /** Hz. */
  readonly sampleRate: number;
  /** One signal of audio at full scale 1, or one for each lead in mV with gaps as NaN; all of one length. */
  readonly channels: readonly Float32Array[];
}

/**
 * What is wrong with a clip that could be decoded. Each kind of signal has its own checks.
 *
 * @param signal at the recording's own rate
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
