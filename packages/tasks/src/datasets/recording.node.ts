import { AudioError } from '@hearken/core';
import { joinValues } from '@hearken/core/internal';
import { encodeWav, type Resample, writeNpy } from '@hearken/signals';
import { decodeMonoFile } from '@hearken/signals/internal/node';
import { splitChannels, withoutGaps } from '@hearken/signals/internal';
import { readEcgFile } from '@hearken/signals/node';
import type { PlannedTask } from './dataset.js';
import type { PlannedClip } from './planned-clip.js';

/** A decoded recording: one signal of audio (its channels' mean), or one for each lead in mV, gaps as NaN. */
export interface Recording {
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
  /** What the reader had to make of the file, in whole sentences. */
  readonly warnings: readonly string[];
}

/** Seconds by which an annotation may end after its recording without a word: rounding, no more. */
export const tolerance = 0.05;

/**
 * Decodes a recording at its own rate.
 *
 * @throws AudioError or FileError naming the file
 */
export async function readRecording(path: string, task: Pick<PlannedTask, 'modality' | 'leads'>): Promise<Recording> {
  if (task.modality === 'audio') {
    const { channels, sampleRate } = await decodeMonoFile(path);
    return { channels, sampleRate, warnings: [] };
  }
  // Gaps and levels are looked at clip by clip.
  const wanted = { leads: task.leads, gaps: 'keep', level: 'ignore' } as const;
  const { signal, leads, sampleRate, warnings } = await readEcgFile(path, wanted);
  return { sampleRate, channels: splitChannels(signal, leads.length), warnings };
}

/** A clip of a recording at its own rate, and whether its annotation went on after the recording's end. */
export interface CutClip {
  readonly channels: readonly Float32Array[];
  readonly short: boolean;
}

/**
 * Cuts a clip out at the recording's own rate.
 *
 * @param path what errors call the recording
 * @throws AudioError when nothing is left of it
 */
export function cutClip(recording: Recording, clip: PlannedClip, path: string): CutClip {
  const length = recording.channels[0].length;
  const first = Math.round((clip.start ?? 0) * recording.sampleRate);
  const last = clip.end === undefined ? length : Math.round(clip.end * recording.sampleRate);
  if (first >= Math.min(last, length)) {
    const seconds = (length / recording.sampleRate).toFixed(3);
    throw new AudioError({
      asked: `clip '${clip.name}' from ${clip.start ?? 0} to ${clip.end ?? 'the end'} s of '${path}'`,
      found: length === 0 ? 'a recording without a sample' : `a recording of ${seconds} s`,
      fix: 'check the recording and its annotation',
    });
  }
  return {
    channels: recording.channels.map((channel) => channel.subarray(first, Math.min(last, length))),
    short: last - length > tolerance * recording.sampleRate,
  };
}

/**
 * A clip as a file: brought to the task's rate, then 16-bit WAV for audio, `.npy` of `[leads, samples]` for an ECG.
 *
 * @param signal at its own rate
 * @param sampleRate Hz of the file
 * @param resample what changes the rate
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

/** The ending of a task's clips. */
export function clipExtension(modality: PlannedTask['modality']): string {
  return modality === 'audio' ? '.wav' : '.npy';
}
