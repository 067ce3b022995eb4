import { clipCount } from './scene-scores.js';
import type { SceneScores } from './scores.js';

/** Clips that one threshold tells apart: all clips with one and the same score for a label. */
interface ScoreGroup {
  positives: number;
  negatives: number;
}

/**
 * Area under the ROC curve of one label's scores: the share of (positive, negative) pairs that are in the right order,
 * a tie counting one half. NaN where the label has no positive or no negative clip.
 */
export function areaUnderRoc(groups: readonly ScoreGroup[]): number {
  let positivesAbove = 0;
  let negatives = 0;
  let pairs = 0;
  for (const group of groups) {
    pairs += group.negatives * (positivesAbove + group.positives / 2);
    positivesAbove += group.positives;
    negatives += group.negatives;
  }
  return pairs / (positivesAbove * negatives);
}

/**
 * Average precision of one label's scores: precision at each threshold, weighted by the recall it adds,
 * without interpolation; clips with equal scores share a threshold. Zero for a label without positive clip.
 * Source: scikit-learn's definition of `average_precision_score`.
 */
export function averagePrecision(groups: readonly ScoreGroup[]): number {
  let truePositives = 0;
  let retrieved = 0;
  let sum = 0;
  for (const group of groups) {
    truePositives += group.positives;
    retrieved += group.positives + group.negatives;
    sum += (group.positives * truePositives) / retrieved;
  }
  return truePositives === 0 ? 0 : sum / truePositives;
}

/** The mean over labels of `measure`: every label counts the same, however rare. */
export function macroAverage(scores: SceneScores, measure: (groups: readonly ScoreGroup[]) => number): number {
  return labelAverage(scores, [...scores.labels.keys()], measure);
}

/** The mean of `measure` over some labels, by index. */
export function labelAverage(
  scores: SceneScores,
  labels: readonly number[],
  measure: (groups: readonly ScoreGroup[]) => number,
): number {
  let sum = 0;
  for (const label of labels) sum += measure(rankClips(scores, label));
  return sum / labels.length;
}

/** The clips by falling score for one label, those of equal score together. */
function rankClips(scores: SceneScores, label: number): ScoreGroup[] {
  const width = scores.labels.length;
  const count = clipCount(scores);
  const values = new Float64Array(count);
  for (let clip = 0; clip < count; clip += 1) values[clip] = scores.predictions[clip * width + label];
  const order = Array.from(values.keys()).sort((left, right) => values[right] - values[left]);
  const groups: ScoreGroup[] = [];
  let previous = Number.NaN;
  for (const clip of order) {
    if (values[clip] !== previous) groups.push({ positives: 0, negatives: 0 });
    previous = values[clip];
    const group = groups[groups.length - 1];
    if (scores.targets[clip * width + label] === 1) group.positives += 1;
    else group.negatives += 1;
  }
  return groups;
}
