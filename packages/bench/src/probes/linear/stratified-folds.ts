import type { Random } from '@hearken/metrics';
import type { RowRange } from './logistic-problem.js';

/**
 * Divides rows into folds for cross-validation, spreading each label as evenly as possible. The rows of a clip stay
 * together: frames of one clip in two folds would leak information. A clip belongs to the stratum of its rarest label.
 *
 * @param targets `[rows, outputs]`
 * @param clips a number for each row that is the same for rows of one clip
 * @param foldCount maximum number of folds; with fewer clips, each is a fold
 * @returns the fold of each row, and the number of folds
 */
export function stratifiedFolds(
  targets: Uint8Array,
  outputs: number,
  clips: Uint32Array,
  foldCount: number,
  random: Random,
): { folds: Uint8Array; count: number } {
  const labelCounts = new Float64Array(outputs);
  targets.forEach((target, index) => (labelCounts[index % outputs] += target));
  // Stratum `outputs` is for clips without a label.
  const stratumOf = new Map<number, number>();
  const rarity = (stratum: number) => (stratum === outputs ? Infinity : labelCounts[stratum]);
  clips.forEach((clip, row) => {
    let stratum = stratumOf.get(clip) ?? outputs;
    for (let label = 0; label < outputs; label += 1) {
      if (targets[row * outputs + label] === 1 && rarity(label) < rarity(stratum)) stratum = label;
    }
    stratumOf.set(clip, stratum);
  });
  const strata = Array.from({ length: outputs + 1 }, (): number[] => []);
  for (const [clip, stratum] of stratumOf) strata[stratum].push(clip);
  const count = Math.min(foldCount, stratumOf.size);
  const foldOf = new Map<number, number>();
  // Continuing the round at each stratum instead of restarting keeps the folds' sizes even, too.
  let turn = 0;
  for (const members of strata) {
    for (const clip of random.shuffle(members)) {
      foldOf.set(clip, turn % count);
      turn += 1;
    }
  }
  return { folds: Uint8Array.from(clips, (clip) => foldOf.get(clip)!), count };
}

/** Positions that make the rows of a fold consecutive, and each fold's positions. */
export function orderByFold(folds: Uint8Array, count: number): { order: Uint32Array; ranges: RowRange[] } {
  const sizes = new Array<number>(count).fill(0);
  folds.forEach((fold) => (sizes[fold] += 1));
  let start = 0;
  const ranges = sizes.map((size): RowRange => [start, (start += size)]);
  const next = ranges.map(([first]) => first);
  return { order: Uint32Array.from(folds, (fold) => next[fold]++), ranges };
}
