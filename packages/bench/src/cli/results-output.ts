import { HearkenError } from '@hearken/core';
import { hearTaskOf } from '@hearken/tasks';
import { clinicalMetricsOf, clipCountText, normalizedMean, type NormalizedMean } from '@hearken/results/internal';
import { hasFailed, shownModel, type FinishedTask, type TaskOutcome } from '../run/benchmark.js';
import { metricByName, metricNames, thresholdsOf } from '@hearken/metrics';
import type { Result, ResultScore } from '@hearken/results';
import { tableText } from './table.js';

/** A column of the table at the end of a run. */
interface Column {
  readonly heading: string;
  readonly text: (outcome: FinishedTask, score: ResultScore) => string;
  /** The column is left out if no row has a value. */
  readonly isNeeded?: (outcome: FinishedTask) => boolean;
  /** Applies to the whole run, so it is only in the row of the deciding metric. */
  readonly isOfRun?: boolean;
}

const columns: readonly Column[] = [
  {
    heading: 'trained on',
    text: ({ result: { evaluation, trainClips } }) => `${evaluation.trainFraction ?? 1}${clipsText(trainClips)}`,
    isNeeded: ({ result }) => result.evaluation.trainFraction !== undefined,
    isOfRun: true,
  },
  { heading: 'score', text: (_, score) => scoreWord(score) },
  { heading: '95% interval', text: (_, score) => intervalText(score) },
  { heading: 'n', text: (_, score) => clipCountText(score) },
  {
    heading: 'left out',
    text: ({ result }) => String(result.leftOut?.length ?? 0),
    isNeeded: ({ result }) => (result.leftOut ?? []).length > 0,
    isOfRun: true,
  },
  { heading: 'chance', text: (_, score) => decimals(score.chance) },
  { heading: 'deviation', text: (_, score) => decimals(score.deviation) },
  {
    heading: 'over seeds',
    text: (_, score) => decimals(score.seedDeviation),
    isNeeded: (outcome) => primaryScore(outcome).seedDeviation !== undefined,
  },
  {
    heading: 'normalised',
    text: ({ result }) => decimals(result.normalizedScore),
    isNeeded: ({ result }) => typeof result.normalizedScore === 'number',
    isOfRun: true,
  },
  { heading: 'embed s', text: ({ result }) => result.seconds.embed.toFixed(1), isOfRun: true },
  { heading: 'probe s', text: ({ result }) => result.seconds.probe.toFixed(1), isOfRun: true },
];

/** Number of training clips in the first fold. */
function clipsText(trainClips: readonly number[] | undefined): string {
  return trainClips === undefined ? '' : ` (${trainClips[0]} clips)`;
}

/**
 * The end of a run: one row per task (without scores if it failed), and below it the means over HEAR's tasks. Empty if
 * no task has a score: the errors have already been printed.
 */
export function resultsTable(outcomes: readonly TaskOutcome[]): string {
  const finished = outcomes.filter((outcome): outcome is FinishedTask => !hasFailed(outcome));
  if (finished.length === 0) return '';
  const shown = columns.filter(({ isNeeded }) => isNeeded === undefined || finished.some(isNeeded));
  const numbers = shown.map(({ heading }) => heading);
  const hasWays = outcomes.some(({ evaluation }) => evaluation !== undefined);
  const rows = outcomes.flatMap((outcome) => {
    const { evaluation = '' } = outcome;
    const of = [outcome.task, shownModel(outcome), ...(hasWays ? [evaluation] : [])];
    if (hasFailed(outcome)) return [[...of, 'failed', ...numbers.map(() => '')]];
    const { result } = outcome;
    const further = clinicalMetricsOf({ metric: result.metric, names: Object.keys(result.scores) });
    return [result.metric, ...further].map((metric, index) => [
      ...(index === 0 ? of : of.map(() => '')),
      `${metric}${thresholdText(result, metric)}`,
      ...shown.map(({ text, isOfRun }) =>
        index > 0 && isOfRun === true ? '' : text(outcome, result.scores[metric] ?? noScore),
      ),
    ]);
  });
  const headings = ['task', 'model', ...(hasWays ? ['evaluation'] : []), 'metric', ...numbers];
  const table = tableText(headings, rows, numbers);
  return table + legendText(finished) + meansText(finished);
}

/** What the columns of numbers mean. */
function legendText(finished: readonly FinishedTask[]): string {
  const overs = new Set(finished.map((outcome) => primaryScore(outcome).interval?.over));
  const over =
    overs.has('groups') && overs.size === 1
      ? 'groups of clips'
      : overs.has('groups')
        ? 'groups of clips if a task has groups, else clips taken as independent'
        : 'clips, taken as independent';
  const isKnown = finished.some((outcome) => primaryScore(outcome).clips !== undefined);
  return isKnown
    ? `n: test clips. Interval: other draws of ${over}. Chance: the same answer for every clip, learned from the training labels. Deviation: sample standard deviation over folds.\n`
    : '';
}

/** ` (from 0.42, ...)`: the thresholds for the positive label that were chosen on each fold's validation split. */
function thresholdText({ folds, task }: Result, name: string): string {
  const metric = metricNames().includes(name) ? metricByName(name) : undefined;
  const rule = metric?.kind === 'scene' ? metric.thresholdRule : undefined;
  if (rule === undefined) return '';
  const chosen = folds.map(({ decision }) => thresholdsOf(decision, name)?.at(task.labels === 1 ? 0 : 1));
  const known = chosen.filter((threshold) => threshold !== undefined);
  // With more than two labels, a result does not say which one is positive.
  if (known.length === 0 || task.labels > 2) return ` (threshold of ${rule} on validation)`;
  const [least, most] = [Math.min(...known), Math.max(...known)].map((value) => value.toFixed(3));
  return ` (from ${least}${least === most ? '' : ` to ${most}`}, ${rule} on validation)`;
}

/** The mean normalised score of each model, with the names of the tasks. */
function meansText(finished: readonly FinishedTask[]): string {
  const nameOf = (outcome: FinishedTask) =>
    shownModel(outcome) + (outcome.evaluation === undefined ? '' : `, ${outcome.evaluation}`);
  const models = [...new Set(finished.map(nameOf))];
  return models
    .flatMap((model) => {
      const { mean, tasks } = hearMean(finished.filter((outcome) => nameOf(outcome) === model)) ?? { mean: null };
      if (mean === null || tasks === undefined) return [];
      const names = tasks.map(({ title }) => title).join(', ');
      return [`${model}: mean normalised score ${decimals(mean)} over ${tasks.length} of HEAR's 19 tasks (${names})\n`];
    })
    .join('');
}

/** Undefined if a task occurs twice, because it is unclear which one counts. */
function hearMean(finished: readonly FinishedTask[]): NormalizedMean | undefined {
  const scores = finished
    // A score with another metric than the leaderboard's does not count.
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
    const fraction = trainFraction === undefined ? {} : { trainFraction };
    return { task, model, ...namesJson(outcome), ...fraction, error: error.message, ...parts };
  }
  const { result, model, path } = outcome;
  const { mean, deviation, interval, seedDeviation, clips, groups, chance } = primaryScore(outcome);
  const hearTask = hearTaskOf(result.task.name, result.task.mode);
  return {
    task: result.task.name,
    model,
    ...namesJson(outcome),
    ...subsetJson(result),
    ...(result.leftOut === undefined ? {} : { leftOut: result.leftOut }),
    metric: result.metric,
    score: mean,
    std: deviation,
    interval: interval ?? null,
    ...(clips === undefined ? {} : { clips }),
    ...(groups === undefined ? {} : { groups }),
    ...(chance === undefined ? {} : { chance }),
    ...(seedDeviation === undefined ? {} : { seedStd: seedDeviation }),
    normalized: result.normalizedScore ?? null,
    ...(hearTask === undefined ? {} : { hearTask: hearTask.title }),
    seconds: result.seconds,
    taskId: result.task.id,
    scores: result.scores,
    warnings: result.warnings,
    ...(result.assumptions === undefined ? {} : { assumptions: result.assumptions }),
    file: path,
  };
}

/** What tells rows of a campaign apart. */
function namesJson({ name, evaluation }: TaskOutcome): Record<string, unknown> {
  return { ...(name === undefined ? {} : { name }), ...(evaluation === undefined ? {} : { evaluation }) };
}

/** Which clips trained and tested, if not all did. */
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
  const { deviation, interval, parts, chance } = score;
  const spread = deviation === null ? '' : ` ± ${decimals(deviation)} (deviation over folds)`;
  const range = interval ? ` [${intervalText(score)}]` : '';
  const context = [
    ...(score.clips === undefined ? [] : [`n ${clipCountText(score)}`]),
    ...(typeof chance === 'number' ? [`chance ${decimals(chance)}`] : []),
  ];
  const partTexts = ['precision', 'recall'].flatMap((part) =>
    parts !== undefined && Object.hasOwn(parts, part) ? [`${part} ${decimals(parts[part])}`] : [],
  );
  return [`${outcome.result.metric} ${scoreWord(score)}${spread}${range}`, ...context, ...partTexts].join(', ');
}

const noScore: ResultScore = { mean: null, deviation: null, interval: null };

function primaryScore({ result }: FinishedTask): ResultScore {
  return result.scores[result.metric] ?? noScore;
}

/** A score, or that there is none; a number that stands for an undefined score says so. */
function scoreWord({ mean, undefinedOn = [] }: ResultScore): string {
  if (mean === null) return undefinedOn.length === 0 ? '-' : 'undefined';
  return `${decimals(mean)}${undefinedOn.length === 0 ? '' : ' (undefined)'}`;
}

/** Results of earlier versions have no interval. */
function intervalText({ interval }: { readonly interval?: ResultScore['interval'] }): string {
  return interval ? `${decimals(interval.low)} to ${decimals(interval.high)}` : '-';
}

function decimals(score: number | null | undefined): string {
  return score === null || score === undefined ? '-' : score.toFixed(4);
}
