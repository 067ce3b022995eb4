import { mean, standardDeviation } from '@hearken/metrics';
import type { Evaluation, FoldResult, SeedResult } from './evaluation-record.js';

/** The summary of several seeds' folds; all seeds have the same folds in the same order. */
export function summarizeScores(seeds: readonly SeedResult[], metrics: readonly string[]): Evaluation['scores'] {
  return Object.fromEntries(
    metrics.map((metric) => {
      const foldMeans = seeds[0].folds.map((_, fold) =>
        meanOrNull(seeds.map(({ folds }) => folds[fold].scores[metric])),
      );
      const summary = { mean: meanOrNull(foldMeans), deviation: deviationOrNull(foldMeans) };
      if (seeds.length === 1) return [metric, summary];
      return [metric, { ...summary, seedDeviation: deviationOrNull(seeds.map(({ scores }) => scores[metric])) }];
    }),
  );
}

/** Mean over folds by metric. */
export function foldMeans(folds: readonly FoldResult[], metrics: readonly string[]): SeedResult['scores'] {
  return Object.fromEntries(metrics.map((metric) => [metric, meanOrNull(folds.map(({ scores }) => scores[metric]))]));
}

/** Null if one of the values is undefined: a mean over the others would be the mean of something else. */
function meanOrNull(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null);
  return defined.length === values.length ? mean(defined) : null;
}

function deviationOrNull(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null);
  return defined.length === values.length && defined.length > 1 ? standardDeviation(defined) : null;
}
