import { defaultThreshold } from './decisions.js';
import { clipCount, isMulticlass } from './scene-scores.js';
import type { SceneScores } from './scores.js';

/** How good a threshold for a label is. */
type Benefit = (truePositives: number, falsePositives: number, positives: number, negatives: number) => number;

/** Sensitivity plus specificity minus 1 (W. J. Youden, "Index for rating diagnostic tests", Cancer 3, 1950). */
const youden: Benefit = (truePositives, falsePositives, positives, negatives) =>
  truePositives / positives - falsePositives / negatives;

const fMeasure: Benefit = (truePositives, falsePositives, positives) =>
  (2 * truePositives) / (truePositives + falsePositives + positives);

/**
 * Each label's threshold with the largest Youden index; if several are equal, the highest.
 *
 * @returns one of each label's scores, which itself counts as reached; 0.5 for a label with one side only
 */
export function youdenThresholds(scores: SceneScores): number[] {
  return scores.labels.map((_, label) => bestThreshold(scores, label, youden, true));
}

/**
 * Each label's threshold with the largest F-measure; if several are equal, the highest. 0.5 for a label without
 * positive clips.
 */
export function fMeasureThresholds(scores: SceneScores): number[] {
  return scores.labels.map((_, label) => bestThreshold(scores, label, fMeasure, false));
}

/** Chooses thresholds for multilabel tasks only: for a multiclass task, the best-scored label is the answer. */
export function unlessMulticlass(choose: (scores: SceneScores) => number[]) {
  return (scores: SceneScores): number[] | undefined => (isMulticlass(scores) ? undefined : choose(scores));
}

function bestThreshold(scores: SceneScores, label: number, benefit: Benefit, needsNegatives: boolean): number {
  const { predictions, targets, labels } = scores;
  const width = labels.length;
  const count = clipCount(scores);
  const scoreOf = (clip: number) => predictions[clip * width + label];
  const order = Uint32Array.from({ length: count }, (_, clip) => clip).sort(
    (left, right) => scoreOf(right) - scoreOf(left),
  );
  let positives = 0;
  for (let clip = 0; clip < count; clip += 1) positives += targets[clip * width + label];
  if (positives === 0 || (needsNegatives && positives === count)) return defaultThreshold;
  let best = defaultThreshold;
  let mostBenefit = -Infinity;
  let truePositives = 0;
  for (let place = 0; place < count; place += 1) {
    const score = scoreOf(order[place]);
    truePositives += targets[order[place] * width + label];
    if (place + 1 < count && scoreOf(order[place + 1]) === score) continue;
    const found = benefit(truePositives, place + 1 - truePositives, positives, count - positives);
    // Sums in another order differ in the last digits: such ties count as equal.
    if (!(found > mostBenefit + 1e-12)) continue;
    mostBenefit = found;
    best = score;
  }
  return best;
}

/** What was decided on validation rows for binary metrics. */
export interface SceneDecision {
  /** By metric, the probability from which each label counts as predicted. */
  readonly thresholds: Readonly<Record<string, readonly number[]>>;
}

/** The thresholds of a metric in a fold's decision; undefined if it needs none. */
export function thresholdsOf(decision: unknown, metric: string): readonly number[] | undefined {
  if (typeof decision !== 'object' || decision === null || !('thresholds' in decision)) return undefined;
  const { thresholds } = decision as SceneDecision;
  return Object.hasOwn(thresholds, metric) ? thresholds[metric] : undefined;
}
