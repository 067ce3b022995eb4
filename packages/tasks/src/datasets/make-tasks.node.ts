import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { OptionError, TaskError, didYouMean } from '@hearken/core';
import { matchesPattern } from '@hearken/core/internal';
import { writeFileInPlace, writing } from '@hearken/core/node';
import type { Grouping } from '../task.js';
import { checkCounts } from './check-counts.js';
import { checkTask } from './check-task.js';
import {
  isLeftOut,
  problemList,
  problemListName,
  problemWarnings,
  stopsConversion,
  unusableRecordings,
  type ClipProblem,
  type ProblemChoice,
} from './clip-problems.js';
import { lookAt, planFingerprint, writeConversionRecord, type ConversionRecord } from './conversion-record.node.js';
import type { Dataset, PlannedTask, PlanOptions } from './dataset.js';
import { groupWarnings } from './group-warnings.js';
import { openSourceFolder, type SourceFolder } from './source-folder.node.js';
import type { Resample } from '@hearken/signals';
import { writeClips } from './write-clips.node.js';
import { taskFolderName, writeTaskFiles } from './write-task-files.node.js';

/** What to make from a download, and where. */
export interface MakeTasksOptions extends Partial<PlanOptions> {
  /** Folder of the unpacked download. */
  readonly source: string;
  /** Folder that receives one folder per task. */
  readonly out: string;
  /** Tasks to make, by name or with `*`; default: all. */
  readonly variants?: readonly string[];
  /** Sample rate of the clips in Hz; default: the dataset's. */
  readonly sampleRate?: number;
  /** Changes the sample rate; default: plain JavaScript. */
  readonly resample?: Resample;
  /** Replace existing task folders. */
  readonly force?: boolean;
  /** Leave out recordings that are missing or unusable instead of stopping. */
  readonly allowMissing?: boolean;
  /** Leave out suspicious clips, too: silent, flat, wrong unit. */
  readonly skipBad?: boolean;
  /** Asks, once, whether clips share people if the data does not say; undefined if the user does not know. */
  readonly askWhetherShared?: () => Promise<boolean | undefined>;
  /** Stops between two recordings; no partial task is left. */
  readonly abortSignal?: AbortSignal;
  /** Called before each recording with the number of finished ones. */
  onProgress?(done: number, total: number): void;
  /** How annotations were interpreted. */
  onNote?(text: string): void;
  /** A sentence for the user. */
  onWarning?(text: string): void;
}

/** A task that was made, or that already existed with the same content. */
export interface MadeTask {
  /** The task's name. */
  readonly task: string;
  /** Its folder. */
  readonly folder: string;
  /** Whether it was made now or already existed. */
  readonly state: 'made' | 'present';
  /** Clips by split. */
  readonly clips: Readonly<Record<string, number>>;
  /** Whether clips belong to groups. */
  readonly grouping: Grouping;
  /** Number of people, or other groups, by split, if they are named. */
  readonly groups?: Readonly<Record<string, number>>;
  /** Clips that were left out. */
  readonly leftOut: number;
}

/**
 * Makes task folders from a downloaded dataset. A folder appears only when it is complete.
 *
 * @throws TaskError for annotations or recordings that cannot be used, people in two splits, or another folder in the
 *   way; OptionError for an unknown variant; FileError if the disk is full
 */
export async function makeTasks(dataset: Dataset, options: MakeTasksOptions): Promise<MadeTask[]> {
  const seed = options.seed ?? 0;
  if (resolve(options.source) === resolve(options.out)) throw sameFolder(options.out);
  const source = await openSourceFolder(options.source, options.out);
  const plan = await dataset.plan(source, { ...options, seed });
  const missing = plan.problems ?? [];
  const stopping = missing.filter((problem) => stopsConversion(problem, options));
  if (stopping.length > 0) throw unusableRecordings(source.folder, stopping);
  const sampleRate = options.sampleRate ?? plan.sampleRate ?? dataset.sampleRate;
  const tasks = chooseTasks(plan.tasks, options.variants, dataset.name);
  const general = [...plan.warnings, ...checkCounts(dataset, plan.counts)];
  for (const note of plan.notes ?? []) options.onNote?.(note);
  for (const warning of general) options.onWarning?.(warning);
  const jobs: Job[] = [];
  for (const one of tasks) {
    const task = { ...one, grouping: one.grouping ?? plan.grouping };
    const own = [...(task.warnings ?? []), ...checkTask(task)];
    for (const warning of own) options.onWarning?.(warning);
    const folder = join(options.out, taskFolderName(task));
    const conversion = { ...options, source, sampleRate };
    const fingerprint = await planFingerprint(task, conversion);
    // If this call says nothing about people, the answer of an earlier conversion still holds.
    const ungrouped = { ...task, grouping: { state: 'none' } as const };
    const others = task.grouping.state === 'unknown' ? [await planFingerprint(ungrouped, conversion)] : [];
    const found = await lookAt(folder, [fingerprint, ...others]);
    if (found.state === 'other' && options.force !== true) throw inTheWay(folder);
    const record = { dataset: dataset.name, seed, counts: plan.counts };
    jobs.push({ task, folder, found, record, missing, warnings: [...general, ...own] });
  }
  const answered = await askedOf(jobs, options);
  const told = answered.map((job) => {
    const warnings = groupWarnings(job.task);
    for (const warning of warnings) options.onWarning?.(warning);
    return { ...job, warnings: [...job.warnings, ...warnings] };
  });
  const made = await convert(dataset, source, told, { ...options, sampleRate });
  return jobs.map((job) => {
    const task = made.get(job.folder) ?? withoutClips(job.task, new Set(job.found.leftOut));
    return {
      task: task.name,
      folder: job.folder,
      state: made.has(job.folder) ? 'made' : 'present',
      clips: Object.fromEntries(task.splits.map((split) => [split, countOf(task, split)])),
      grouping: made.has(job.folder) ? task.grouping : (job.found.grouping ?? task.grouping),
      ...(task.grouping.state === 'named' ? { groups: groupCounts(task) } : {}),
      leftOut: job.task.entries.length - task.entries.length,
    };
  });
}

type GroupedTask = PlannedTask & { readonly grouping: Grouping };

function countOf(task: PlannedTask, split: string): number {
  return task.entries.filter((entry) => entry.split === split).length;
}

function groupCounts({ splits, entries }: PlannedTask): Record<string, number> {
  const groupsOf = (split: string) => entries.flatMap((entry) => (entry.split === split ? [entry.clip.group] : []));
  return Object.fromEntries(splits.map((split) => [split, new Set(groupsOf(split)).size]));
}

interface Job {
  readonly task: GroupedTask;
  readonly folder: string;
  readonly found: Awaited<ReturnType<typeof lookAt>>;
  readonly record: Pick<ConversionRecord, 'dataset' | 'seed' | 'counts'>;
  readonly missing: readonly ClipProblem[];
  readonly warnings: readonly string[];
}

/**
 * The tasks that are still to be made, after the one question that only a person can answer: whether clips share
 * people.
 *
 * @throws OptionError if they do and nothing says which
 */
async function askedOf(jobs: readonly Job[], { askWhetherShared }: MakeTasksOptions): Promise<readonly Job[]> {
  const open = jobs.filter(({ found }) => found.state !== 'same');
  const unknown = open.filter(({ task }) => task.grouping.state === 'unknown');
  if (unknown.length === 0 || askWhetherShared === undefined) return open;
  const shared = await askWhetherShared();
  if (shared === true) throw sharedPeople(unknown[0].task.name);
  if (shared === undefined) return open;
  return open.map((job) =>
    unknown.includes(job) ? { ...job, task: { ...job.task, grouping: { state: 'none' } } } : job,
  );
}

/** Writes tasks that do not exist yet. @returns what was made, by folder, without the clips left out */
async function convert(
  dataset: Dataset,
  source: SourceFolder,
  jobs: readonly Job[],
  options: Omit<MakeTasksOptions, 'sampleRate'> & { sampleRate: number | 'source' },
): Promise<ReadonlyMap<string, GroupedTask>> {
  const made = new Map<string, GroupedTask>();
  if (jobs.length === 0) return made;
  const partial = join(options.out, `.partial-${randomUUID()}`);
  try {
    await writing(partial, () => mkdir(partial, { recursive: true }));
    const tasks = jobs.map(({ task }) => task);
    const folders = tasks.map((task) => join(partial, taskFolderName(task)));
    const written = await writeClips(source, tasks, folders, options);
    const problems = [...jobs[0].missing, ...written.problems];
    const said = [...problemWarnings(problems, options), ...written.warnings];
    for (const warning of said) options.onWarning?.(warning);
    const leftOut = new Set([...written.leftOut].map(({ name }) => name));
    for (const [index, job] of jobs.entries()) {
      const task = withoutClips(job.task, leftOut);
      const about = leftOut.size === 0 ? [] : checkTask(task).filter((text) => !job.warnings.includes(text));
      for (const warning of about) options.onWarning?.(warning);
      made.set(job.folder, task);
      await writeTaskFiles(folders[index], task, dataset);
      await writeProblems(folders[index], problems, options);
      await writeConversionRecord(folders[index], {
        ...job.record,
        fingerprint: await planFingerprint(job.task, { ...options, source }),
        sampleRate: written.sampleRate,
        grouping: task.grouping,
        warnings: [...job.warnings, ...said, ...about],
        skipped: skippedOf(problems, options),
        leftOut: job.task.entries.flatMap(({ clip }) => (leftOut.has(clip.name) ? [clip.name] : [])),
      });
    }
    for (const [index, job] of jobs.entries()) await putInPlace(folders[index], job.folder, partial);
    return made;
  } finally {
    await rm(partial, { recursive: true, force: true, maxRetries: 5 });
  }
}

function withoutClips(task: GroupedTask, leftOut: ReadonlySet<string>): GroupedTask {
  return leftOut.size === 0 ? task : { ...task, entries: task.entries.filter(({ clip }) => !leftOut.has(clip.name)) };
}

function skippedOf(problems: readonly ClipProblem[], choice: ProblemChoice): Record<string, string> {
  const left = problems.filter((problem) => isLeftOut(problem, choice));
  return Object.fromEntries(left.map(({ source, found, fix }) => [source, `${found}; ${fix}`]));
}

async function writeProblems(folder: string, problems: readonly ClipProblem[], choice: ProblemChoice): Promise<void> {
  if (problems.length === 0) return;
  const path = join(folder, problemListName);
  await writeFileInPlace(path, problemList(problems, choice));
}

/** Moves a folder into place; an existing one is first moved aside and then deleted. */
async function putInPlace(made: string, target: string, partial: string): Promise<void> {
  const aside = join(partial, `old-${randomUUID()}`);
  await writing(target, async () => {
    await rename(target, aside).catch((cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    });
    await rename(made, target);
  });
}

function sharedPeople(task: string): OptionError {
  return new OptionError({
    asked: `splits of task '${task}' by group`,
    found: 'clips that share people, and nothing that says which',
    fix: "name the table's column of people with --group-column, or find them in the files' paths with --group-pattern",
  });
}

function sameFolder(folder: string): OptionError {
  return new OptionError({
    asked: `tasks in '${folder}'`,
    found: "the dataset's own folder",
    fix: "choose another --out, such as a folder 'tasks' in it",
  });
}

function inTheWay(folder: string): TaskError {
  return new TaskError({
    asked: `task folder '${folder}'`,
    found: 'an existing folder with other content',
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
    const matches = names.filter((name) => matchesPattern(name, variant));
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
