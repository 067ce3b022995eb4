import { definedOrNull } from './defined-or-null.js';
import type { SceneScores } from './scores.js';
import { normalQuantile } from './normal-quantile.js';
import type { WeightedMetric } from './intervals/weighted-metric.js';

/** What is computed of one label, its answers in falling order of score. NaN where it is undefined. */
type LabelMeasure = (ranked: Int32Array, start: number, end: number, weights: Uint16Array) => number;

/** The metrics that are means over labels of something about the order of the scores. */
export const rankingMeasures: Readonly<Record<string, LabelMeasure>> = {
  aucroc: areaUnderRoc,
  d_prime: (...ranked) => Math.SQRT2 * normalQuantile(areaUnderRoc(...ranked)),
  mAP: averagePrecision,
  auprc: (...ranked) => (hasPositive(...ranked) ? averagePrecision(...ranked) : Number.NaN),
};

/**
 * A ranking metric: the answers are sorted once for each label, and a resample only walks them with its weights.
 * Agrees with the metric of that name to the last digits.
 *
 * @param name a key of {@link rankingMeasures}
 */
export function weightedRanking(name: string, scores: SceneScores): WeightedMetric {
  const labels = scores.labels.length;
  const count = scores.targets.length / labels;
  const measure = rankingMeasures[name];
  const finite = scores.predictions.every((value) => Number.isFinite(value));
  const ranked = finite ? rankAnswers(scores) : new Int32Array();
  return {
    count,
    cost: count * labels,
    score(weights) {
      if (!finite || count === 0 || !weights.some((weight) => weight > 0)) return null;
      let sum = 0;
      for (let label = 0; label < labels; label += 1)
        sum += measure(ranked, label * count, (label + 1) * count, weights);
      return definedOrNull(sum / labels);
    },
  };
}

/**
 * For each label its answers by falling score: the answer's index times four, plus 2 where it has the label,
 * plus 1 where the next one has a lower score. `[labels, count]`
 */
function rankAnswers({ predictions, targets, labels }: SceneScores): Int32Array {
  const width = labels.length;
  const count = targets.length / width;
  const ranked = new Int32Array(width * count);
  const values = new Float64Array(count);
  const order = new Uint32Array(count);
  for (let label = 0; label < width; label += 1) {
    for (let answer = 0; answer < count; answer += 1) {
      values[answer] = predictions[answer * width + label];
      order[answer] = answer;
    }
    order.sort((left, right) => values[right] - values[left]);
    for (let place = 0; place < count; place += 1) {
      const answer = order[place];
      const last = place + 1 === count || values[order[place + 1]] !== values[answer];
      ranked[label * count + place] = answer * 4 + (targets[answer * width + label] === 1 ? 2 : 0) + Number(last);
    }
  }
  return ranked;
}

/** Share of (positive, negative) pairs in the right order, a tie counting one half. */
function areaUnderRoc(ranked: Int32Array, start: number, end: number, weights: Uint16Array): number {
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
}

function hasPositive(ranked: Int32Array, start: number, end: number, weights: Uint16Array): boolean {
  for (let place = start; place < end; place += 1) {
    if ((ranked[place] & 2) !== 0 && weights[ranked[place] >> 2] > 0) return true;
  }
  return false;
}

/** Precision at each threshold, weighted by the recall that it adds; 0 for a label without positive answer. */
function averagePrecision(ranked: Int32Array, start: number, end: number, weights: Uint16Array): number {
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
}

/**
 * Each score as its rank among those of its label, from 1 for the lowest, equal ones sharing their mean rank: on one
 * scale whatever the model, and no ranking metric sees a difference.
 *
 * @param predictions `[count, labels]`
 */
export function midranks(predictions: Float32Array | Float64Array, labels: number): Float64Array {
  const count = predictions.length / labels;
  const ranks = new Float64Array(predictions.length);
  const order = new Uint32Array(count);
  for (let label = 0; label < labels; label += 1) {
    const value = (answer: number) => predictions[answer * labels + label];
    for (let answer = 0; answer < count; answer += 1) order[answer] = answer;
    order.sort((left, right) => value(left) - value(right));
    for (let first = 0; first < count;) {
      let end = first + 1;
      while (end < count && value(order[end]) === value(order[first])) end += 1;
      for (let place = first; place < end; place += 1) ranks[order[place] * labels + label] = (first + 1 + end) / 2;
      first = end;
    }
  }
  return ranks;
}
