import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { OptionError, TaskError, didYouMean } from '@hearken/core';
import { writing } from '../files/write-file.node.js';
import { checkCounts } from './check-counts.js';
import { checkTask } from './check-task.js';
import { lookAt, planFingerprint, writeConversionRecord } from './conversion-record.node.js';
import type { Dataset, PlannedTask, PlanOptions } from './dataset.js';
import { openSourceFolder, type SourceFolder } from './source-folder.node.js';
import { writeClips } from './write-clips.node.js';
import { taskFolderName, writeTaskFiles } from './write-task-files.node.js';

export interface MakeTasksOptions extends Partial<PlanOptions> {
  /** Folder of the unpacked download. */
  readonly source: string;
  /** Folder that gets one folder a task. */
  readonly out: string;
  /** Tasks to make, by name or with `*`; default all. */
  readonly variants?: readonly string[];
  /** Hz of the clips; default the dataset's. */
  readonly sampleRate?: number;
  /** Replace task folders that are there already. */
  readonly force?: boolean;
  /** Leave out recordings that cannot be read, instead of stopping. */
  readonly allowMissing?: boolean;
  readonly abortSignal?: AbortSignal;
  onProgress?(done: number, total: number): void;
  /** A sentence that the user should read. */
  onWarning?(text: string): void;
}

/** A task that was made, or that was there with the same content. */
export interface MadeTask {
  readonly task: string;
  readonly folder: string;
  readonly state: 'made' | 'present';
  /** Clips by split. */
  readonly clips: Readonly<Record<string, number>>;
}

/**
 * Makes task folders of a downloaded dataset. They appear whole or not at all.
 *
 * @throws TaskError for annotations or recordings that cannot be used, people in two splits, or a folder in the way;
 *   OptionError for an unknown variant; FileError when the disk is full
 */
export async function makeTasks(dataset: Dataset, options: MakeTasksOptions): Promise<MadeTask[]> {
  const seed = options.seed ?? 0;
  const allowMissing = options.allowMissing === true;
  if (resolve(options.source) === resolve(options.out)) throw sameFolder(options.out);
  const source = await openSourceFolder(options.source, options.out);
  const plan = await dataset.plan(source, { ...options, seed });
  const sampleRate = options.sampleRate ?? plan.sampleRate ?? dataset.sampleRate;
  const tasks = chooseTasks(plan.tasks, options.variants, dataset.name);
  const general = [...plan.warnings, ...checkCounts(dataset, plan.counts)];
  for (const warning of general) options.onWarning?.(warning);
  const jobs = [];
  for (const task of tasks) {
    const own = checkTask(task);
    for (const warning of own) options.onWarning?.(warning);
    const folder = join(options.out, taskFolderName(task));
    const fingerprint = await planFingerprint(task, source, sampleRate, allowMissing);
    const found = await lookAt(folder, fingerprint);
    if (found === 'other' && options.force !== true) throw inTheWay(folder);
    const record = { dataset: dataset.name, fingerprint, sampleRate, seed, counts: plan.counts };
    jobs.push({ task, folder, present: found === 'same', record, warnings: [...general, ...own] });
  }
  const missing = jobs.filter((job) => !job.present);
  const made = await convert(dataset, source, missing, { ...options, sampleRate, allowMissing });
  return jobs.map(({ task, folder, present }) => {
    const whole = made.get(task) ?? task;
    const clips = Object.fromEntries(task.splits.map((split) => [split, countOf(whole, split)]));
    return { task: task.name, folder, state: present ? 'present' : 'made', clips };
  });
}

function countOf(task: PlannedTask, split: string): number {
  return task.entries.filter((entry) => entry.split === split).length;
}

interface Job {
  readonly task: PlannedTask;
  readonly folder: string;
  readonly record: Omit<Parameters<typeof writeConversionRecord>[1], 'warnings' | 'skipped'>;
  readonly warnings: readonly string[];
}

/** Writes tasks that are not there yet. @returns what was made of each plan, less the recordings left out */
async function convert(
  dataset: Dataset,
  source: SourceFolder,
  jobs: readonly Job[],
  options: MakeTasksOptions & { sampleRate: number },
): Promise<ReadonlyMap<PlannedTask, PlannedTask>> {
  const made = new Map<PlannedTask, PlannedTask>();
  if (jobs.length === 0) return made;
  const partial = join(options.out, `.partial-${randomUUID()}`);
  try {
    await writing(partial, () => mkdir(partial, { recursive: true }));
    const tasks = jobs.map(({ task }) => task);
    const folders = tasks.map((task) => join(partial, taskFolderName(task)));
    const { skipped, warnings } = await writeClips(source, tasks, folders, options);
    for (const warning of warnings) options.onWarning?.(warning);
    if (skipped.size > 0) options.onWarning?.(`${skipped.size} recordings cannot be read and were left out.`);
    for (const [index, job] of jobs.entries()) {
      const task = withoutSkipped(job.task, skipped);
      made.set(job.task, task);
      await writeTaskFiles(folders[index], task, dataset);
      await writeConversionRecord(folders[index], {
        ...job.record,
        warnings: [...job.warnings, ...warnings],
        skipped: Object.fromEntries(skipped),
      });
    }
    for (const [index, job] of jobs.entries()) await putInPlace(folders[index], job.folder, partial);
    return made;
  } finally {
    await rm(partial, { recursive: true, force: true, maxRetries: 5 });
  }
}

function withoutSkipped(task: PlannedTask, skipped: ReadonlyMap<string, string>): PlannedTask {
  if (skipped.size === 0) return task;
  const left = { ...task, entries: task.entries.filter(({ clip }) => !skipped.has(clip.source)) };
  checkTask(left);
  return left;
}

/** Moves a folder to its place; what was there goes first aside, then away. */
async function putInPlace(made: string, target: string, partial: string): Promise<void> {
  const aside = join(partial, `old-${randomUUID()}`);
  await writing(target, async () => {
    await rename(target, aside).catch((cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    });
    await rename(made, target);
  });
}

function sameFolder(folder: string): OptionError {
  return new OptionError({
    asked: `tasks in '${folder}'`,
    found: 'the folder of the dataset itself',
    fix: 'choose another --out, such as a folder tasks in it',
  });
}

function inTheWay(folder: string): TaskError {
  return new TaskError({
    asked: `task folder '${folder}'`,
    found: 'a folder there with other content',
    fix: 'replace it with --force, move it away, or choose another --out',
  });
}

function chooseTasks(
  tasks: readonly PlannedTask[],
  variants: readonly string[] | undefined,
  dataset: string,
): PlannedTask[] {
  if (variants === undefined || variants.length === 0) return [...tasks];
  const names = tasks.map(({ name }) => name);
  const chosen = new Set<string>();
  for (const variant of variants) {
    const matches = names.filter((name) => matchesName(name, variant));
    if (matches.length === 0) {
      throw new OptionError({
        asked: `task '${variant}' of dataset '${dataset}'`,
        found: 'no such task',
        fix: `${didYouMean(variant, names)}known: ${names.join(', ')}`,
      });
    }
    matches.forEach((name) => chosen.add(name));
  }
  return tasks.filter(({ name }) => chosen.has(name));
}

/** Whether a name is what a pattern says, where `*` stands for anything. */
function matchesName(name: string, pattern: string): boolean {
  const [head, ...parts] = pattern.split('*');
  if (parts.length === 0) return name === pattern;
  if (!name.startsWith(head)) return false;
  const tail = parts.pop() ?? '';
  let from = head.length;
  for (const part of parts) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return name.length - tail.length >= from && name.endsWith(tail);
}
