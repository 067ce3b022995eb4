import { countAnswers, decisions } from './decisions.js';
import type { WeightedScore } from './metric.js';
import { isMulticlass } from './scene-scores.js';
import type { SceneScores } from './scores.js';

/** How the F-measures of several labels are combined. */
export type Average = 'macro' | 'micro' | 'weighted';

/**
 * The F-measure 2 TP / (2 TP + FP + FN) of all labels, as in scikit-learn's `f1_score`: the mean over labels (macro),
 * over all answers together (micro), or the mean weighted by how many clips have each label (weighted). A label that is
 * neither present nor predicted counts as 0 for multilabel and is left out for multiclass; if there is nothing to
 * weight or divide by, the measure is 0.
 */
export function fMeasure(scores: SceneScores, average: Average): WeightedScore {
  const answered = decisions(scores);
  const multiclass = isMulticlass(scores);
  return (weights) => {
    let right = 0;
    let all = 0;
    let sum = 0;
    let labels = 0;
    for (let label = 0; label < scores.labels.length; label += 1) {
      const { truePositives, falsePositives, falseNegatives } = countAnswers(scores, answered, label, weights);
      const mentioned = 2 * truePositives + falsePositives + falseNegatives;
      right += 2 * truePositives;
      all += mentioned;
      if (mentioned === 0 && multiclass) continue;
      const share = average === 'weighted' ? truePositives + falseNegatives : 1;
      sum += mentioned === 0 ? 0 : (share * 2 * truePositives) / mentioned;
      labels += share;
    }
    if (average === 'micro') return all === 0 ? 0 : right / all;
    return labels === 0 ? 0 : sum / labels;
  };
}

/** Why an F-measure is meaningless: without positive clips it is always 0. */
export function noPositives({ targets }: SceneScores): string | undefined {
  return targets.includes(1) ? undefined : 'no clip has a label';
}
