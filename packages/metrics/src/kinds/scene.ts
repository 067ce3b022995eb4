import { positiveLabelOf, weightedShare } from '../decisions.js';
import { definedOrNull } from '../defined-or-null.js';
import type { SceneMetric } from '../metric.js';
import type { SceneScores } from '../scores.js';
import { selectClips } from '../scene-scores.js';
import { rankingMeasures, weightedRanking } from '../ranked-answers.js';
import { indicesOf, type WeightedMetric } from '../intervals/weighted-metric.js';

/** Whether only the order of a label's scores decides the metric, and not their size. */
export function isRanking(metric: SceneMetric): boolean {
  return Object.hasOwn(rankingMeasures, metric.name);
}

/** A metric over whole clips on weighted answers; one that is not known here is computed anew for each resample. */
export function weightedSceneMetric(metric: SceneMetric, scores: SceneScores): WeightedMetric {
  if (isRanking(metric)) return weightedRanking(metric.name, rankedLabels(metric, scores));
  const labels = scores.labels.length;
  const count = scores.targets.length / labels;
  if (metric.prepare !== undefined) {
    if (!scores.predictions.every((value) => Number.isFinite(value))) return { count, cost: 1, score: () => null };
    const weighted = metric.prepare(scores);
    return { count, cost: 2 * scores.targets.length, score: (weights) => definedOrNull(weighted(weights)) };
  }
  if (metric.share !== undefined) {
    if (!scores.predictions.every((value) => Number.isFinite(value))) return { count, cost: 1, score: () => null };
    const weighted = weightedShare(metric.share(scores));
    return { count, cost: count, score: (weights) => definedOrNull(weighted(weights)) };
  }
  return {
    count,
    cost: 20 * scores.targets.length,
    score: (weights) => metric.compute(selectClips(scores, indicesOf(weights))),
  };
}

/** The labels that the metric ranks: all, or of `auprc` the positive one of a binary task. */
function rankedLabels(metric: SceneMetric, scores: SceneScores): SceneScores {
  const label = metric.name === 'auprc' ? positiveLabelOf(scores) : undefined;
  if (label === undefined) return scores;
  const width = scores.labels.length;
  const predictions = Float64Array.from(scores.predictions).filter((_, index) => index % width === label);
  const targets = scores.targets.filter((_, index) => index % width === label);
  return { predictions, targets, labels: [scores.labels[label]] };
}
