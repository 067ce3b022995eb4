import { TaskError } from '@hearken/core';
import { mean } from '@hearken/metrics';
import { type HearTask, hearTaskOf, hearTasks, type HearTitle } from '@hearken/tasks';
import { leaderboard, type LeaderboardRow, leaderboardTasks } from '@hearken/tasks/internal';

/** The leaderboard's rows from the challenge: scores are normalised by the best of them. */
const challengeRows = leaderboard.filter(({ submitted }) => submitted === 'HEAR 2021');

/** A row's score on a task; null if it has none. */
export function publishedScore(row: LeaderboardRow, title: HearTitle): number | null {
  return row.scores[leaderboardTasks.indexOf(title)];
}

const bestScores = new Map<HearTitle, { readonly score: number; readonly model: string }>(
  leaderboardTasks.map((title) => {
    const scores = challengeRows.map((row) => ({ score: publishedScore(row, title) ?? -Infinity, model: row.model }));
    return [title, scores.reduce((best, one) => (one.score > best.score ? one : best))];
  }),
);

/** The best HEAR 2021 submission's score on a task, and which one it is. */
export function bestHear2021Score(title: HearTitle): { readonly score: number; readonly model: string } {
  return bestScores.get(title)!;
}

/**
 * A score divided by the best HEAR 2021 submission's: 1 is as good as the best one, and more is better than all of
 * them. A Beehive fold is divided by the best mean of both folds, because there is no score for each fold.
 *
 * @param metric the score's metric; default: the leaderboard's
 * @returns null for a task that is not on the HEAR leaderboard, for another metric, and for an undefined score
 */
export function normalizedScore(taskName: string, mode: string, score: number | null, metric?: string): number | null {
  const task = hearTaskOf(taskName, mode);
  if (task === undefined || score === null || (metric ?? task.metric) !== task.metric) return null;
  return score / bestHear2021Score(task.title).score;
}

/** A model's score on one folder of a task. */
export interface TaskScore {
  readonly taskName: string;
  readonly mode: string;
  /** The score for the leaderboard's metric; null if it is undefined. */
  readonly score: number | null;
}

/** A model's mean score, and the tasks that it includes. */
export interface NormalizedMean {
  /** Mean of the normalised scores; null if no task counts. */
  readonly mean: number | null;
  /** The tasks that count, in the leaderboard's order. */
  readonly tasks: readonly { readonly title: HearTitle; readonly score: number; readonly normalized: number }[];
  /** The tasks of the leaderboard that do not count: they have no score, or not for every folder. */
  readonly missing: readonly HearTitle[];
}

/**
 * A model's mean normalised score over the HEAR tasks that it has. A task counts if all its folders have a score; the
 * task's score is their mean. Tasks that are not HEAR's are ignored.
 *
 * @throws TaskError if a folder occurs twice
 */
export function normalizedMean(scores: readonly TaskScore[]): NormalizedMean {
  const byFolder = new Map<string, number | null>();
  for (const { taskName, mode, score } of scores) {
    const key = `${taskName}-${mode}`;
    if (byFolder.has(key)) {
      throw new TaskError({
        asked: `one score for task '${taskName}' (${mode})`,
        found: 'two',
        fix: 'choose one result for each task',
      });
    }
    byFolder.set(key, score);
  }
  const tasks: NormalizedMean['tasks'][number][] = [];
  const missing: HearTitle[] = [];
  for (const task of hearTasks) {
    const score = taskScore(task, byFolder);
    if (score === undefined) missing.push(task.title);
    else tasks.push({ title: task.title, score, normalized: score / bestHear2021Score(task.title).score });
  }
  return { mean: tasks.length === 0 ? null : mean(tasks.map(({ normalized }) => normalized)), tasks, missing };
}

function taskScore({ folders }: HearTask, byFolder: ReadonlyMap<string, number | null>): number | undefined {
  const scores = folders.map(({ taskName, mode }) => byFolder.get(`${taskName}-${mode}`) ?? null);
  const defined = scores.filter((score) => score !== null);
  return defined.length === scores.length ? mean(defined) : undefined;
}

/** Mean and deviation of the challenge's scores on each task, over the rows that have one. */
const challengeSpread = new Map<HearTitle, { readonly centre: number; readonly deviation: number }>(
  leaderboardTasks.map((title) => {
    const scores = challengeRows.map((row) => publishedScore(row, title)).filter((score) => score !== null);
    const centre = mean(scores);
    return [title, { centre, deviation: Math.sqrt(mean(scores.map((score) => (score - centre) ** 2))) }];
  }),
);

/**
 * The normalised score as HEAR defines it: standardised to mean 0 and deviation 1 (n in the denominator) over a task's
 * scores, then winsorised to [-1, 1], so that no single task dominates. Source: J. Turian et al., "HEAR: Holistic
 * Evaluation of Audio Representations" (2022), arXiv 2203.03022, and its tool hear-leaderboard. Here the scale is
 * always that of the HEAR 2021 submissions, so that a row's score does not depend on which other rows are shown; and
 * unlike in that tool, missing scores are not imputed.
 */
export function standardizedScore(title: HearTitle, score: number): number {
  const { centre, deviation } = challengeSpread.get(title)!;
  return Math.max(-1, Math.min(1, (score - centre) / deviation));
}
