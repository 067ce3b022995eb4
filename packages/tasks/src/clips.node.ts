import { join } from 'node:path';
import { AudioError, FileError, TaskError, firstNonFinite } from '@hearken/core';
import { readPlainFile } from '@hearken/core/node';
import { joinValues } from '@hearken/core/internal';
import { splitChannels } from '@hearken/signals/internal';
import { decodeMonoFile } from '@hearken/signals/internal/node';
import { readNpy, type Resample, resample as resampleInJavaScript } from '@hearken/signals';
import type { Clip, Task } from './task.js';

const maximumSignalBytes = 2 ** 30;

/** The form in which a clip is wanted: the embedder's sample rate and channels. */
export interface ReadClipOptions {
  /** The wanted sample rate in Hz. */
  readonly sampleRate: number;
  /** 1 for audio (the mean of the file's channels), 12 for an ECG; default 1. */
  readonly channels?: number;
  /** Changes the sample rate; default: plain JavaScript. */
  readonly resample?: Resample;
}

/** The sample rate folder to read for an embedder: its own rate, else the next higher one, else the highest one. */
export function chooseSampleRate(task: Pick<Task, 'sampleRates'>, embedderRate: number): number {
  const enough = task.sampleRates.find((sampleRate) => sampleRate >= embedderRate);
  return enough ?? task.sampleRates[task.sampleRates.length - 1];
}

/**
 * Reads one clip at the rate and channels that an embedder takes.
 *
 * @returns `[channels, samples]` row-major: audio at full scale ±1, ECG in the file's unit (mV)
 * @throws TaskError as `readStoredClip`
 */
export async function readClip(
  task: Task,
  split: string,
  clip: Pick<Clip, 'name'>,
  options: ReadClipOptions,
): Promise<Float32Array> {
  const stored = chooseSampleRate(task, options.sampleRate);
  const { resample = resampleInJavaScript } = options;
  const channels = await readStoredClip(task, split, clip, options);
  return joinValues(await Promise.all(channels.map((channel) => resample(channel, stored, options.sampleRate))));
}

/**
 * Reads one clip at the rate of its folder.
 *
 * @returns its channels
 * @throws TaskError naming the clip if it cannot be read, is empty, has values that are not finite, has another
 *   sample rate than its folder, another length than the task's sample duration, or other channels than asked for
 */
export async function readStoredClip(
  task: Task,
  split: string,
  clip: Pick<Clip, 'name'>,
  options: ReadClipOptions,
): Promise<Float32Array[]> {
  const stored = chooseSampleRate(task, options.sampleRate);
  const path = join(task.folder, String(stored), split, clip.name);
  const asked = `clip '${clip.name}' of task '${task.id}', split '${split}'`;
  const fail = (found: string, fix: string, cause?: unknown) => new TaskError({ asked, found, fix, cause });
  const read = task.metadata.modality === 'ecg' ? readEcg : readMono;
  const channels = await read(path, task.folder, stored, fail).catch((cause: unknown) => {
    if (!(cause instanceof AudioError || cause instanceof FileError)) throw cause;
    throw fail(`${cause.found} (${path})`, cause.fix, cause);
  });
  checkChannels(task, channels.length, options.channels ?? 1, fail);
  checkDuration(task, channels[0].length, stored, fail);
  return channels;
}

type Fail = (found: string, fix: string, cause?: unknown) => TaskError;

async function readMono(path: string, folder: string, stored: number, fail: Fail): Promise<Float32Array[]> {
  const audio = await decodeMonoFile(path, { within: folder });
  if (audio.sampleRate !== stored) {
    throw fail(
      `a file of ${audio.sampleRate} Hz in the folder of ${stored} Hz (${path})`,
      'move the file or change its sample rate, or download the task again',
    );
  }
  return audio.channels;
}

async function readEcg(path: string, folder: string, _stored: number, fail: Fail): Promise<Float32Array[]> {
  const { data, shape } = readNpy(await readBounded(path, folder, fail), path);
  if (shape.length !== 2 || data.length === 0) {
    throw fail(`an array of shape [${shape.join(', ')}] (${path})`, 'store it as [leads, samples]');
  }
  const [leads, samples] = shape;
  const offending = firstNonFinite(data);
  if (offending >= 0) {
    throw fail(
      `${data[offending]} in lead ${Math.floor(offending / samples)} at sample ${offending % samples}`,
      'repair or leave out this clip',
    );
  }
  return splitChannels(data, leads);
}

function readBounded(path: string, folder: string, fail: Fail): Promise<Uint8Array> {
  return readPlainFile(path, {
    maximumBytes: maximumSignalBytes,
    within: folder,
    refuse: ({ reason, found, fix, cause }) =>
      fail(found, reason === 'too-large' ? 'cut it into shorter clips' : fix, cause),
  });
}

function checkChannels(task: Task, found: number, asked: number, fail: Fail): void {
  const named = task.metadata.leads.length;
  if (named > 0 && found !== named)
    throw fail(`${found} leads instead of the ${named} that the task names`, 'repair the clip or the task');
  if (found !== asked) {
    throw fail(
      `${found} channel${found === 1 ? '' : 's'} for a model that takes ${asked}`,
      task.metadata.modality === 'ecg' ? `choose a model for ${found}-lead ECGs` : 'choose a model for audio',
    );
  }
}

function checkDuration(task: Task, samples: number, stored: number, fail: Fail): void {
  const seconds = task.metadata.sampleDuration;
  if (seconds === null) return;
  const expected = Math.round(seconds * stored);
  if (Math.abs(samples - expected) > 1) {
    throw fail(
      `${samples} samples instead of ${expected} (sample_duration ${seconds} s at ${stored} Hz)`,
      'pad or cut the clip, or set sample_duration to null',
    );
  }
}
