import type { ClipShare } from './metric.js';
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
 * Share of clips whose best-scored label agrees with the target. A multilabel target counts as its first label, a
 * target without labels as label 0: heareval takes the argmax of both sides.
 */
export function argmaxAccuracy(scores: SceneScores, sameClass: SameClass = isSame): number {
  return argmaxHits(scores, sameClass).reduce((sum, hit) => sum + hit, 0) / clipCount(scores);
}

/** Whether two vocabulary indices count as the same class. */
export type SameClass = (predicted: number, target: number) => boolean;

const isSame: SameClass = (predicted, target) => predicted === target;

/** The clips that {@link argmaxAccuracy} is the share of: all of them count. */
export function argmaxShare(scores: SceneScores, sameClass: SameClass = isSame): ClipShare {
  return { counted: new Uint8Array(clipCount(scores)).fill(1), right: argmaxHits(scores, sameClass) };
}

function argmaxHits({ predictions, targets, labels }: SceneScores, sameClass: SameClass): Uint8Array {
  const width = labels.length;
  return Uint8Array.from({ length: targets.length / width }, (_, clip) =>
    Number(sameClass(argmax(predictions, clip * width, width), argmax(targets, clip * width, width))),
  );
}
