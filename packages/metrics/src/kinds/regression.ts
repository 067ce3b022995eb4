import { definedOrNull } from '../statistics/summary.js';
import type { WeightedMetric } from '../intervals/weighted-metric.js';
import type { RegressionMetric } from '../metric.js';
import type { RegressionScores } from '../scores.js';
import type { RegressionAnswers } from './answers.js';
import { areEqualLists, noNumber, type ScoringKind } from './kind.js';

/** Numbers. */
export const regressionKind: ScoringKind<RegressionAnswers, RegressionMetric> = {
  subject: 'a metric for numbers',
  hasRowPerClip: true,
  predictsProbabilities: false,

  score: (metric, answers, labels) => metric.compute(regressionScores(answers, labels)),
  weighted: (metric, answers, labels) => weightedRegressionMetric(metric, regressionScores(answers, labels)),
  pooled(metric, first, second, labels) {
    const predictions = Float64Array.from([...first.predictions, ...second.predictions]);
    const values = Float64Array.from([...first.values, ...second.values]);
    return weightedRegressionMetric(metric, { predictions, values, labels });
  },
  share: () => undefined,
  undefinedBecause(metric, answers, labels) {
    const scores = regressionScores(answers, labels);
    return metric.undefinedBecause?.(scores) ?? noNumber(metric.compute(scores));
  },
  chance(metric, { values }, constant, labels) {
    const predictions = Float64Array.from(values, (_, index) => constant[index % labels.length]);
    return metric.compute({ predictions, values, labels });
  },
  parts: () => undefined,
  perfectSize: (_, { clips }) => clips.length,

  areFinite: ({ predictions }) => predictions.every(Number.isFinite),
  haveSameReference: (first, second) => areEqualLists(first.values, second.values),
  byteLength: ({ predictions, clips }) => predictions.byteLength + 64 * clips.length,
};

function regressionScores({ predictions, values }: RegressionAnswers, labels: readonly string[]): RegressionScores {
  return { predictions, values, labels };
}

/** A metric of numbers on weighted answers. */
function weightedRegressionMetric(metric: RegressionMetric, scores: RegressionScores): WeightedMetric {
  const count = scores.values.length / scores.labels.length;
  // A prediction that is not finite makes the whole metric undefined.
  if (!scores.predictions.every((value) => Number.isFinite(value))) return { count, cost: 1, score: () => null };
  const weighted = metric.prepare(scores);
  return { count, cost: 5 * scores.values.length, score: (weights) => definedOrNull(weighted(weights)) };
}
