import { modelName } from '../models/model-name.js';
import { HearkenError, TaskError } from '@hearken/core';
import type { Extensions } from '../extensions/metric-extensions.js';
import { holmAdjusted, type Metric, metricByName } from '@hearken/metrics';
import { areEqualLists, scoringKind, type TestAnswers } from '@hearken/metrics/internal';
import { compareAnswers, type AnswersComparison } from './compare-answers.js';
import type { ResultAt } from '../format/read-results.node.js';
import { findResults } from './find-results.node.js';
import { readScoredResult, type ScoredResult } from './read-scored-result.node.js';
import { numberOrNull } from '@hearken/core/internal';
import { clinicalMetricsOf } from '../result/clinical-metrics.js';
import { areTooFewGroups } from '@hearken/tasks/internal';
import { leftOutDifference, settingDifferences, type SettingDifference } from './setting-differences.js';

/** How to compare, with any custom metrics. */
export interface CompareOptions extends Pick<Extensions, 'metrics'> {
  /** Seeds all random draws; default 0. */
  readonly seed?: number;
  /** A difference counts as significant if its corrected p-value is below this; default 0.05. */
  readonly level?: number;
  /** Called before each task. */
  readonly onTask?: (task: string, index: number, total: number) => void;
  /** Stops the comparison; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}

/** One side of a comparison. */
export interface ComparedResult {
  /** Its result file. */
  readonly path: string;
  /** `plugin:model` */
  readonly model: string;
  /** How it was scored: probe, grid, seeds. */
  readonly evaluation: ScoredResult['result']['evaluation'];
}

/** Two models on one task. */
export interface TaskComparison extends AnswersComparison {
  /** The task's id, `taskName-version-mode`. */
  readonly task: string;
  /** The metric that decides: the task's first. */
  readonly metric: string;
  /** The two results, in the order they were passed. */
  readonly results: readonly [ComparedResult, ComparedResult];
  /** Other settings that differ: those of the evaluation and, if both are the same model, its version, checkpoint, options and backend. */
  readonly differences: readonly SettingDifference[];
  /** Corrected for the number of tasks by Holm's procedure. */
  readonly adjustedPValue: number;
  /** Which of the two is significantly better; null if the difference may be chance or there are too few groups. */
  readonly better: 0 | 1 | null;
  /** What the same answer for every clip would score, as stated by each result; null if not stated. */
  readonly chance: readonly [number | null, number | null];
  /** Clinical metrics of both on the same clips. Their p-values are not corrected. */
  readonly further: readonly FurtherComparison[];
}

/** Two models compared by a metric other than the deciding one. */
export interface FurtherComparison
  extends Pick<AnswersComparison, 'scores' | 'difference' | 'interval' | 'pValue'>, Pick<TaskComparison, 'chance'> {
  /** Its name. */
  readonly metric: string;
  /** How many clips each model's score is computed from: for a predictive value, those predicted as positive. */
  readonly clips: readonly [number | null, number | null];
}

/** A task that both have but that could not be compared. */
export interface FailedComparison {
  /** The task's id. */
  readonly task: string;
  /** Why the two cannot be compared on it. */
  readonly error: HearkenError;
}

/** A comparison of two models on all tasks that both have. */
export interface Comparison {
  /** One per task. */
  readonly comparisons: readonly TaskComparison[];
  /** Tasks that could not be compared. */
  readonly failures: readonly FailedComparison[];
  /** Tasks that only the first, and only the second, has. */
  readonly alone: readonly [readonly string[], readonly string[]];
  /** The significance level for corrected p-values. */
  readonly level: number;
}

/**
 * Compares two results, or the results of two models on every task that both have: which differences are larger than
 * the choice of test clips explains.
 *
 * @param paths two result files, or two folders of results
 * @throws FileError if there are no results, TaskError if the two have no task in common
 */
export async function compareResults(
  paths: readonly [string, string],
  options: CompareOptions = {},
): Promise<Comparison> {
  const { seed = 0, level = 0.05, metrics = [] } = options;
  const [first, second] = [await findResults(paths[0]), await findResults(paths[1])];
  const tasks = [...first.keys()].filter((task) => second.has(task)).sort();
  if (tasks.length === 0) {
    throw new TaskError({
      asked: `a task that both '${paths[0]}' and '${paths[1]}' have`,
      found: `no common task: the first has ${[...first.keys()].join(', ')}; the second has ${[...second.keys()].join(', ')}`,
      fix: 'pass results of the same tasks',
    });
  }
  const compared: Omit<TaskComparison, 'adjustedPValue' | 'better'>[] = [];
  const failures: FailedComparison[] = [];
  for (const [index, task] of tasks.entries()) {
    options.abortSignal?.throwIfAborted();
    options.onTask?.(task, index, tasks.length);
    try {
      const paths = [pathOf(first.get(task)!), pathOf(second.get(task)!)];
      const one = await readScoredResult(paths[0], metrics);
      compared.push(compareTask(task, [one, await readScoredResult(paths[1], metrics)], seed, metrics));
    } catch (error) {
      if (!(error instanceof HearkenError)) throw error;
      failures.push({ task, error });
    }
  }
  return {
    comparisons: adjusted(compared, level, metrics),
    failures,
    alone: [only(first, second), only(second, first)],
    level,
  };
}

/** Adds to each comparison its p-value corrected for the number of comparisons, and which side is better. */
export function adjusted<One extends Omit<TaskComparison, 'adjustedPValue' | 'better'>>(
  compared: readonly One[],
  level: number,
  custom: readonly Metric[] = [],
): (One & Pick<TaskComparison, 'adjustedPValue' | 'better'>)[] {
  const corrected = holmAdjusted(compared.map(({ pValue }) => pValue));
  return compared.map((comparison, index) => ({
    ...comparison,
    adjustedPValue: corrected[index],
    better: corrected[index] < level && !hasTooFewGroups(comparison) ? betterOf(comparison, custom) : null,
  }));
}

/** Whether the test clips are grouped, with too few groups to tell models apart. */
export function hasTooFewGroups({ groups }: Pick<AnswersComparison, 'groups'>): boolean {
  return groups !== undefined && areTooFewGroups(groups);
}

function pathOf(found: ResultAt | HearkenError): string {
  if (found instanceof HearkenError) throw found;
  return found.path;
}

function only(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): string[] {
  return [...one.keys()].filter((task) => !other.has(task)).sort();
}

function betterOf(
  { metric, difference }: { metric: string; difference: number },
  custom: readonly Metric[],
): 0 | 1 | null {
  if (difference === 0) return null;
  return difference > 0 === metricByName(metric, custom).maximize ? 0 : 1;
}

/**
 * Compares two results on a task.
 *
 * @param custom custom metrics
 * @throws TaskError if their test clips differ
 */
export function compareTask(
  task: string,
  results: readonly [ScoredResult, ScoredResult],
  seed: number,
  custom: readonly Metric[],
): Omit<TaskComparison, 'adjustedPValue' | 'better'> {
  checkSameTest(task, results);
  const [{ result, labels, answers }, other] = results;
  const comparison = compareAnswers(result.metric, labels, [answers, other.answers], seed, custom);
  if (comparison === null) {
    throw new TaskError({
      asked: `${result.metric} of both models on task '${task}'`,
      found: 'an undefined score',
      fix: 'compare them on another task: the metric is undefined on these test clips',
    });
  }
  const sides = results.map(({ path, result: { model, evaluation } }) => {
    return { path, model: modelName(model), evaluation };
  });
  return {
    task,
    metric: result.metric,
    results: sides as [ComparedResult, ComparedResult],
    differences: settingDifferences(result, other.result),
    ...comparison,
    chance: chanceLevels(results, result.metric),
    further: furtherComparisons(results, seed),
  };
}

/** Results of earlier versions lack it, and untrusted ones may hold anything. */
function chanceLevels(
  [first, second]: readonly [ScoredResult, ScoredResult],
  metric: string,
): readonly [number | null, number | null] {
  return [numberOrNull(first.result.scores[metric].chance), numberOrNull(second.result.scores[metric].chance)];
}

/** The clinical metrics that both results have. */
function furtherComparisons(results: readonly [ScoredResult, ScoredResult], seed: number): FurtherComparison[] {
  const [{ result, labels, answers }, other] = results;
  return clinicalMetricsOf({ metric: result.metric, names: Object.keys(result.scores) })
    .filter((metric) => Object.hasOwn(other.result.scores, metric))
    .flatMap((metric) => {
      const found = compareAnswers(metric, labels, [answers, other.answers], seed);
      if (found === null) return [];
      const { scores, difference, interval, pValue } = found;
      const [firstClips, secondClips] = results.map((one) => one.result.scores[metric].clips ?? null);
      const chance = chanceLevels(results, metric);
      return [{ metric, scores, difference, interval, pValue, chance, clips: [firstClips, secondClips] as const }];
    });
}

/** @throws TaskError unless both results have the same metric, clips and labels */
function checkSameTest(task: string, [first, second]: readonly [ScoredResult, ScoredResult]): void {
  const refuse = (found: string, fix: string) => {
    throw new TaskError({
      asked: `a comparison of '${first.path}' and '${second.path}' on task '${task}'`,
      found,
      fix,
    });
  };
  const [one, other] = [first.result, second.result];
  if (one.metric !== other.metric) refuse(`${one.metric} and ${other.metric}`, 'score both by the same metric');
  // Models with different sample rates read different folders of the same clips, with different content hashes.
  const sameFolder = one.task.sampleRate === other.task.sampleRate;
  if (sameFolder && one.task.contentHash !== other.task.contentHash) {
    const hashes = [one, other].map(({ task: { contentHash } }) => contentHash.slice(0, 12));
    refuse(`task content hashes ${hashes.join(' and ')}`, 'run both models on the same files');
  }
  const difference = testDifference(first, second);
  if (difference === undefined) return;
  if (leftOutDifference(one, other) !== undefined) {
    const counts = [one, other].map(({ leftOut = [] }) => leftOut.length);
    refuse(
      `${difference}: ${counts.join(' and ')} clips were left out because they could not be read`,
      'repair the clips and run both models again',
    );
  }
  refuse(difference, 'run both models on the same task, with the same folds');
}

function testDifference(first: ScoredResult, second: ScoredResult): string | undefined {
  if (!areEqualLists(first.labels, second.labels)) return 'different labels';
  if (first.answers.length !== second.answers.length) return 'different numbers of folds';
  for (const [index, one] of first.answers.entries()) {
    const other = second.answers[index];
    if (one.test !== other.test) return `folds '${one.test}' and '${other.test}'`;
    if (!areEqualLists(one.clips, other.clips)) return `different test clips in fold '${one.test}'`;
    if (!haveSameReference(one, other)) return `different labels for the test clips in fold '${one.test}'`;
  }
  return undefined;
}

function haveSameReference(first: TestAnswers, second: TestAnswers): boolean {
  return first.kind === second.kind && scoringKind(first).haveSameReference(first, second);
}
