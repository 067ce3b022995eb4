import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError } from '@hearken/core';
import { makeFolder, readPlainText, writeFileInPlace, writing } from '@hearken/core/node';
import { encodeWav, writeNpy } from '@hearken/signals';
import type { Random } from '@hearken/metrics';
import { taskContentHash } from '../content-hash.node.js';
import { readTaskFolder } from '../read-task-folder.node.js';
import { chooseMiniTasks } from './choose-mini-tasks.js';
import type { MiniTask } from './mini-task.js';

/** Marks a folder as made here, and holds the hash of its contents. */
const stampName = 'mini_task.sha256';

/** Which mini tasks to make, and with which seed. */
export interface MiniTaskOptions {
  /** The same seed gives the same bytes; default: 0. */
  readonly seed?: number;
  /** Which of `miniTasks` to make; default: all. */
  readonly tasks?: readonly string[];
}

/** A mini task on disk. */
export interface MiniTaskFolder {
  /** Its folder. */
  readonly folder: string;
  /** False if it was there already and complete. */
  readonly isNew: boolean;
}

/**
 * Makes the mini tasks (notes, scenes, heart rhythms, sound events) as HEAR task folders: about 35 MB in a few seconds.
 * A task that is already there and intact is kept.
 *
 * @returns the task folders, sorted
 * @throws TaskError if something else is in a task's place, OptionError for an unknown task or a seed that is not a
 *   whole number
 */
export async function makeMiniTasks(folder: string, options: MiniTaskOptions = {}): Promise<string[]> {
  return (await makeMiniTaskFolders(folder, options)).map((made) => made.folder);
}

/** As {@link makeMiniTasks}, and says which of them were made. */
export async function makeMiniTaskFolders(folder: string, options: MiniTaskOptions): Promise<MiniTaskFolder[]> {
  const { seed = 0, tasks } = options;
  const chosen = chooseMiniTasks(tasks, seed);
  await makeFolder(folder);
  const made: MiniTaskFolder[] = [];
  for (const { task, random } of chosen) {
    const { task_name: name, version } = task.metadata;
    const target = join(folder, `${name}-${version}-seed${seed}`);
    const isNew = !(await isIntact(target));
    if (isNew) await writing(target, () => make(task, random(), `seed${seed}`, folder, target));
    made.push({ folder: target, isNew });
  }
  return made.sort((one, other) => (one.folder < other.folder ? -1 : 1));
}

async function isIntact(target: string): Promise<boolean> {
  const there = await stat(target).then(
    () => true,
    () => false,
  );
  if (!there) return false;
  const stamp = await readPlainText(join(target, stampName), { maximumBytes: 1024 }).catch((cause: unknown) => {
    throw new TaskError({
      asked: `mini task '${target}'`,
      found: 'a folder that is not a mini task',
      fix: 'move it away or choose another folder',
      cause,
    });
  });
  try {
    return stamp.trim() === (await taskContentHash(await readTaskFolder(target)));
  } catch {
    // Damaged: make it again.
    return false;
  }
}

async function make(task: MiniTask, random: Random, mode: string, folder: string, target: string): Promise<void> {
  const partial = join(folder, `.partial-${randomUUID()}`);
  try {
    await mkdir(partial);
    await write(task, random, mode, partial);
    await writeFileInPlace(join(partial, stampName), `${await taskContentHash(await readTaskFolder(partial))}\n`);
    await rm(target, { recursive: true, force: true });
    await rename(partial, target);
  } catch (cause) {
    await rm(partial, { recursive: true, force: true });
    throw cause;
  }
}

async function write(task: MiniTask, random: Random, mode: string, folder: string): Promise<void> {
  const { leads } = task.metadata;
  const contents = new Map<string, Record<string, unknown>>(task.metadata.splits.map((split) => [split, {}]));
  for (const split of contents.keys()) {
    await mkdir(join(folder, String(task.sampleRate), split), { recursive: true });
  }
  for (const clip of task.clips(random)) {
    const file = `${clip.name}.${leads === undefined ? 'wav' : 'npy'}`;
    const bytes =
      leads === undefined
        ? encodeWav(clip.signal, task.sampleRate)
        : writeNpy(clip.signal, [leads.length, clip.signal.length / leads.length]);
    await writeFileInPlace(join(folder, String(task.sampleRate), clip.split, file), bytes);
    const content = contents.get(clip.split);
    if (content !== undefined) content[file] = clip.content;
  }
  for (const [split, content] of contents) await writeJson(join(folder, `${split}.json`), content);
  await writeJson(join(folder, 'task_metadata.json'), { ...task.metadata, mode });
  const rows = task.labels.map((label, index) => `${index},${label}\n`);
  await writeFileInPlace(join(folder, 'labelvocabulary.csv'), `idx,label\n${rows.join('')}`);
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFileInPlace(path, `${JSON.stringify(value, null, 1)}\n`);
}
