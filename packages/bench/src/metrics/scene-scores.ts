import { TaskError } from '@hearken/core';
import { definedOrNull, type MetricDescription, type SceneMetric } from './metric.js';

/** What a probe answered for the clips of a split, and what was right. Row-major, one row a clip. */
export interface SceneScores {
  /** Scores `[n, labels]`: probabilities or logits, more for likelier. */
  readonly predictions: Float32Array | Float64Array;
  /** 1 where the clip has the label, else 0: `[n, labels]`. */
  readonly targets: Uint8Array;
  /** Labels in vocabulary order. */
  readonly labels: readonly string[];
}

/**
 * Completes a scene metric: its `compute` checks the sizes, and answers null
 * for no clip and for predictions that are not all finite (a probe that diverged has no score).
 */
export function sceneMetric(description: MetricDescription, score: (scores: SceneScores) => number): SceneMetric {
  return {
    ...description,
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

/** Clips in the scores. */
export function clipCount(scores: SceneScores): number {
  return scores.targets.length / scores.labels.length;
}

/** The scores of the clips at `indices`, in that order; an index may occur again, as a bootstrap needs it. */
export function selectClips(scores: SceneScores, indices: ArrayLike<number>): SceneScores {
  const width = scores.labels.length;
  const predictions = new Float64Array(indices.length * width);
  const targets = new Uint8Array(indices.length * width);
  for (let row = 0; row < indices.length; row += 1) {
    const from = indices[row] * width;
    predictions.set(scores.predictions.subarray(from, from + width), row * width);
    targets.set(scores.targets.subarray(from, from + width), row * width);
  }
  return { predictions, targets, labels: scores.labels };
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
