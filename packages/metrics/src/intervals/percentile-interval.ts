import type { Random } from '../random.js';
import { bootstrapInterval } from '../statistics/bootstrap.js';
import { scoreOf, type FoldScores } from './fold-scores.js';
import { clipsOfUnits, strataOf, type SamplingUnits } from './sampling-units.js';
import type { ScoreInterval } from './score-interval.js';

/**
 * The percentile bootstrap: in each resample clips are drawn anew within their folds, groups among all, and the score is
 * the mean over folds, of several probe seeds the mean of their means on the same clips. Costly metrics get fewer
 * resamples, as the interval's `samples` says.
 */
export function percentileInterval(
  scores: FoldScores,
  units: SamplingUnits,
  { random, samples, level = 0.95 }: { readonly random: Random; readonly samples: number; readonly level?: number },
): ScoreInterval | null {
  if (scores.counts.includes(0) || (units.kind === 'groups' && units.count < 2)) return null;
  const draw = unitDraws(scores, units, random);
  // The statistic draws units, which `bootstrapInterval` knows nothing of: one unit to it.
  const found = bootstrapInterval(1, () => scoreOf(scores, draw()), { random: () => random.uniform(), samples, level });
  return found && { ...found, method: 'bootstrap-percentile', over: units.kind };
}

/** Draws how often each clip comes when as many units are drawn as there are, with replacement, stratum by stratum. */
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

/** How often each clip comes when as many are drawn as there are, with replacement. */
function drawWeights(weights: Uint16Array, random: Random): void {
  weights.fill(0);
  for (let draw = 0; draw < weights.length; draw += 1) weights[Math.floor(random.uniform() * weights.length)] += 1;
}
