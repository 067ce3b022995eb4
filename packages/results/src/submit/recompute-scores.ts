import { summarizeScores } from '../result/summarize-scores.js';
import type { FoldResult, SeedResult } from '../result/evaluation-record.js';
import { normalizedScore } from '../hear-benchmark/normalized-score.js';
import {
  bootstrapPercentiles,
  samplingUnits,
  scoreContexts,
  type ScoreInterval,
  scoreIntervals,
  scoringKind,
  scoringOf,
  type TestAnswers,
  weightedMetric,
} from '@hearken/metrics/internal';
import { type Metric, metricByName, metricNames } from '@hearken/metrics';
import type { Result } from '../format/result.js';
import type { StoredAnswers } from '../answers/stored-answers.node.js';
import { Comparison, type Recomputed } from './comparison.js';
import { recomputeDetails } from './recompute-details.js';
import { shown } from '../format/shown.js';

/** The stored answers for the test clips of a result. */
interface AllAnswers extends StoredAnswers {
  /** Of every seed; undefined if unknown or if there is only one. */
  readonly seeds?: readonly (readonly TestAnswers[])[];
}

/**
 * Recomputes every number of a result that its files allow: the scores of each fold from the predictions, means, deviations,
 * the normalised score and the intervals. For further seeds without stored predictions, only the means of their stated scores
 * are recomputed. Scores of custom metrics that are not in `custom` are taken as stated; only what follows from them is
 * recomputed.
 *
 * @param custom custom metrics
 */
export function recomputeScores(
  result: Result,
  { labels, answers, seeds: ofSeeds }: AllAnswers,
  custom: readonly Metric[] = [],
): Recomputed {
  const comparison = new Comparison();
  const isKnown = (metric: string) => metricNames(custom).includes(metric);
  const { folds, metric: deciding } = result;
  const metrics = Object.keys(result.scores);
  const tests = (of: readonly { readonly test: string }[]) => of.map(({ test }) => test);
  // Compared as lists, as names may contain any separator.
  if (answers.length !== folds.length || answers.some(({ test }, index) => test !== folds[index].test)) {
    const message = `folds are ${shown(tests(folds))}, but the stored test clips have ${shown(tests(answers))}`;
    return { problems: [{ kind: 'score', field: 'folds', message }], compared: 0 };
  }
  ofSeeds?.slice(1).forEach((seed, index) => {
    const field = `seeds[${index + 1}].folds`;
    seed.forEach((fold, place) => {
      const { test, scores } = result.seeds![index + 1].folds[place];
      comparison.checkFinite(fold);
      if (test !== fold.test) comparison.add({ fold: fold.test, field }, test, fold.test);
      for (const metric of metrics.filter(isKnown)) {
        const again = foldScore(metricByName(metric, custom), fold, labels);
        comparison.add({ fold: fold.test, metric, field }, scores[metric], again);
      }
    });
  });
  answers.forEach((fold, index) => {
    const { test, rows, scores } = folds[index];
    comparison.checkFinite(fold);
    if (scoringKind(fold).hasRowPerClip) comparison.add({ fold: test, field: 'rows' }, rows, fold.clips.length);
    for (const metric of metrics.filter(isKnown)) {
      comparison.add({ fold: test, metric }, scores[metric], foldScore(metricByName(metric, custom), fold, labels));
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
    const all = seeds.length === 1 ? [answers] : ofSeeds;
    if (all === undefined || (interval as unknown) === undefined || !isKnown(metric)) continue;
    const bounds = intervalAgain(result, all, metric, { labels, custom });
    // Intervals of earlier versions have fewer fields.
    comparison.addAll({ metric, field: 'interval' }, interval, interval?.method === undefined ? plain(bounds) : bounds);
  }
  recomputeDetails(result, { labels, answers }, comparison, custom);
  compareContexts(result, answers, comparison, { labels, custom });
  if ((result.normalizedScore as unknown) !== undefined) {
    const { name, mode } = result.task;
    const again = normalizedScore(name, mode, result.scores[deciding].mean, deciding);
    const { evaluation, leftOut = [] } = result;
    const normalized = evaluation.generalization === undefined && leftOut.length === 0 ? again : null;
    comparison.add({ metric: deciding, field: 'normalizedScore' }, result.normalizedScore, normalized);
  }
  return comparison;
}

/** Recomputes an interval by the method used for the result. */
function intervalAgain(
  { scores, evaluation: { seed } }: Result,
  seeds: readonly (readonly TestAnswers[])[],
  metric: string,
  { labels, custom }: { readonly labels: readonly string[]; readonly custom: readonly Metric[] },
): ScoreInterval | null {
  if (scores[metric].interval?.method !== undefined || scores[metric].clips !== undefined) {
    return scoreIntervals(seeds, [metric], labels, seed, custom)[metric];
  }
  // Results of earlier versions have percentile intervals, without stating it.
  const weighted = seeds.map((folds) => folds.map((fold) => weightedMetric(metric, fold, labels, custom)));
  return bootstrapPercentiles(weighted, samplingUnits(seeds[0]), seed);
}

/** The fields of intervals of earlier versions. */
function plain(interval: ScoreInterval | null): Omit<ScoreInterval, 'method' | 'over'> | null {
  if (interval === null) return null;
  const { low, high, level, samples } = interval;
  return { low, high, level, samples };
}

/** Compares the context of each score: the number of clips and groups, the chance level, and where it is undefined. */
function compareContexts(
  result: Result,
  answers: readonly TestAnswers[],
  comparison: Comparison,
  { labels, custom }: { readonly labels: readonly string[]; readonly custom: readonly Metric[] },
): void {
  const constants = result.folds.flatMap(({ constant }) => (constant?.length === labels.length ? [constant] : []));
  const metrics = Object.keys(result.scores).filter((metric) => metricNames(custom).includes(metric));
  const known = constants.length === answers.length ? constants : undefined;
  const again = scoreContexts(answers, metrics, labels, known, custom);
  for (const metric of metrics) {
    const { clips, groups, chance, undefinedOn } = result.scores[metric];
    if (clips === undefined) continue;
    comparison.add({ metric, field: 'clips' }, clips, again[metric].clips);
    comparison.add({ metric, field: 'groups' }, groups, again[metric].groups);
    if (chance !== undefined) comparison.add({ metric, field: 'chance' }, chance, again[metric].chance);
    comparison.add({ metric, field: 'undefinedOn' }, undefinedOn?.length ?? 0, again[metric].undefinedOn?.length ?? 0);
  }
}

/** The seeds as stated by the result. Their means, and the first seed's folds, are compared. */
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
  return scoringOf(metric, answers)?.score(metric, answers, labels);
}
