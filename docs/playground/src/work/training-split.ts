import { Random } from '@hearken/metrics';

/** Every time the same clips are held out, so that recipes can be compared. */
const seed = 1;

/**
 * Holds out a fifth of each label's clips, at least one.
 *
 * @param labels of the clips
 * @returns their rows
 */
export function splitClips(labels: readonly string[]): { trained: number[]; heldOut: number[] } {
  const random = new Random(seed);
  const heldOut = new Set<number>();
  for (const label of [...new Set(labels)].sort()) {
    const rows = random.shuffle([...labels.keys()].filter((row) => labels[row] === label));
    for (const row of rows.slice(0, Math.max(1, Math.round(rows.length / 5)))) heldOut.add(row);
  }
  return {
    trained: [...labels.keys()].filter((row) => !heldOut.has(row)),
    heldOut: [...labels.keys()].filter((row) => heldOut.has(row)),
  };
}
