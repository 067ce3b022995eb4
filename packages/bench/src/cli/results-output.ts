import { HearkenError } from '@hearken/core';
import { hasFailed, type FinishedTask, type TaskOutcome } from '../run/benchmark.js';
import { tableText } from './table.js';

/** The table that ends a run: a row a task; failed ones show why. */
export function resultsTable(outcomes: readonly TaskOutcome[]): string {
  const head = ['task', 'model', 'metric', 'score', 'deviation', 'embed s', 'probe s'];
  return tableText(head, outcomes.map(row), head.slice(3));
}

function row(outcome: TaskOutcome): string[] {
  const { task, model } = outcome;
  if (hasFailed(outcome)) return [task, model, 'failed', '', '', '', ''];
  const { metric, seconds } = outcome.result;
  const { mean, deviation } = primaryScore(outcome);
  return [task, model, metric, decimals(mean), decimals(deviation), seconds.embed.toFixed(1), seconds.probe.toFixed(1)];
}

/** The array that `--json` prints. */
export function resultsJson(outcomes: readonly TaskOutcome[]): string {
  return `${JSON.stringify(outcomes.map(jsonEntry), undefined, 2)}\n`;
}

function jsonEntry(outcome: TaskOutcome): Record<string, unknown> {
  if (hasFailed(outcome)) {
    const { task, model, error } = outcome;
    const parts = error instanceof HearkenError ? { asked: error.asked, found: error.found, fix: error.fix } : {};
    return { task, model, error: error.message, ...parts };
  }
  const { result, model, path } = outcome;
  const { mean, deviation } = primaryScore(outcome);
  return {
    task: result.task.name,
    model,
    metric: result.metric,
    score: mean,
    std: deviation,
    seconds: result.seconds,
    taskId: result.task.id,
    scores: result.scores,
    file: path,
  };
}

/** One line for a finished task. */
export function scoreText(outcome: FinishedTask): string {
  const { mean, deviation } = primaryScore(outcome);
  return `${outcome.result.metric} ${decimals(mean)}${deviation === null ? '' : ` ± ${decimals(deviation)}`}`;
}

function primaryScore({ result }: FinishedTask): { mean: number | null; deviation: number | null } {
  return result.scores[result.metric] ?? { mean: null, deviation: null };
}

function decimals(score: number | null): string {
  return score === null ? '-' : score.toFixed(4);
}
