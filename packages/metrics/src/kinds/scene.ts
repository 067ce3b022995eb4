import { defaultThreshold, reached, weightedShare } from '../decisions.js';
import { definedOrNull } from '../statistics/summary.js';
import { indicesOf, type WeightedMetric } from '../intervals/weighted-metric.js';
import type { SceneMetric } from '../metric.js';
import { midranks } from '../midranks.js';
import { selectClips } from '../scene-scores.js';
import type { SceneScores } from '../scores.js';
import type { SceneAnswers } from './answers.js';
import { areEqualLists, noNumber, type ScoringKind } from './kind.js';

/** Labels of whole clips. */
export const sceneKind: ScoringKind<SceneAnswers, SceneMetric> = {
  subject: 'a metric for the labels of whole clips',
  hasRowPerClip: true,
  predictsProbabilities: true,

  score: (metric, answers, labels) => metric.compute(sceneScores(metric.name, answers, labels)),
  weighted: (metric, answers, labels) => weightedSceneMetric(metric, sceneScores(metric.name, answers, labels)),
  pooled(metric, first, second, labels) {
    const scales = [first, second].map((answers) => onOneScale(metric, answers, labels));
    const predictions = Float64Array.from(scales.flatMap((scale) => [...scale]));
    const targets = Uint8Array.from([...first.targets, ...second.targets]);
    const { thresholds: _, ...scores } = sceneScores(metric.name, first, labels);
    return weightedSceneMetric(metric, { ...scores, predictions, targets });
  },
  share: (metric, answers, labels) => metric.share?.(sceneScores(metric.name, answers, labels)),
  undefinedBecause(metric, answers, labels) {
    const scores = sceneScores(metric.name, answers, labels);
    return metric.undefinedBecause?.(scores) ?? noNumber(metric.compute(scores));
  },
  chance(metric, answers, constant, labels) {
    const { thresholds: _, ...scores } = sceneScores(metric.name, answers, labels);
    const predictions = Float64Array.from(answers.targets, (_target, index) => constant[index % labels.length]);
    const thresholds = metric.constantAnswer === 'every label' ? { thresholds: [...constant] } : {};
    return metric.compute({ ...scores, predictions, ...thresholds });
  },
  parts: () => undefined,
  perfectSize(metric, { clips, targets }, labels) {
    if (metric.perfectScoreWorth === 'clips') return clips.length;
    const held = labelCounts(targets, labels.length).filter((count) => count > 0);
    return Math.min(clips.length, held.length * Math.min(...held));
  },

  areFinite: ({ predictions }) => predictions.every(Number.isFinite),
  haveSameReference: (first, second) => areEqualLists(first.targets, second.targets),
  byteLength: ({ predictions, clips }) => predictions.byteLength + 64 * clips.length,
};

/** The input of a scene metric. */
export function sceneScores(name: string, answers: SceneAnswers, labels: readonly string[]): SceneScores {
  const { predictions, targets, scoring } = answers;
  const { predictionType, settings, thresholds } = scoring ?? {};
  return {
    predictions,
    targets,
    labels,
    ...(predictionType === undefined ? {} : { predictionType }),
    ...(settings === undefined ? {} : { settings }),
    ...(thresholds !== undefined && Object.hasOwn(thresholds, name) ? { thresholds: thresholds[name] } : {}),
  };
}

/** Number of clips with each label: `[labels]`. */
export function labelCounts(targets: Uint8Array, width: number): number[] {
  const counts = new Array<number>(width).fill(0);
  targets.forEach((target, index) => (counts[index % width] += target));
  return counts;
}

/** A metric of whole clips on weighted answers; one that prepares nothing is computed again for each resample. */
export function weightedSceneMetric(metric: SceneMetric, scores: SceneScores): WeightedMetric {
  const count = scores.targets.length / scores.labels.length;
  if (metric.prepare === undefined && metric.share === undefined) {
    const score: WeightedMetric['score'] = (weights) => metric.compute(selectClips(scores, indicesOf(weights)));
    return { count, cost: 20 * scores.targets.length, score };
  }
  if (!scores.predictions.every(Number.isFinite)) return { count, cost: 1, score: () => null };
  const weighted = metric.prepare?.(scores) ?? weightedShare(metric.share?.(scores));
  return { count, cost: costOf(metric, scores, count), score: (weights) => definedOrNull(weighted(weights)) };
}

/** Steps of a prepared metric: a ranking only goes through the answers that it has already sorted. */
function costOf(metric: SceneMetric, scores: SceneScores, count: number): number {
  if (metric.ranking !== undefined) return count * metric.ranking.labels(scores).length;
  return metric.prepare === undefined ? count : 2 * scores.targets.length;
}

/**
 * A model's answers on a scale that both models share: ranks for metrics that only rank; for metrics with thresholds,
 * which differ between models, the side of the threshold.
 */
function onOneScale(
  metric: SceneMetric,
  answers: SceneAnswers,
  labels: readonly string[],
): ArrayLike<number> & Iterable<number> {
  if (metric.ranking !== undefined) return midranks(answers.predictions, labels.length);
  const scores = sceneScores(metric.name, answers, labels);
  if (scores.thresholds === undefined) return answers.predictions;
  // The middle of each side, so that the default threshold separates them.
  return Float64Array.from(reached(scores), (side) => defaultThreshold / 2 + side / 2);
}
