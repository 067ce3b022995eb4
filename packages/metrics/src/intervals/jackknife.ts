import { Random } from '../random.js';
import { clipsOfUnits, type SamplingUnits } from './sampling-units.js';
import { scoreOf, type FoldScores } from './fold-scores.js';
import { affordableSteps } from './weighted-metric.js';

/** The effect of leaving out units one after another. */
export interface Jackknife {
  /** The score of all units. */
  readonly score: number;
  /** Its variance. */
  readonly variance: number;
  /** Its expected bias. */
  readonly bias: number;
  /** Number of units, or blocks of them, that were left out. */
  readonly samples: number;
  /** Degrees of freedom of the variance. */
  readonly degrees: number;
}

/**
 * Up to this many units are left out one by one; if there are more, this many blocks, which are enough for the
 * variance.
 */
const mostBlocks = 1000;
const fewestBlocks = 50;

/**
 * The jackknife of a mean over folds: every unit (a clip, or a group with all its clips) is left out once; if there are
 * too many units, random blocks of them. Clips are a sample of their fold; groups are one of all folds together, since
 * a fold may have a single one. Source: B. Efron, C. Stein, "The jackknife estimate of variance", Annals of Statistics
 * 9 (1981); of blocks, J. Shao, D. Tu, "The Jackknife and Bootstrap" (1995), section 2.3.
 *
 * @param seed of the blocks
 * @returns undefined with fewer than two units, and if the score is undefined for all clips or without one of the
 *   units
 */
export function jackknife(scores: FoldScores, units: SamplingUnits, seed: number): Jackknife | undefined {
  const weights = scores.counts.map((count) => new Uint16Array(count).fill(1));
  const score = scoreOf(scores, weights);
  if (score === null || units.count < 2) return undefined;
  const byFold = weights.map((foldWeights, fold) => (foldWeights.length === 0 ? null : scores.fold(fold, foldWeights)));
  const strata = units.kind === 'clips' ? units.ofClips : [Int32Array.from({ length: units.count }, (_, unit) => unit)];
  const foldsOfUnit = clipsOfUnits(units);
  const random = new Random(seed);
  let [variance, bias, samples, degrees] = [0, 0, 0, 0];
  for (const stratum of strata) {
    if (stratum.length < 2) return undefined;
    const blocks = blocksOf(stratum, scores.cost / (units.kind === 'clips' ? strata.length : 1), random);
    const left: number[] = [];
    for (const block of blocks) {
      const without = scoreWithout(block.flatMap((unit) => foldsOfUnit[unit]));
      if (without === null) return undefined;
      left.push(without);
    }
    const centre = left.reduce((sum, value) => sum + value, 0) / left.length;
    const squares = left.reduce((sum, value) => sum + (value - centre) ** 2, 0);
    variance += (squares * (left.length - 1)) / left.length;
    bias += (left.length - 1) * (centre - score);
    samples += left.length;
    degrees += left.length - 1;
  }
  return { score, variance, bias, samples, degrees };

  /** Only folds that have some of the clips are scored again. */
  function scoreWithout(clips: readonly (readonly [number, number])[]): number | null {
    for (const [fold, clip] of clips) weights[fold][clip] = 0;
    const changed = new Map<number, number | null>();
    for (const fold of new Set(clips.map(([place]) => place))) {
      const isEmpty = weights[fold].every((weight) => weight === 0);
      changed.set(fold, isEmpty ? Number.NaN : scores.fold(fold, weights[fold]));
    }
    for (const [fold, clip] of clips) weights[fold][clip] = 1;
    const foldValues = byFold.map((value, fold) => (changed.has(fold) ? changed.get(fold)! : value));
    // A fold with no clips left does not count.
    const counted = foldValues.filter((value) => !Number.isNaN(value));
    if (counted.length === 0 || counted.includes(null)) return null;
    return (counted as number[]).reduce((sum, value) => sum + value, 0) / counted.length;
  }
}

/** Each unit separately if that is affordable, else random blocks of about equal size. */
function blocksOf(units: Int32Array, cost: number, random: Random): number[][] {
  const affordable = Math.max(fewestBlocks, Math.min(mostBlocks, Math.floor(affordableSteps / Math.max(1, cost))));
  if (units.length <= affordable) return Array.from(units, (unit) => [unit]);
  const shuffled = random.shuffle([...units]);
  const blocks = Array.from({ length: affordable }, (): number[] => []);
  shuffled.forEach((unit, index) => blocks[index % affordable].push(unit));
  return blocks;
}
