import type { SceneScores } from './scores.js';

/** Float32 probabilities may be off by rounding. */
const rounding = 1e-6;

/** Whether all predictions are probabilities: otherwise calibration is undefined. */
export function areProbabilities({ predictions }: SceneScores): boolean {
  return predictions.every((value) => value >= -rounding && value <= 1 + rounding);
}
