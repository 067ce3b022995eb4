import { clipCount } from './scene-scores.js';
import type { SceneScores } from './scores.js';

/** Column of the largest of the `width` values from `start`; of equal ones the first, as in NumPy. */
export function argmax(values: ArrayLike<number>, start: number, width: number): number {
  let best = 0;
  for (let column = 1; column < width; column += 1) {
    if (values[start + column] > values[start + best]) best = column;
  }
  return best;
}

/**
 * Share of clips whose best-scored label agrees with the target.
 * A multilabel target counts as its first label, a target without label as label 0: heareval takes the argmax of both sides.
 *
 * @param sameClass whether two vocabulary indices count as one class
 */
export function argmaxAccuracy(
  scores: SceneScores,
  sameClass: (predicted: number, target: number) => boolean = (predicted, target) => predicted === target,
): number {
  const width = scores.labels.length;
  let correct = 0;
  for (let start = 0; start < scores.targets.length; start += width) {
    if (sameClass(argmax(scores.predictions, start, width), argmax(scores.targets, start, width))) correct += 1;
  }
  return correct / clipCount(scores);
}
