import { answeredClasses, classesOf } from './decisions.js';
import type { ClipShare, SceneMetricTask, WeightedScore } from './metric.js';
import type { SceneScores, SceneSettings } from './scores.js';

/** Shares of correct answers: of the normal clips, and of all others. */
export interface IcbhiShares {
  readonly specificity: number;
  readonly sensitivity: number;
}

/**
 * Specificity and sensitivity of the ICBHI 2017 challenge: the share of normal breathing cycles that are predicted as
 * normal, and the share of all other cycles whose exact class is predicted. Source: B. Rocha et al., "An open access
 * database for the evaluation of respiratory sound classification algorithms", Physiological Measurement 40 (2019),
 * section 2.4.
 *
 * @param score combines the two; the share of a side without clips is 0, as in the authors' code of Patch-Mix (S. Bae
 *   et al. 2023), whose `get_score` divides by the count and 1e-10
 */
export function icbhiMeasure(scores: SceneScores, score: (shares: IcbhiShares) => number): WeightedScore {
  const normal = normalLabel(scores.labels, scores.settings);
  const targets = classesOf(scores);
  const answers = answeredClasses(scores);
  return (weights) => {
    // Number of normal clips and of others: all, and correct ones.
    const all = [0, 0];
    const right = [0, 0];
    for (let clip = 0; clip < targets.length; clip += 1) {
      const side = Number(targets[clip] !== normal);
      all[side] += weights[clip];
      if (answers[clip] === targets[clip]) right[side] += weights[clip];
    }
    const share = (side: number) => (all[side] === 0 ? 0 : right[side] / all[side]);
    return score({ specificity: share(0), sensitivity: share(1) });
  };
}

/** The sides of a task's clips that the measures are shares of. */
export type IcbhiSide = 'normal' | 'abnormal';

/** The clips of one side, and which of them are correct. */
export function icbhiShare(scores: SceneScores, side: IcbhiSide): ClipShare {
  const normal = normalLabel(scores.labels, scores.settings);
  const targets = classesOf(scores);
  const answers = answeredClasses(scores);
  const counted = Uint8Array.from(targets, (target) => Number((target === normal) === (side === 'normal')));
  return { counted, right: counted.map((value, clip) => value * Number(answers[clip] === targets[clip])) };
}

/** Why an ICBHI measure is meaningless: one of its sides has no clips. */
export function emptySide(...sides: readonly IcbhiSide[]) {
  return (scores: SceneScores): string | undefined => {
    const empty = sides.find((side) => !icbhiShare(scores, side).counted.includes(1));
    return empty === undefined ? undefined : `no clip is ${empty}`;
  };
}

/** What a task lacks for the ICBHI measures. */
export function missingForIcbhi({ labels, predictionType, settings }: SceneMetricTask) {
  if (predictionType !== 'multiclass') {
    return { found: 'a multilabel task', fix: 'make it multiclass: normal, crackle, wheeze, both' };
  }
  if (normalLabel(labels, settings) !== -1) return undefined;
  return {
    found: `no label '${settings.normalLabel ?? 'normal'}' among ${labels.join(', ')}`,
    fix: 'set evaluation_params.normal_label to the label of healthy clips',
  };
}

/** The named label, or the one called `normal` in any case; -1 for none. */
function normalLabel(labels: readonly string[], settings: SceneSettings = {}): number {
  if (settings.normalLabel !== undefined) return labels.indexOf(settings.normalLabel);
  return labels.findIndex((label) => label.toLowerCase() === 'normal');
}
