import { argmax } from './argmax.js';
import type { ClipShare, SceneMetricTask, WeightedScore } from './metric.js';
import { clipCount, isMulticlass } from './scene-scores.js';
import type { SceneScores, SceneSettings } from './scores.js';

/** Default score from which a label counts as predicted. */
export const defaultThreshold = 0.5;

/**
 * Which labels are predicted, as 0 and 1: the best-scored one of each clip (multiclass), or each that reaches its
 * threshold (multilabel). `[n, labels]`
 */
export function decisions(scores: SceneScores): Uint8Array {
  const { predictions, labels } = scores;
  const width = labels.length;
  const answered = new Uint8Array(predictions.length);
  if (isMulticlass(scores)) {
    for (let start = 0; start < answered.length; start += width)
      answered[start + argmax(predictions, start, width)] = 1;
    return answered;
  }
  return reached(scores);
}

/** Which labels reach their thresholds, as 0 and 1: `[n, labels]`. */
export function reached({ predictions, labels, thresholds }: SceneScores): Uint8Array {
  const width = labels.length;
  const answered = new Uint8Array(predictions.length);
  for (let index = 0; index < answered.length; index += 1) {
    answered[index] = Number(predictions[index] >= (thresholds?.[index % width] ?? defaultThreshold));
  }
  return answered;
}

/** Correct and wrong answers for one label. */
export interface LabelCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** Counts one label's correct and wrong answers, weighting the clips. */
export function countAnswers(
  { targets, labels }: SceneScores,
  answered: Uint8Array,
  label: number,
  weights: ArrayLike<number>,
): LabelCounts {
  const counts = [0, 0, 0, 0];
  let index = label;
  for (let clip = 0; clip < weights.length; clip += 1, index += labels.length) {
    counts[2 * targets[index] + answered[index]] += weights[clip];
  }
  const [trueNegatives, falsePositives, falseNegatives, truePositives] = counts;
  return { truePositives, falsePositives, falseNegatives, trueNegatives };
}

/** The label that a binary task is about: the named one, the only one, or the second of two classes. */
export function positiveLabel(
  task: Omit<SceneMetricTask, 'settings'>,
  settings: SceneSettings = {},
): number | undefined {
  const { labels, predictionType } = task;
  if (settings.positiveLabel !== undefined) {
    const index = labels.indexOf(settings.positiveLabel);
    return index < 0 ? undefined : index;
  }
  if (labels.length === 1) return 0;
  return labels.length === 2 && predictionType === 'multiclass' ? 1 : undefined;
}

/** The {@link positiveLabel} of some scores. */
export function positiveLabelOf(scores: SceneScores): number | undefined {
  const predictionType = isMulticlass(scores) ? 'multiclass' : 'multilabel';
  return positiveLabel({ labels: scores.labels, predictionType }, scores.settings);
}

/** What a task without a positive label lacks. */
export function missingPositiveLabel({ labels, predictionType, settings }: SceneMetricTask) {
  if (positiveLabel({ labels, predictionType }, settings) !== undefined) return undefined;
  const named = settings.positiveLabel;
  return {
    found: named === undefined ? `${labels.length} labels, and no positive_label` : `no label '${named}'`,
    fix: `set evaluation_params.positive_label to one of ${labels.join(', ')}`,
  };
}

/** The clips' labels by index; a target without labels counts as label 0. */
export function classesOf({ targets, labels }: SceneScores): Int32Array {
  const count = targets.length / labels.length;
  return Int32Array.from({ length: count }, (_, clip) => argmax(targets, clip * labels.length, labels.length));
}

/** The best-scored labels by index. */
export function answeredClasses(scores: SceneScores): Int32Array {
  const width = scores.labels.length;
  return Int32Array.from({ length: clipCount(scores) }, (_, clip) => argmax(scores.predictions, clip * width, width));
}

/** The clips with (or, for `negative`, without) the positive label, and which of them are predicted so. */
export function sideShare(scores: SceneScores, side: 'positive' | 'negative'): ClipShare | undefined {
  const label = positiveLabelOf(scores);
  if (label === undefined) return undefined;
  const wanted = Number(side === 'positive');
  const held = columnOf(scores.targets, label, scores.labels.length);
  const answered = columnOf(reached(scores), label, scores.labels.length);
  const counted = held.map((value) => Number(value === wanted));
  return { counted, right: counted.map((value, clip) => value * Number(answered[clip] === wanted)) };
}

/** The clips that are predicted as positive, and which of them are. */
export function answeredShare(scores: SceneScores): ClipShare | undefined {
  const label = positiveLabelOf(scores);
  if (label === undefined) return undefined;
  const held = columnOf(scores.targets, label, scores.labels.length);
  const counted = columnOf(reached(scores), label, scores.labels.length);
  return { counted, right: counted.map((value, clip) => value * held[clip]) };
}

/**
 * One label's values of all rows: `[n]`.
 *
 * @param values `[n, width]`
 */
export function columnOf<Values extends Uint8Array | Float32Array>(
  values: Values,
  label: number,
  width: number,
): Values {
  return values.filter((_, index) => index % width === label) as Values;
}

/** The share of correct clips among those that count, as a weighted score; NaN if none count. */
export function weightedShare(share: ClipShare | undefined): WeightedScore {
  if (share === undefined) return () => Number.NaN;
  const { counted, right } = share;
  return (weights) => {
    let all = 0;
    let hits = 0;
    for (let clip = 0; clip < counted.length; clip += 1) {
      all += weights[clip] * counted[clip];
      hits += weights[clip] * right[clip];
    }
    return hits / all;
  };
}
