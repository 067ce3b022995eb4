import { HearkenError } from '@hearken/core';
import { hearTaskOf } from '../hear/hear-tasks.js';
import { normalizedMean, type NormalizedMean } from '../hear/normalized-score.js';
import { hasFailed, type FinishedTask, type TaskOutcome } from '../run/benchmark.js';
import type { ResultScore } from '../run/result.js';
import { tableText } from './table.js';

/** A column of the table that ends a run. */
interface Column {
  readonly heading: string;
  readonly text: (outcome: FinishedTask) => string;
  /** Where nothing has it, the column is left out. */
  readonly isNeeded?: (outcome: FinishedTask) => boolean;
}

const columns: readonly Column[] = [
  {
    heading: 'trained on',
    text: ({ result: { evaluation, trainClips } }) => `${evaluation.trainFraction ?? 1}${clipsText(trainClips)}`,
    isNeeded: ({ result }) => result.evaluation.trainFraction !== undefined,
  },
  { heading: 'score', text: (outcome) => decimals(primaryScore(outcome).mean) },
  { heading: '95% interval', text: (outcome) => intervalText(primaryScore(outcome)) },
  { heading: 'deviation', text: (outcome) => decimals(primaryScore(outcome).deviation) },
  {
    heading: 'over seeds',
    text: (outcome) => decimals(primaryScore(outcome).seedDeviation),
    isNeeded: (outcome) => primaryScore(outcome).seedDeviation !== undefined,
  },
  {
    heading: 'normalised',
    text: ({ result }) => decimals(result.normalizedScore),
    isNeeded: ({ result }) => typeof result.normalizedScore === 'number',
  },
  { heading: 'embed s', text: ({ result }) => result.seconds.embed.toFixed(1) },
  { heading: 'probe s', text: ({ result }) => result.seconds.probe.toFixed(1) },
];

/** Clips that train in the first fold. */
function clipsText(trainClips: readonly number[] | undefined): string {
  return trainClips === undefined ? '' : ` (${trainClips[0]} clips)`;
}

/**
 * What ends a run: a row a task, failed ones without a score, and below it the means over HEAR's tasks. Nothing where no
 * task has a score: their errors have said so.
 */
export function resultsTable(outcomes: readonly TaskOutcome[]): string {
  const finished = outcomes.filter((outcome): outcome is FinishedTask => !hasFailed(outcome));
  if (finished.length === 0) return '';
  const shown = columns.filter(({ isNeeded }) => isNeeded === undefined || finished.some(isNeeded));
  const numbers = shown.map(({ heading }) => heading);
  const rows = outcomes.map((outcome) => {
    const { task, model } = outcome;
    if (hasFailed(outcome)) return [task, model, 'failed', ...numbers.map(() => '')];
    return [task, model, outcome.result.metric, ...shown.map(({ text }) => text(outcome))];
  });
  return tableText(['task', 'model', 'metric', ...numbers], rows, numbers) + meansText(finished);
}

/** The mean normalised score of each model, with the tasks named. */
function meansText(finished: readonly FinishedTask[]): string {
  const models = [...new Set(finished.map(({ model }) => model))];
  return models
    .flatMap((model) => {
      const { mean, tasks } = hearMean(finished.filter((outcome) => outcome.model === model)) ?? { mean: null };
      if (mean === null || tasks === undefined) return [];
      const names = tasks.map(({ title }) => title).join(', ');
      return [`${model}: mean normalised score ${decimals(mean)} over ${tasks.length} of HEAR's 19 tasks (${names})\n`];
    })
    .join('');
}

/** Undefined where a task comes twice: which of the two would count? */
function hearMean(finished: readonly FinishedTask[]): NormalizedMean | undefined {
  const scores = finished
    // Of another metric than the leaderboard's a score does not count.
    .filter(({ result }) => typeof result.normalizedScore === 'number' && result.evaluation.trainFraction === undefined)
    .map(({ result }) => ({
      taskName: result.task.name,
      mode: result.task.mode,
      score: result.scores[result.metric].mean,
    }));
  const names = new Set(scores.map(({ taskName, mode }) => `${taskName}-${mode}`));
  return names.size < scores.length ? undefined : normalizedMean(scores);
}

/** The array that `--json` prints. */
export function resultsJson(outcomes: readonly TaskOutcome[]): string {
  return `${JSON.stringify(outcomes.map(jsonEntry), undefined, 2)}\n`;
}

function jsonEntry(outcome: TaskOutcome): Record<string, unknown> {
  if (hasFailed(outcome)) {
    const { task, model, error } = outcome;
    const parts = error instanceof HearkenError ? { asked: error.asked, found: error.found, fix: error.fix } : {};
    const { trainFraction } = outcome;
    return { task, model, ...(trainFraction === undefined ? {} : { trainFraction }), error: error.message, ...parts };
  }
  const { result, model, path } = outcome;
  const { mean, deviation, interval, seedDeviation } = primaryScore(outcome);
  const hearTask = hearTaskOf(result.task.name, result.task.mode);
  return {
    task: result.task.name,
    model,
    ...subsetJson(result),
    metric: result.metric,
    score: mean,
    std: deviation,
    interval: interval ?? null,
    ...(seedDeviation === undefined ? {} : { seedStd: seedDeviation }),
    normalized: result.normalizedScore ?? null,
    ...(hearTask === undefined ? {} : { hearTask: hearTask.title }),
    seconds: result.seconds,
    taskId: result.task.id,
    scores: result.scores,
    warnings: result.warnings,
    file: path,
  };
}

/** Which clips trained and tested, where not all did. */
function subsetJson({ evaluation: { trainFraction, generalization }, trainClips }: FinishedTask['result']) {
  return {
    ...(trainFraction === undefined ? {} : { trainFraction }),
    ...(generalization === undefined ? {} : { generalization }),
    ...(trainClips === undefined ? {} : { trainClips }),
  };
}

/** One line for a finished task. */
export function scoreText(outcome: FinishedTask): string {
  const score = primaryScore(outcome);
  const { mean, deviation, interval, parts } = score;
  const spread = deviation === null ? '' : ` ± ${decimals(deviation)}`;
  const range = interval ? ` [${intervalText(score)}]` : '';
  const own = ['precision', 'recall'].flatMap((part) =>
    parts !== undefined && Object.hasOwn(parts, part) ? [`${part} ${decimals(parts[part])}`] : [],
  );
  return `${outcome.result.metric} ${decimals(mean)}${spread}${range}${own.length === 0 ? '' : `, ${own.join(', ')}`}`;
}

function primaryScore({ result }: FinishedTask): ResultScore {
  return result.scores[result.metric] ?? { mean: null, deviation: null, interval: null };
}

/** Results of earlier versions have no interval. */
function intervalText({ interval }: { readonly interval?: ResultScore['interval'] }): string {
  return interval ? `${decimals(interval.low)} to ${decimals(interval.high)}` : '-';
}

function decimals(score: number | null | undefined): string {
  return score === null || score === undefined ? '-' : score.toFixed(4);
}
