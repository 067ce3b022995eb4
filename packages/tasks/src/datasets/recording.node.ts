import { AudioError } from '@hearken/core';
import { joinValues } from '@hearken/core/internal';
import { type EcgWarningReason, encodeWav, type Resample, writeNpy } from '@hearken/signals';
import { decodeMonoFile } from '@hearken/signals/internal/node';
import { splitChannels, withoutGaps } from '@hearken/signals/internal';
import { readEcgFile } from '@hearken/signals/node';
import type { PlannedTask } from './dataset.js';
import type { PlannedClip } from './planned-clip.js';

/** A warning about one recording. */
export interface RecordingWarning {
  readonly reason: EcgWarningReason;
  /** A whole sentence. */
  readonly text: string;
}

/**
 * A decoded recording: audio as one signal (the mean of its channels), an ECG as one signal per lead in mV, gaps as
 * NaN.
 */
export interface Recording {
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
  /** What the reader had to correct or assume. */
  readonly warnings: readonly RecordingWarning[];
}

/** An annotation may end this many seconds after its recording without a warning: it is rounding. */
export const tolerance = 0.05;

/**
 * Decodes a recording at its own sample rate.
 *
 * @throws AudioError or FileError naming the file
 */
export async function readRecording(path: string, task: Pick<PlannedTask, 'modality' | 'leads'>): Promise<Recording> {
  if (task.modality === 'audio') {
    const { channels, sampleRate } = await decodeMonoFile(path);
    return { channels, sampleRate, warnings: [] };
  }
  // Gaps and levels are checked clip by clip.
  const wanted = { leads: task.leads, gaps: 'keep', level: 'ignore' } as const;
  const { signal, leads, sampleRate, warnings: texts, warningReasons: reasons = [] } = await readEcgFile(path, wanted);
  const warnings = texts.map((text, index) => ({ reason: reasons[index], text }));
  return { sampleRate, channels: splitChannels(signal, leads.length), warnings };
}

/** A clip at its recording's sample rate, and whether its annotation extends beyond the end of the recording. */
export interface CutClip {
  readonly channels: readonly Float32Array[];
  readonly short: boolean;
}

/**
 * Cuts out a clip at the recording's sample rate.
 *
 * @param path the recording's name in errors
 * @throws AudioError if nothing is left of it
 */
export function cutClip(recording: Recording, clip: PlannedClip, path: string): CutClip {
  const length = recording.channels[0].length;
  const first = Math.round((clip.start ?? 0) * recording.sampleRate);
  const last = clip.end === undefined ? length : Math.round(clip.end * recording.sampleRate);
  if (first >= Math.min(last, length)) {
    const seconds = (length / recording.sampleRate).toFixed(3);
    throw new AudioError({
      asked: `clip '${clip.name}' from ${clip.start ?? 0} to ${clip.end ?? 'the end'} s of '${path}'`,
      found: length === 0 ? 'a recording without samples' : `a recording of ${seconds} s`,
      fix: 'check the recording and its annotation',
    });
  }
  return {
    channels: recording.channels.map((channel) => channel.subarray(first, Math.min(last, length))),
    short: last - length > tolerance * recording.sampleRate,
  };
}

/**
 * A clip as a file at the task's sample rate: 16-bit WAV for audio, `.npy` of `[leads, samples]` for an ECG.
 *
 * @param signal at its recording's sample rate
 * @param sampleRate Hz of the file
 * @param resample changes the sample rate
 */
export async function encodeClip(
  signal: { readonly channels: readonly Float32Array[]; readonly sampleRate: number },
  sampleRate: number,
  modality: PlannedTask['modality'],
  resample: Resample,
): Promise<Uint8Array> {
  const recorded = modality === 'audio' ? signal.channels : withoutGaps(signal.channels);
  const channels = await Promise.all(recorded.map((channel) => resample(channel, signal.sampleRate, sampleRate)));
  if (modality === 'audio') return encodeWav(channels[0], sampleRate);
  return writeNpy(joinValues(channels), [channels.length, channels[0].length]);
}

/** The extension of a task's clips. */
export function clipExtension(modality: PlannedTask['modality']): string {
  return modality === 'audio' ? '.wav' : '.npy';
}
