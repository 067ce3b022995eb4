import type { TestAnswers } from '../kinds/registry.js';

/** What the test clips are a sample of: independent clips, or groups of clips. */
export interface SamplingUnits {
  /** What is drawn: clips, or groups of them. */
  readonly kind: 'clips' | 'groups';
  /** Their number, over all folds. */
  readonly count: number;
  /** The unit of each clip, fold by fold. */
  readonly ofClips: readonly Int32Array[];
}

/**
 * The units of some folds: groups if the task has them (a clip without a known group is a separate unit), else clips.
 * A group may have clips in several folds.
 */
export function samplingUnits(folds: readonly TestAnswers[]): SamplingUnits {
  const isGrouped = folds.some(({ groups }) => groups !== undefined && Array.from(groups).some((group) => group >= 0));
  const numbers = new Map<number, number>();
  let count = 0;
  const ofClips = folds.map(({ clips, groups }) =>
    Int32Array.from(clips, (_, clip) => {
      const group = isGrouped ? (groups?.[clip] ?? -1) : -1;
      if (group < 0) return count++;
      const known = numbers.get(group) ?? count++;
      numbers.set(group, known);
      return known;
    }),
  );
  return { kind: isGrouped ? 'groups' : 'clips', count, ofClips };
}

/** The groups of one fold's clips; undefined if the task has none. */
export function groupsOfClips(fold: TestAnswers): ArrayLike<number> | undefined {
  const { kind, ofClips } = samplingUnits([fold]);
  return kind === 'groups' ? ofClips[0] : undefined;
}

/** The clips of each unit, fold by fold: `[units]` lists of `[fold, clip]`. */
export function clipsOfUnits({ count, ofClips }: SamplingUnits): (readonly [fold: number, clip: number])[][] {
  const members = Array.from({ length: count }, (): (readonly [number, number])[] => []);
  ofClips.forEach((units, fold) => {
    units.forEach((unit, clip) => members[unit].push([fold, clip]));
  });
  return members;
}

/** Units that are in one fold only are drawn within it: the units of each stratum. */
export function strataOf({ count, ofClips }: SamplingUnits): Int32Array[] {
  const foldOf = new Int32Array(count).fill(-1);
  let isShared = false;
  const sizes = ofClips.map((units, fold) => {
    const unitsOfFold = new Set(units);
    for (const unit of unitsOfFold) {
      if (foldOf[unit] >= 0) isShared = true;
      foldOf[unit] = fold;
    }
    return unitsOfFold.size;
  });
  // If a fold has a single unit, drawing within it would always give the same.
  if (isShared || sizes.some((size) => size < 2)) return [Int32Array.from({ length: count }, (_, unit) => unit)];
  return ofClips.map((units) => Int32Array.from(new Set(units)));
}
