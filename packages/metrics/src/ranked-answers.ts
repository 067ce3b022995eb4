import type { SceneScores } from './scores.js';

/** A value computed for one label from its ranked answers, from `start` to `end` in `rankAnswers`; NaN if undefined. */
export type LabelMeasure = (ranked: Int32Array, start: number, end: number, weights: ArrayLike<number>) => number;

/**
 * For each chosen label, the answers in order of decreasing score: the answer's index times four, plus 2 if it has the
 * label, plus 1 if the next one has a lower score. `[chosen, count]`
 *
 * @param scores predictions, all finite
 * @param chosen labels, by index
 */
export function rankAnswers({ predictions, targets, labels }: SceneScores, chosen: readonly number[]): Int32Array {
  const width = labels.length;
  const count = targets.length / width;
  const ranked = new Int32Array(chosen.length * count);
  const values = new Float64Array(count);
  const order = new Uint32Array(count);
  for (const [row, label] of chosen.entries()) {
    for (let answer = 0; answer < count; answer += 1) {
      values[answer] = predictions[answer * width + label];
      order[answer] = answer;
    }
    order.sort((left, right) => values[right] - values[left]);
    for (let place = 0; place < count; place += 1) {
      const answer = order[place];
      const last = place + 1 === count || values[order[place + 1]] !== values[answer];
      ranked[row * count + place] = answer * 4 + (targets[answer * width + label] === 1 ? 2 : 0) + Number(last);
    }
  }
  return ranked;
}

/**
 * Area under the ROC curve: the share of (positive, negative) pairs in the right order; ties count as one half. NaN if
 * the label has no positive or no negative clips.
 */
export const areaUnderRoc: LabelMeasure = (ranked, start, end, weights) => {
  let positivesAbove = 0;
  let negatives = 0;
  let pairs = 0;
  let tiedPositives = 0;
  let tiedNegatives = 0;
  for (let place = start; place < end; place += 1) {
    const entry = ranked[place];
    const weight = weights[entry >> 2];
    if ((entry & 2) !== 0) tiedPositives += weight;
    else tiedNegatives += weight;
    if ((entry & 1) === 0) continue;
    pairs += tiedNegatives * (positivesAbove + tiedPositives / 2);
    positivesAbove += tiedPositives;
    negatives += tiedNegatives;
    tiedPositives = 0;
    tiedNegatives = 0;
  }
  return pairs / (positivesAbove * negatives);
};

/** Whether a clip that counts has the label. */
export function hasPositive(ranked: Int32Array, start: number, end: number, weights: ArrayLike<number>): boolean {
  for (let place = start; place < end; place += 1) {
    if ((ranked[place] & 2) !== 0 && weights[ranked[place] >> 2] > 0) return true;
  }
  return false;
}

/**
 * Average precision: precision at each threshold, weighted by the recall that it adds, without interpolation; clips
 * with equal scores share a threshold. 0 for a label without positive clips. Source: scikit-learn's definition of
 * `average_precision_score`.
 */
export const averagePrecision: LabelMeasure = (ranked, start, end, weights) => {
  let positives = 0;
  let retrieved = 0;
  let sum = 0;
  let tiedPositives = 0;
  for (let place = start; place < end; place += 1) {
    const entry = ranked[place];
    const weight = weights[entry >> 2];
    retrieved += weight;
    if ((entry & 2) !== 0) tiedPositives += weight;
    if ((entry & 1) === 0 || tiedPositives === 0) continue;
    positives += tiedPositives;
    sum += (tiedPositives * positives) / retrieved;
    tiedPositives = 0;
  }
  return positives === 0 ? 0 : sum / positives;
};
