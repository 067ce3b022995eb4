import type { Random } from '@hearken/metrics';
import type { RowRange } from './logistic-problem.js';

/**
 * Deals rows to folds of cross-validation, each label's as evenly as it goes. The rows of a clip stay together: frames
 * of one clip in two folds would tell on each other. A clip belongs to the stratum of its rarest label.
 *
 * @param targets `[rows, outputs]`
 * @param clips a number for each row that those of one clip share
 * @param foldCount most folds; with fewer clips each has one of its own
 * @returns the fold of each row, and how many folds there are
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
  // Going round without starting anew at each stratum keeps the folds' sizes even, too.
  let turn = 0;
  for (const members of strata) {
    for (const clip of random.shuffle(members)) {
      foldOf.set(clip, turn % count);
      turn += 1;
    }
  }
  return { folds: Uint8Array.from(clips, (clip) => foldOf.get(clip)!), count };
}

/** Positions that put the rows of a fold together, and each fold's positions. */
export function orderByFold(folds: Uint8Array, count: number): { order: Uint32Array; ranges: RowRange[] } {
  const sizes = new Array<number>(count).fill(0);
  folds.forEach((fold) => (sizes[fold] += 1));
  let start = 0;
  const ranges = sizes.map((size): RowRange => [start, (start += size)]);
  const next = ranges.map(([first]) => first);
  return { order: Uint32Array.from(folds, (fold) => next[fold]++), ranges };
}
