import { summarizeScores } from '../evaluation/summarize-scores.js';
import type { FoldResult, SeedResult } from '../evaluation/evaluation.js';
import { normalizedScore } from '../hear/normalized-score.js';
import { metricByName, metricNames, type Metric } from '../metrics/index.js';
import { harnessVersion } from '../run/harness-version.js';
import { scoreIntervals } from '../run/resampling/score-intervals.js';
import { fileMap } from './file-map.js';
import { sceneScores, type TestAnswers } from '../run/resampling/test-answers.js';
import type { Result } from '../run/result.js';
import type { StoredAnswers } from '../run/stored-answers.node.js';
import { shown, type Problem } from './problem.js';

/** How far a recomputed number may be from the stated one, relative to numbers over 1. */
export const tolerance = 1e-6;

/** What recomputing found. */
export interface Recomputed {
  readonly problems: readonly Problem[];
  /** Numbers that were compared. */
  readonly compared: number;
}

/**
 * Computes every number of a result again that its files allow: each fold's scores from the predictions, of further
 * seeds the means of what they state, means, deviations, the normalised score and, where the same version of Hearken
 * computed them, the intervals. Of a metric that is none of Hearken's own and not among `own`, what follows from its
 * scores is computed, and they themselves are not.
 *
 * @param own metrics beside Hearken's own
 */
export function recomputeScores(
  result: Result,
  { labels, answers }: StoredAnswers,
  own: readonly Metric[] = [],
): Recomputed {
  const comparison = new Comparison();
  const isKnown = (metric: string) => metricNames(own).includes(metric);
  const { folds, metric: deciding } = result;
  const metrics = Object.keys(result.scores);
  const tests = (of: readonly { readonly test: string }[]) => of.map(({ test }) => test).join(', ');
  if (tests(answers) !== tests(folds)) {
    const message = `folds are ${shown(tests(folds))}, the stored test clips are of ${shown(tests(answers))}`;
    return { problems: [{ kind: 'score', field: 'folds', message }], compared: 0 };
  }
  answers.forEach((fold, index) => {
    const { test, rows, scores } = folds[index];
    comparison.checkFinite(fold);
    if (fold.kind !== 'event') comparison.add({ fold: test, field: 'rows' }, rows, fold.clips.length);
    for (const metric of metrics.filter(isKnown)) {
      comparison.add({ fold: test, metric }, scores[metric], foldScore(metricByName(metric, own), fold, labels));
    }
  });
  const seeds = statedSeeds(result, comparison, metrics);
  const summary = summarizeScores(seeds, metrics);
  for (const metric of metrics) {
    const { mean, deviation, seedDeviation, interval } = result.scores[metric];
    const again = summary[metric];
    comparison.add({ metric, field: 'mean' }, mean, again.mean);
    comparison.add({ metric, field: 'deviation' }, deviation, again.deviation);
    if (again.seedDeviation !== undefined)
      comparison.add({ metric, field: 'seedDeviation' }, seedDeviation, again.seedDeviation);
    if (seeds.length > 1 || result.harness.version !== harnessVersion || interval === undefined) continue;
    if (!isKnown(metric)) continue;
    const bounds = scoreIntervals([answers], [metric], labels, result.evaluation.seed, own)[metric];
    comparison.add({ metric, field: 'interval.low' }, interval?.low ?? null, bounds?.low ?? null);
    comparison.add({ metric, field: 'interval.high' }, interval?.high ?? null, bounds?.high ?? null);
  }
  if (typeof result.normalizedScore === 'number') {
    const { name, mode } = result.task;
    const again = normalizedScore(name, mode, result.scores[deciding].mean, deciding);
    const own = result.evaluation.generalization === undefined ? again : null;
    comparison.add({ metric: deciding, field: 'normalizedScore' }, result.normalizedScore, own);
  }
  return comparison;
}

/** The seeds as the result states them, the first one's folds being those that were recomputed. */
function statedSeeds(result: Result, comparison: Comparison, metrics: readonly string[]): readonly SeedResult[] {
  const scored = (folds: Result['folds']) => folds as unknown as readonly FoldResult[];
  if (result.seeds === undefined) return [{ seed: result.evaluation.seed, scores: {}, folds: scored(result.folds) }];
  const seeds = result.seeds.map((one) => ({ ...one, folds: scored(one.folds) }));
  seeds.forEach(({ seed, scores, folds }, index) => {
    const means = summarizeScores([{ seed, scores, folds }], metrics);
    for (const metric of metrics) {
      comparison.add({ metric, field: `seeds[${index}].scores` }, scores[metric], means[metric].mean);
    }
  });
  result.folds.forEach(({ test, scores }, index) => {
    for (const metric of metrics) {
      comparison.add(
        { fold: test, metric, field: 'seeds[0].folds' },
        seeds[0].folds[index].scores[metric],
        scores[metric],
      );
    }
  });
  return seeds;
}

/** A metric on one fold's answers, as the evaluation computes it. */
function foldScore(metric: Metric, answers: TestAnswers, labels: readonly string[]): number | null | undefined {
  if (metric.kind === 'scene' && answers.kind === 'scene') {
    return metric.compute(sceneScores(metric.name, answers, labels));
  }
  if (metric.kind === 'regression' && answers.kind === 'regression') {
    return metric.compute({ predictions: answers.predictions, values: answers.values, labels });
  }
  // heareval counts an undefined event score as 0.
  if (metric.kind === 'event' && answers.kind === 'event') return metric.compute({ ...fileMap(answers), labels }) ?? 0;
  return undefined;
}

class Comparison implements Recomputed {
  readonly problems: Problem[] = [];
  compared = 0;

  /** What is no number compares with nothing, and so could score anything. */
  checkFinite(answers: TestAnswers): void {
    if (answers.kind === 'event' || answers.predictions.every(Number.isFinite)) return;
    const message = `fold '${answers.test}': predictions that are no finite numbers`;
    this.problems.push({ kind: 'score', fold: answers.test, message });
  }

  /** @param recomputed undefined where the metric does not go with the task */
  add(where: Pick<Problem, 'fold' | 'metric' | 'field'>, stated: unknown, recomputed: number | null | undefined): void {
    this.compared += 1;
    if (agrees(stated, recomputed)) return;
    const { fold, metric, field } = where;
    const place = [fold === undefined ? undefined : `fold '${fold}'`, metric, field]
      .filter((part) => part !== undefined)
      .join(', ');
    const message = `${place}: states ${shown(stated)}, recomputed ${recomputed === undefined ? 'nothing' : shown(recomputed)}`;
    this.problems.push({
      kind: 'score',
      ...where,
      message,
      stated: typeof stated === 'number' ? stated : null,
      recomputed: recomputed ?? null,
    });
  }
}

function agrees(stated: unknown, recomputed: number | null | undefined): boolean {
  if (typeof stated !== 'number' || typeof recomputed !== 'number') return stated === recomputed;
  return Math.abs(stated - recomputed) <= tolerance * Math.max(1, Math.abs(recomputed));
}
