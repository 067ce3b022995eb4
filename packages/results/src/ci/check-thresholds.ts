import { didYouMean } from '@hearken/core';
import { evaluationText, isScored, type RunOutcome, type ScoredOutcome } from './run-outcome.js';
import { isMet, type Threshold } from './threshold.js';

/** A threshold that a score does not meet, or that applies to no score. */
export interface MissedThreshold {
  /** What was required. */
  readonly threshold: Threshold;
  /** The result that does not meet it; absent if no result has the metric. */
  readonly outcome?: ScoredOutcome;
  /** What is wrong, in one sentence without the model and the task. */
  readonly message: string;
}

/** The scores of a run compared with thresholds. */
export interface CheckedThresholds {
  /** Number of comparisons of a score with a threshold. */
  readonly compared: number;
  /** In order of the outcomes, those without a score last. */
  readonly missed: readonly MissedThreshold[];
}

/**
 * Compares the mean scores of a run with thresholds. A threshold is also missed if no result has its metric (on its
 * task, if it names one): a check that compares nothing must not pass.
 */
export function checkThresholds(thresholds: readonly Threshold[], outcomes: readonly RunOutcome[]): CheckedThresholds {
  const pairs = outcomes
    .filter(isScored)
    .flatMap((outcome) =>
      thresholds.filter((threshold) => applies(threshold, outcome)).map((threshold) => ({ threshold, outcome })),
    );
  const missed = pairs.flatMap(({ threshold, outcome }): MissedThreshold[] => {
    const score = outcome.result.scores[threshold.metric].mean;
    if (isMet(threshold, score)) return [];
    const is = score === null ? 'is undefined' : `is ${score}`;
    return [
      { threshold, outcome, message: `${threshold.metric} ${is}, wanted ${threshold.relation} ${threshold.value}` },
    ];
  });
  const answered = new Set(pairs.map(({ threshold }) => threshold));
  const unanswered = thresholds
    .filter((threshold) => !answered.has(threshold))
    .map((threshold) => ({ threshold, message: unansweredText(threshold, outcomes) }));
  return { compared: pairs.length, missed: [...missed, ...unanswered] };
}

function applies({ task, metric }: Threshold, { result }: ScoredOutcome): boolean {
  if (!Object.hasOwn(result.scores, metric)) return false;
  return task === undefined || result.task.id === task || result.task.name === task;
}

function unansweredText({ task, metric }: Threshold, outcomes: readonly RunOutcome[]): string {
  const scored = outcomes.filter(isScored);
  if (task === undefined) {
    const others = [...new Set(scored.flatMap(({ result }) => Object.keys(result.scores)))];
    const has = others.length === 0 ? 'no task has a score' : `the tasks have ${others.slice(0, 20).join(', ')}`;
    return `no result with a score of ${metric}: ${has}`;
  }
  const ofTask = scored.filter(({ result }) => result.task.id === task || result.task.name === task);
  if (ofTask.length > 0) {
    return `no score of ${metric} on task '${task}', which has ${Object.keys(ofTask[0].result.scores).join(', ')}`;
  }
  const names = [...new Set(outcomes.map((outcome) => outcome.task))];
  if (names.includes(task)) return `no score of ${metric} on task '${task}': the task failed`;
  return `no task '${task}' in this run: ${didYouMean(task, names)}it has ${names.slice(0, 20).join(', ') || 'none'}`;
}

/** A missed threshold and the result that it is about, in one line. */
export function missedText({ threshold, outcome, message }: MissedThreshold): string {
  if (outcome === undefined) return `${threshold.text}: ${message}`;
  return `${outcome.model} on ${outcome.task} (${evaluationText(outcome.result.evaluation)}): ${message}`;
}
