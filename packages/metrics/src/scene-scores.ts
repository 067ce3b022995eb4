import { TaskError } from '@hearken/core';
import { definedOrNull } from './statistics/summary.js';
import type { MetricDescription, SceneMetric, WeightedScore } from './metric.js';
import type { SceneScores } from './scores.js';

/**
 * Completes a scene metric: its `compute` checks the sizes, and returns null without clips and for predictions that are
 * not all finite (a probe that diverged has no score).
 */
export function sceneMetric(
  description: MetricDescription,
  score: (scores: SceneScores) => number,
  parts: Partial<Omit<SceneMetric, keyof MetricDescription | 'kind' | 'compute'>> = {},
): SceneMetric {
  return {
    ...description,
    ...parts,
    kind: 'scene',
    compute(scores) {
      checkSizes(description.name, scores);
      if (scores.targets.length === 0) return null;
      for (const value of scores.predictions) {
        if (!Number.isFinite(value)) return null;
      }
      return definedOrNull(score(scores));
    },
  };
}

/** The parts of a metric of {@link preparedSceneMetric}, apart from its description. */
type PreparedParts = Omit<SceneMetric, keyof MetricDescription | 'kind' | 'compute'> & {
  readonly prepare: (scores: SceneScores) => WeightedScore;
};

/** Completes a scene metric for which much can be computed before the clips' weights are known. */
export function preparedSceneMetric(description: MetricDescription, parts: PreparedParts): SceneMetric {
  const compute = (scores: SceneScores) => parts.prepare(scores)(new Uint8Array(clipCount(scores)).fill(1));
  return sceneMetric(description, compute, parts);
}

/** Whether clips have one label each, according to the scores, or else their targets. */
export function isMulticlass({ predictionType, targets, labels }: SceneScores): boolean {
  if (predictionType !== undefined) return predictionType === 'multiclass';
  for (let start = 0; start < targets.length; start += labels.length) {
    let held = 0;
    for (let label = 0; label < labels.length; label += 1) held += targets[start + label];
    if (held !== 1) return false;
  }
  return true;
}

/** Number of clips in the scores. */
export function clipCount(scores: SceneScores): number {
  return scores.targets.length / scores.labels.length;
}

/** The scores of the clips at `indices`, in that order; an index may occur more than once, as a bootstrap needs it. */
export function selectClips(scores: SceneScores, indices: ArrayLike<number>): SceneScores {
  const width = scores.labels.length;
  const predictions = new Float64Array(indices.length * width);
  const targets = new Uint8Array(indices.length * width);
  for (let row = 0; row < indices.length; row += 1) {
    const from = indices[row] * width;
    predictions.set(scores.predictions.subarray(from, from + width), row * width);
    targets.set(scores.targets.subarray(from, from + width), row * width);
  }
  return { ...scores, predictions, targets };
}

function checkSizes(metric: string, { predictions, targets, labels }: SceneScores): void {
  const rows = targets.length / labels.length;
  if (labels.length > 0 && Number.isInteger(rows) && predictions.length === targets.length) return;
  throw new TaskError({
    asked: `${metric} of predictions and targets [n, ${labels.length}]`,
    found: `${predictions.length} predictions, ${targets.length} targets and ${labels.length} labels`,
    fix: 'pass one prediction and one target for every clip and label',
  });
}

/** Float32 probabilities may be off by rounding. */
const rounding = 1e-6;

/** Whether all predictions are probabilities: otherwise calibration is undefined. */
export function areProbabilities({ predictions }: SceneScores): boolean {
  return predictions.every((value) => value >= -rounding && value <= 1 + rounding);
}
