import { answeredClasses, areProbabilities, isMulticlass } from '@hearken/metrics/internal';
import type { SceneScores } from '@hearken/metrics';

/** How often clips of each label were given each answer: row-major `[right, answered]`. */
export function confusionMatrix(scores: SceneScores): Uint32Array | undefined {
  if (!isMulticlass(scores)) return undefined;
  const width = scores.labels.length;
  const matrix = new Uint32Array(width * width);
  answeredClasses(scores).forEach((answer, clip) => {
    for (let label = 0; label < width; label += 1) {
      if (scores.targets[clip * width + label] === 1) matrix[label * width + answer] += 1;
    }
  });
  return matrix;
}

/** One bin of a reliability diagram. */
export interface ReliabilityBin {
  /** Mean probability of its answers. */
  readonly confidence: number;
  /** Share of correct ones. */
  readonly hits: number;
  readonly count: number;
}

/**
 * Reliability of probabilities: of the best label (multiclass) or of every label, in `bins` equal parts of [0, 1];
 * empty ones are left out. C. Guo et al., "On Calibration of Modern Neural Networks" (2017), section 2.
 *
 * @returns undefined if the predictions are not probabilities
 */
export function reliability(scores: SceneScores, bins = 15): ReliabilityBin[] | undefined {
  if (!areProbabilities(scores)) return undefined;
  const width = scores.labels.length;
  const sums = Array.from({ length: bins }, () => ({ confidence: 0, hits: 0, count: 0 }));
  const add = (position: number) => {
    const probability = scores.predictions[position];
    const bin = sums[Math.min(bins, Math.max(1, Math.ceil(probability * bins))) - 1];
    bin.confidence += probability;
    bin.hits += scores.targets[position];
    bin.count += 1;
  };
  if (isMulticlass(scores)) {
    answeredClasses(scores).forEach((answer, clip) => {
      add(clip * width + answer);
    });
  } else for (let position = 0; position < scores.targets.length; position += 1) add(position);
  return sums
    .filter(({ count }) => count > 0)
    .map(({ confidence, hits, count }) => ({ confidence: confidence / count, hits: hits / count, count }));
}
