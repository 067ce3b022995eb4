import type { Cinc2020Weights } from './cinc2020-weights.js';
import { decisions } from './decisions.js';
import type { SceneMetricTask, WeightedScore } from './metric.js';
import { clipCount } from './scene-scores.js';
import type { SceneScores, SceneSettings } from './scores.js';

/** Codes (SNOMED CT) that the challenge counts as the same diagnosis: the first of each pair stands for both. */
const equivalents: ReadonlyMap<string, string> = new Map([
  ['59118001', '713427006'],
  ['63593006', '284470004'],
  ['17338001', '427172004'],
]);

/** Names of sinus rhythm: SNOMED CT, the challenge's and PTB-XL's abbreviations. */
const sinusRhythm = ['426783006', 'SNR', 'NSR', 'SR', 'NORM', 'sinus rhythm', 'normal'];

/**
 * The metric of the PhysioNet/CinC challenge 2020. With a recording's right diagnoses x and answers y, each pair of one
 * of x and one of y counts 1 / |x or y| times its weight; the sum is scaled so that 1 is every answer right and 0 is
 * sinus rhythm, and nothing else, for every recording. Labels without weights do not count.
 * Source: E. A. Perez Alday et al., "Classification of 12-lead ECGs: the PhysioNet/Computing in Cardiology Challenge
 * 2020", Physiological Measurement 41 (2020), section 2.4.
 */
export function cinc2020Score(scores: SceneScores): WeightedScore {
  const weights = scores.settings?.cinc2020Weights;
  if (weights === undefined) return () => Number.NaN;
  const diagnoses = scoredDiagnoses(scores.labels, weights);
  const normal = normalDiagnosis(scores.labels, weights, scores.settings);
  if (normal === undefined) return () => Number.NaN;
  const count = clipCount(scores);
  const answered = decisions(scores);
  const worth = { answer: new Float64Array(count), right: new Float64Array(count), inactive: new Float64Array(count) };
  for (let clip = 0; clip < count; clip += 1) {
    const right = held(scores.targets, clip, diagnoses);
    worth.answer[clip] = worthOf(right, held(answered, clip, diagnoses), weights.weights);
    worth.right[clip] = worthOf(right, right, weights.weights);
    worth.inactive[clip] = worthOf(right, new Set([normal]), weights.weights);
  }
  return (clipWeights) => {
    let gained = 0;
    let possible = 0;
    for (let clip = 0; clip < count; clip += 1) {
      gained += clipWeights[clip] * (worth.answer[clip] - worth.inactive[clip]);
      possible += clipWeights[clip] * (worth.right[clip] - worth.inactive[clip]);
    }
    // As in the challenge's code: if sinus rhythm is correct for every recording, nothing can be gained.
    return possible === 0 ? 0 : gained / possible;
  };
}

/** Why the challenge's score is meaningless: always predicting sinus rhythm is the best possible answer. */
export function nothingToGain(scores: SceneScores): string | undefined {
  const weights = scores.settings?.cinc2020Weights;
  const normal = weights && normalDiagnosis(scores.labels, weights, scores.settings);
  if (weights === undefined || normal === undefined) return undefined;
  const diagnoses = scoredDiagnoses(scores.labels, weights);
  let possible = 0;
  for (let clip = 0; clip < clipCount(scores); clip += 1) {
    const right = held(scores.targets, clip, diagnoses);
    possible += worthOf(right, right, weights.weights) - worthOf(right, new Set([normal]), weights.weights);
  }
  return possible === 0 ? 'always predicting sinus rhythm scores as well as the right answers' : undefined;
}

/** The thresholds to try: the same one for all labels. */
const candidates = Array.from({ length: 19 }, (_, index) => (index + 1) / 20);

/** The threshold, the same for all labels, that scores best; if several are equal, the lowest. */
export function cinc2020Thresholds(scores: SceneScores): number[] {
  const ones = new Uint8Array(clipCount(scores)).fill(1);
  let best = 0.5;
  let most = -Infinity;
  for (const threshold of candidates) {
    const score = cinc2020Score({ ...scores, thresholds: scores.labels.map(() => threshold) })(ones);
    if (!(score > most)) continue;
    most = score;
    best = threshold;
  }
  return scores.labels.map(() => best);
}

/** What a task lacks for this metric. */
export function missingForCinc2020({ labels, settings }: SceneMetricTask) {
  const weights = settings.cinc2020Weights;
  if (weights === undefined) {
    return {
      found: 'no weights for its diagnoses',
      fix: "put the challenge's weights.csv into the task's folder as cinc2020_weights.csv, or name it in evaluation_params.cinc2020_weights",
    };
  }
  if (scoredDiagnoses(labels, weights).every((diagnosis) => diagnosis < 0)) {
    return { found: 'weights, but not for any of its labels', fix: 'use the same names of diagnoses in both' };
  }
  if (normalDiagnosis(labels, weights, settings) !== undefined) return undefined;
  return {
    found: `no sinus rhythm among the weighted labels${settings.normalLabel === undefined ? '' : `, and no '${settings.normalLabel}'`}`,
    fix: 'set evaluation_params.normal_label to the label of sinus rhythm',
  };
}

/** Each label's row in the weights, -1 if it has none. */
function scoredDiagnoses(labels: readonly string[], { diagnoses }: Cinc2020Weights): number[] {
  const rowOf = new Map(diagnoses.flatMap((codes, row) => codes.map((code): [string, number] => [code, row])));
  return labels.map((label) => rowOf.get(equivalents.get(label) ?? label) ?? rowOf.get(label) ?? -1);
}

function normalDiagnosis(
  labels: readonly string[],
  weights: Cinc2020Weights,
  settings: SceneSettings = {},
): number | undefined {
  const names = settings.normalLabel === undefined ? sinusRhythm : [settings.normalLabel];
  const diagnoses = scoredDiagnoses(labels, weights);
  for (const name of names) {
    const label = labels.findIndex((text) => text.toLowerCase() === name.toLowerCase());
    if (label >= 0 && diagnoses[label] >= 0) return diagnoses[label];
  }
  return undefined;
}

/** The diagnoses of one clip. */
function held(answered: Uint8Array, clip: number, diagnoses: readonly number[]): Set<number> {
  const found = new Set<number>();
  diagnoses.forEach((diagnosis, label) => {
    if (diagnosis >= 0 && answered[clip * diagnoses.length + label] === 1) found.add(diagnosis);
  });
  return found;
}

function worthOf(
  right: ReadonlySet<number>,
  answered: ReadonlySet<number>,
  weights: readonly (readonly number[])[],
): number {
  let sum = 0;
  let together = right.size;
  for (const answer of answered) {
    if (!right.has(answer)) together += 1;
    for (const diagnosis of right) sum += weights[diagnosis][answer];
  }
  return sum / Math.max(1, together);
}
