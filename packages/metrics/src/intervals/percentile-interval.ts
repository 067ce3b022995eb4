import type { Random } from '../random.js';
import { bootstrapInterval } from '../statistics/bootstrap.js';
import { scoreOf, type FoldScores } from './fold-scores.js';
import { clipsOfUnits, strataOf, type SamplingUnits } from './sampling-units.js';
import type { ScoreInterval } from './score-interval.js';

/**
 * The percentile bootstrap: in each resample, clips are drawn within their folds, or groups from all of them. The score
 * is the mean over folds; for several probe seeds, the mean of these means on the same clips. Costly metrics get fewer
 * resamples, as recorded in the interval's `samples`.
 */
export function percentileInterval(
  scores: FoldScores,
  units: SamplingUnits,
  { random, samples, level = 0.95 }: { readonly random: Random; readonly samples: number; readonly level?: number },
): ScoreInterval | null {
  if (scores.counts.includes(0) || (units.kind === 'groups' && units.count < 2)) return null;
  const draw = unitDraws(scores, units, random);
  // The statistic draws units itself, so `bootstrapInterval` is given a single unit.
  const found = bootstrapInterval(1, () => scoreOf(scores, draw()), { random: () => random.uniform(), samples, level });
  return found && { ...found, method: 'bootstrap-percentile', over: units.kind };
}

/** Draws how often each clip occurs when units are drawn with replacement, as many as there are, stratum by stratum. */
function unitDraws(
  { counts }: Pick<FoldScores, 'counts'>,
  units: SamplingUnits,
  random: Random,
): () => readonly Uint16Array[] {
  const weights = counts.map((count) => new Uint16Array(count));
  if (units.kind === 'clips') {
    return () => {
      for (const foldWeights of weights) drawWeights(foldWeights, random);
      return weights;
    };
  }
  const members = clipsOfUnits(units);
  const strata = strataOf(units);
  return () => {
    for (const foldWeights of weights) foldWeights.fill(0);
    for (const stratum of strata) {
      for (let index = 0; index < stratum.length; index += 1) {
        const unit = stratum[Math.floor(random.uniform() * stratum.length)];
        for (const [fold, clip] of members[unit]) weights[fold][clip] += 1;
      }
    }
    return weights;
  };
}

/** How often each clip occurs when clips are drawn with replacement, as many as there are. */
function drawWeights(weights: Uint16Array, random: Random): void {
  weights.fill(0);
  for (let draw = 0; draw < weights.length; draw += 1) weights[Math.floor(random.uniform() * weights.length)] += 1;
}
