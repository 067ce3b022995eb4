import { copyFile, link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AudioError, FileError, TaskError } from '@hearken/core';
import { writing } from '../files/write-file.node.js';
import type { PlannedClip, PlannedTask } from './dataset.js';
import { clipExtension, cutClip, readRecording } from './recording.node.js';
import type { SourceFolder } from './source-folder.node.js';

/** So many unreadable recordings are looked for before the conversion stops: enough to see what is wrong. */
const mostFailures = 10;

export interface WriteClipsOptions {
  /** Hz of the clips. */
  readonly sampleRate: number;
  /** Leave out recordings that cannot be read, instead of stopping. */
  readonly allowMissing?: boolean;
  readonly abortSignal?: AbortSignal;
  onProgress?(done: number, total: number): void;
}

/** What became of the clips. */
export interface WrittenClips {
  /** Recordings that were left out, with the reason. */
  readonly skipped: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** Where a clip goes: the task's place in the list, and its split. */
interface Destination {
  readonly task: number;
  readonly split: string;
}

/**
 * Writes the clips of several tasks, each recording decoded once and one at a time. A clip that several tasks share
 * takes the disk's space once, where the file system has links.
 *
 * @param folders of the tasks, in their order
 * @throws TaskError naming the recordings that cannot be read, FileError when the disk is full
 */
export async function writeClips(
  source: SourceFolder,
  tasks: readonly PlannedTask[],
  folders: readonly string[],
  options: WriteClipsOptions,
): Promise<WrittenClips> {
  const recordings = destinationsByRecording(tasks);
  await makeSplitFolders(tasks, folders, options.sampleRate);
  const skipped = new Map<string, string>();
  let short = 0;
  let done = 0;
  for (const [path, clips] of recordings) {
    options.abortSignal?.throwIfAborted();
    options.onProgress?.(done, recordings.size);
    done += 1;
    try {
      short += await writeRecording(source, path, clips, tasks, folders, options.sampleRate);
    } catch (cause) {
      if (!(cause instanceof AudioError) && !isUnreadable(cause)) throw cause;
      skipped.set(path, `${cause.found}; ${cause.fix}`);
      if (options.allowMissing !== true && skipped.size >= mostFailures) break;
    }
  }
  options.onProgress?.(recordings.size, recordings.size);
  if (skipped.size > 0 && options.allowMissing !== true) throw unreadable(source.folder, skipped);
  const warnings = short > 0 ? [`${short} clips were annotated past the end of their recording, and end with it.`] : [];
  return { skipped, warnings };
}

/** A damaged `.npy` is a FileError about its content; a disk that fails has a system error below. */
function isUnreadable(cause: unknown): cause is FileError {
  return cause instanceof FileError && cause.cause === undefined;
}

function unreadable(folder: string, skipped: ReadonlyMap<string, string>): TaskError {
  const named = [...skipped].slice(0, 10).map(([path, reason]) => `'${path}' (${reason})`);
  return new TaskError({
    asked: `recordings of '${folder}'`,
    found: `${skipped.size}${skipped.size >= mostFailures ? ' or more' : ''} that cannot be read: ${named.join('; ')}`,
    fix: 'download them again, convert them to WAV under the same name, or leave them out with --allow-missing',
  });
}

function destinationsByRecording(tasks: readonly PlannedTask[]): Map<string, Map<PlannedClip, Destination[]>> {
  const recordings = new Map<string, Map<PlannedClip, Destination[]>>();
  for (const [index, task] of tasks.entries()) {
    for (const { clip, split } of task.entries) {
      const clips = recordings.get(clip.source) ?? new Map<PlannedClip, Destination[]>();
      recordings.set(clip.source, clips);
      const destinations = clips.get(clip) ?? [];
      clips.set(clip, destinations);
      destinations.push({ task: index, split });
    }
  }
  return recordings;
}

async function makeSplitFolders(
  tasks: readonly PlannedTask[],
  folders: readonly string[],
  rate: number,
): Promise<void> {
  for (const [index, task] of tasks.entries()) {
    for (const split of task.splits) {
      const folder = join(folders[index], String(rate), split);
      await writing(folder, () => mkdir(folder, { recursive: true }));
    }
  }
}

/** Writes the clips of one recording, all or none of them. @returns how many ended before their annotation */
async function writeRecording(
  source: SourceFolder,
  path: string,
  clips: ReadonlyMap<PlannedClip, readonly Destination[]>,
  tasks: readonly PlannedTask[],
  folders: readonly string[],
  rate: number,
): Promise<number> {
  const [first] = clips.values();
  const { modality } = tasks[first[0].task];
  const recording = await readRecording(join(source.folder, path), tasks[first[0].task]);
  const cuts = [];
  for (const [clip, destinations] of clips) {
    cuts.push({ clip, destinations, ...(await cutClip(recording, clip, rate, modality, path)) });
  }
  for (const { clip, destinations, bytes } of cuts) {
    const file = `${clip.name}${clipExtension(modality)}`;
    const [original, ...copies] = destinations.map(({ task, split }) => join(folders[task], String(rate), split, file));
    await writing(original, () => writeFile(original, bytes));
    // Not every file system has links.
    for (const copy of copies) await writing(copy, () => link(original, copy).catch(() => copyFile(original, copy)));
  }
  return cuts.filter(({ short }) => short).length;
}
