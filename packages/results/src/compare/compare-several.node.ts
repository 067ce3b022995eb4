import { join, resolve, sep } from 'node:path';
import { FileError, HearkenError, OptionError, TaskError } from '@hearken/core';
import { noResultsError, readResults, type ResultAt } from '../format/read-results.node.js';
import { hashIdentity } from '../result/hash-identity.node.js';
import { modelName } from '../models/model-name.js';
import { identityOf } from '../result/result-file.node.js';
import type { Result } from '../format/result.js';
import { adjusted, compareTask, type CompareOptions, type TaskComparison } from './compare-results.node.js';
import { readingOnce } from './reading-once.node.js';
import { settingNames, settingsOf, valueOf } from './setting-differences.js';

/** How to compare several results, and which of them. */
export interface CompareSeveralOptions extends CompareOptions {
  /** `all`: every pair; `first`: each with the first. Default: `all`. */
  readonly pairs?: 'all' | 'first';
  /** Compare only results with these settings, named as in `settingDifferences`, such as `probe` or `options.melBands`. */
  readonly where?: ReadonlyMap<string, string>;
}

/** One model in one configuration, on some tasks. */
export interface ComparedSide {
  /** Its name, see `modelName`. */
  readonly model: string;
  /** The settings that are not the same for all sides. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Its result files by task. */
  readonly files: ReadonlyMap<string, string>;
}

/** A comparison of two sides on one task. */
export interface PairComparison extends TaskComparison {
  /** Indices of the two in `sides`. */
  readonly sides: readonly [number, number];
}

/** A comparison of several models on all tasks that at least two of them have. */
export interface SeveralComparison {
  /** In the order of the given paths; within a folder, by name. */
  readonly sides: readonly ComparedSide[];
  /** One per pair and task; p-values are corrected for all of them together. */
  readonly comparisons: readonly PairComparison[];
  /** Pairs that could not be compared on a task. */
  readonly failures: readonly {
    readonly sides: readonly [number, number];
    readonly task: string;
    readonly error: HearkenError;
  }[];
  /** Damaged result files, and what is wrong with them. */
  readonly damaged: readonly { readonly file: string; readonly problem: string }[];
  /** The significance level for corrected p-values. */
  readonly level: number;
}

/** Every pair is compared separately: more sides would take hours. */
const maximumSides = 40;

/**
 * Compares several results or folders of results: each model in each of its configurations is a separate side, and every
 * pair of sides is compared on every task that both have. The p-values are corrected by Holm's procedure for all
 * comparisons together.
 *
 * @param paths result files and folders of result files
 * @throws FileError if there are no results, TaskError if no two sides have a task in common
 */
export async function compareSeveral(
  paths: readonly string[],
  options: CompareSeveralOptions = {},
): Promise<SeveralComparison> {
  const { seed = 0, level = 0.05, metrics = [], pairs = 'all', where } = options;
  const { sides, damaged } = await findSides(paths, where);
  const planned = pairsOf(sides, pairs);
  if (planned.length === 0) {
    const unread = damaged
      .slice(0, 3)
      .map(({ file, problem }) => `; '${file}' was skipped: ${problem}`)
      .join('');
    throw new TaskError({
      asked: `results to compare in ${paths.map((path) => `'${path}'`).join(', ')}`,
      found: `${sides.length} ${sides.length === 1 ? 'configuration' : 'configurations'} without a task in common${unread}`,
      fix: 'pass results of two or more models or configurations on the same tasks',
    });
  }
  const compared: Omit<PairComparison, 'adjustedPValue' | 'better'>[] = [];
  const failures: SeveralComparison['failures'][number][] = [];
  let read = readingOnce(metrics);
  for (const [index, { pair, task }] of planned.entries()) {
    options.abortSignal?.throwIfAborted();
    options.onTask?.(task, index, planned.length);
    if (task !== planned[index - 1]?.task) read = readingOnce(metrics);
    const [first, second] = pair.map((side) => sides[side].files.get(task)!);
    try {
      const one = await read(first);
      compared.push({ sides: pair, ...compareTask(task, [one, await read(second)], seed, metrics) });
    } catch (error) {
      if (!(error instanceof HearkenError)) throw error;
      failures.push({ sides: pair, task, error });
    }
  }
  return { sides, comparisons: adjusted(compared, level, metrics), failures, damaged, level };
}

function pairsOf(sides: readonly ComparedSide[], kind: 'all' | 'first') {
  const tasks = [...new Set(sides.flatMap(({ files }) => [...files.keys()]))].sort();
  return tasks.flatMap((task) => {
    const scored = [...sides.keys()].filter((side) => sides[side].files.has(task));
    const pairs = scored.flatMap((first, index) => scored.slice(index + 1).map((second) => [first, second] as const));
    return pairs.filter(([first]) => kind === 'all' || first === 0).map((pair) => ({ pair, task }));
  });
}

/** The results, grouped by configuration into sides. */
async function findSides(
  paths: readonly string[],
  where: ReadonlyMap<string, string> = new Map(),
): Promise<Pick<SeveralComparison, 'sides' | 'damaged'>> {
  const sides = new Map<string, { readonly result: Result; readonly files: Map<string, string> }>();
  const read = await readResults(paths);
  const damaged = read.damaged.map(({ path, problem }) => ({ file: path, problem: problem.message }));
  for (const { path, result } of inOrderOf(paths, read.results)) {
    if (!isWanted(result, where)) continue;
    const { model, evaluation } = identityOf(result);
    // The content of `clips.csv` belongs to the task, not the configuration.
    const key = hashIdentity({ model, evaluation: { ...evaluation, clipsSha256: undefined } });
    const side = sides.get(key) ?? { result, files: new Map<string, string>() };
    const known = side.files.get(result.task.id);
    if (known !== undefined) {
      throw new FileError({
        asked: `one result of task '${result.task.id}' by ${modelName(result.model)} in one configuration`,
        found: `'${known}' and '${path}'`,
        fix: 'pass only the files to compare',
      });
    }
    side.files.set(result.task.id, path);
    sides.set(key, side);
  }
  if (sides.size === 0) {
    if (where.size === 0) throw noResultsError(paths, read);
    const wanted = [...where].map(([key, value]) => `${key}=${value}`).join(', ');
    throw new FileError({
      asked: `results with ${wanted} in ${paths.map((path) => `'${path}'`).join(', ')}`,
      found: damaged.length === 0 ? 'none' : `only '${damaged[0].file}', which cannot be read: ${damaged[0].problem}`,
      fix: "pass files or folders written by 'hearken run'",
    });
  }
  if (sides.size > maximumSides) {
    throw new OptionError({
      asked: 'a comparison of all results',
      found: `${sides.size} configurations, over ${maximumSides}`,
      fix: 'pass fewer files, or filter them with --where',
    });
  }
  const found = [...sides.values()];
  const settings = found.map(({ result }) => configurationOf(result));
  const differing = settingNames(settings).filter(
    (name) => new Set(settings.map((side) => hashIdentity(valueOf(side, name)))).size > 1,
  );
  const named = found.map(({ result: { model }, files }, index) => ({
    model: modelName(model),
    settings: Object.fromEntries(differing.map((name) => [name, valueOf(settings[index], name)])),
    files,
  }));
  return { sides: named, damaged };
}

/** Results in the order of the paths that contain them: the first path holds what the others are compared with. */
function inOrderOf(paths: readonly string[], results: readonly ResultAt[]): ResultAt[] {
  const places = paths.map((path) => resolve(path));
  const placed = results.map((one) => {
    const whole = resolve(one.path);
    return { one, place: places.findIndex((place) => whole === place || whole.startsWith(join(place, sep))) };
  });
  // The sort is stable, so the order within a folder is kept.
  return placed.sort((first, second) => first.place - second.place).map(({ one }) => one);
}

function isWanted(result: Result, where: ReadonlyMap<string, string>): boolean {
  const settings: Record<string, unknown> = {
    ...configurationOf(result),
    model: modelName(result.model),
    task: result.task.id,
  };
  return [...where].every(([name, wanted]) => {
    // `plugin:model` matches all checkpoints of that architecture.
    if (name === 'model' && wanted === `${result.model.plugin}:${result.model.model}`) return true;
    const value = Object.hasOwn(settings, name) ? settings[name] : undefined;
    return (typeof value === 'string' ? value : JSON.stringify(value)) === wanted;
  });
}

/** Settings by the names used by `compare`, without the hash of `clips.csv`, which belongs to the task. */
function configurationOf(result: Result): Record<string, unknown> {
  const { clipsSha256: _, ...settings } = settingsOf(result);
  return settings;
}
