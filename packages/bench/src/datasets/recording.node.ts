import { AudioError } from '@hearken/core';
import { mixToMono } from '../audio/audio.js';
import { encodeWav } from '../audio/encode-wav.js';
import { decodeAudioFile } from '../audio/read-audio.node.js';
import { resample } from '../audio/resample.node.js';
import { readEcgFile } from '../ecg/read-ecg-file.node.js';
import { writeNpy } from '../files/npy.js';
import type { PlannedClip, PlannedTask } from './dataset.js';

/** A decoded recording: one signal of audio (its channels' mean), or one for each lead in mV. */
export interface Recording {
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
}

/** Seconds by which an annotation may end after its recording without a word: rounding, no more. */
const tolerance = 0.05;

/**
 * Decodes a recording at its own rate.
 *
 * @throws AudioError or FileError naming the file
 */
export async function readRecording(path: string, task: Pick<PlannedTask, 'modality' | 'leads'>): Promise<Recording> {
  if (task.modality === 'audio') {
    const { channels, sampleRate } = await decodeAudioFile(path);
    return { channels: [mixToMono(channels)], sampleRate };
  }
  const { signal, leads, sampleRate } = await readEcgFile(path, { leads: task.leads });
  const samples = signal.length / leads.length;
  return { sampleRate, channels: leads.map((_, lead) => signal.subarray(lead * samples, (lead + 1) * samples)) };
}

/** A clip as a file, and whether its annotation went on after the recording's end. */
export interface CutClip {
  readonly bytes: Uint8Array;
  readonly short: boolean;
}

/**
 * Cuts a clip out at the recording's own rate, then brings it to the task's.
 *
 * @param path what errors call the recording
 * @throws AudioError when nothing is left of it
 */
export async function cutClip(
  recording: Recording,
  clip: PlannedClip,
  sampleRate: number,
  modality: PlannedTask['modality'],
  path: string,
): Promise<CutClip> {
  const length = recording.channels[0].length;
  const first = Math.round((clip.start ?? 0) * recording.sampleRate);
  const last = clip.end === undefined ? length : Math.round(clip.end * recording.sampleRate);
  if (first >= Math.min(last, length)) {
    const seconds = (length / recording.sampleRate).toFixed(3);
    throw new AudioError({
      asked: `clip '${clip.name}' from ${clip.start ?? 0} to ${clip.end ?? 'the end'} s of '${path}'`,
      found: `a recording of ${seconds} s`,
      fix: 'download the recording and its annotation again',
    });
  }
  const cut = recording.channels.map((channel) => channel.subarray(first, Math.min(last, length)));
  const signals: Float32Array[] = [];
  for (const signal of cut) signals.push(await resample(signal, recording.sampleRate, sampleRate));
  return { bytes: encode(signals, sampleRate, modality), short: last - length > tolerance * recording.sampleRate };
}

function encode(signals: readonly Float32Array[], sampleRate: number, modality: PlannedTask['modality']): Uint8Array {
  if (modality === 'audio') return encodeWav(signals[0], sampleRate);
  const samples = signals[0].length;
  const joined = new Float32Array(signals.length * samples);
  signals.forEach((signal, lead) => {
    joined.set(signal, lead * samples);
  });
  return writeNpy(joined, [signals.length, samples]);
}

/** The ending of a task's clips. */
export function clipExtension(modality: PlannedTask['modality']): string {
  return modality === 'audio' ? '.wav' : '.npy';
}
