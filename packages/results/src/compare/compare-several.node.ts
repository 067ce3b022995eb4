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

/** How to compare several, and which of the results. */
export interface CompareSeveralOptions extends CompareOptions {
  /** Every one with every other, or each with the first; default: all. */
  readonly pairs?: 'all' | 'first';
  /** What results must say to be compared: settings as `settingDifferences` names them, such as `probe` or `options.melBands`. */
  readonly where?: ReadonlyMap<string, string>;
}

/** One model in one configuration, on some tasks. */
export interface ComparedSide {
  /** What it is called, see `modelName`. */
  readonly model: string;
  /** What tells it from the others: settings in which not all are alike. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Its result files by task. */
  readonly files: ReadonlyMap<string, string>;
}

/** Two of the sides on one task. */
export interface PairComparison extends TaskComparison {
  /** Which two, by their places in `sides`. */
  readonly sides: readonly [number, number];
}

/** Several models on the tasks that any two of them have. */
export interface SeveralComparison {
  /** In the order of the paths that were given, in a folder by name. */
  readonly sides: readonly ComparedSide[];
  /** One a pair and task; p-values are corrected for all of them together. */
  readonly comparisons: readonly PairComparison[];
  /** Pairs that could not be compared on a task. */
  readonly failures: readonly {
    readonly sides: readonly [number, number];
    readonly task: string;
    readonly error: HearkenError;
  }[];
  /** Result files that are not whole, with what is wrong. */
  readonly damaged: readonly { readonly file: string; readonly problem: string }[];
  /** What corrected p-values were held against. */
  readonly level: number;
}

/** Every pair is compared by itself: more would take hours. */
const maximumSides = 40;

/**
 * Compares several results or folders of results: each model in each of its configurations is a side of its own, and every
 * pair of sides is compared on every task that both have. The p-values are corrected by Holm's procedure for all
 * comparisons together.
 *
 * @param paths result files and folders of such
 * @throws FileError where there are no results, TaskError where no two sides have a task in common
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

/** The results, one side a configuration. */
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
    // The content of `clips.csv` is the task's.
    const key = hashIdentity({ model, evaluation: { ...evaluation, clipsSha256: undefined } });
    const side = sides.get(key) ?? { result, files: new Map<string, string>() };
    const known = side.files.get(result.task.id);
    if (known !== undefined) {
      throw new FileError({
        asked: `one result of task '${result.task.id}' by ${modelName(result.model)} in one configuration`,
        found: `'${known}' and '${path}'`,
        fix: 'pass the files that are meant',
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
      found: damaged.length === 0 ? 'none' : `only '${damaged[0].file}', where ${damaged[0].problem}`,
      fix: "pass files or folders that 'hearken run' wrote",
    });
  }
  if (sides.size > maximumSides) {
    throw new OptionError({
      asked: 'a comparison of all results',
      found: `${sides.size} configurations, over ${maximumSides}`,
      fix: 'name the files, or choose among them with --where',
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

/** Results in the order of the paths by which they were found: the first path has what others are compared with. */
function inOrderOf(paths: readonly string[], results: readonly ResultAt[]): ResultAt[] {
  const places = paths.map((path) => resolve(path));
  const placed = results.map((one) => {
    const whole = resolve(one.path);
    return { one, place: places.findIndex((place) => whole === place || whole.startsWith(join(place, sep))) };
  });
  // The sort is stable: within a folder the order stays.
  return placed.sort((first, second) => first.place - second.place).map(({ one }) => one);
}

function isWanted(result: Result, where: ReadonlyMap<string, string>): boolean {
  const settings: Record<string, unknown> = {
    ...configurationOf(result),
    model: modelName(result.model),
    task: result.task.id,
  };
  return [...where].every(([name, wanted]) => {
    // All checkpoints of an architecture are found by it.
    if (name === 'model' && wanted === `${result.model.plugin}:${result.model.model}`) return true;
    const value = Object.hasOwn(settings, name) ? settings[name] : undefined;
    return (typeof value === 'string' ? value : JSON.stringify(value)) === wanted;
  });
}

/** Settings by the names that `compare` calls them, without the content of `clips.csv`, which is the task's. */
function configurationOf(result: Result): Record<string, unknown> {
  const { clipsSha256: _, ...settings } = settingsOf(result);
  return settings;
}
