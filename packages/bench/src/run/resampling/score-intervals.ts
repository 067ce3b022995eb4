import { Random } from '../../files/random.js';
import type { Metric } from '../../metrics/index.js';
import { bootstrapInterval, mean, type ConfidenceInterval } from '../../statistics/index.js';
import { weightedMetric, type TestAnswers } from './test-answers.js';
import { affordableSamples, type WeightedMetric } from './weighted-metric.js';

/** Resamples of an interval, where they are affordable, and the fewest. */
const samples = 1000;
const leastSamples = 100;

/**
 * Bootstrap intervals of a task's scores, by metric: in each resample the test clips of each fold are drawn anew within
 * their fold, and the score is the mean over folds, of several probe seeds the mean of their means on the same clips.
 * They say what other test clips would change, not other training clips. Costly metrics get fewer resamples, as the
 * interval's `samples` says.
 *
 * @param seeds each probe seed's answers for all folds, in the same order
 * @param seed every draw follows from it
 * @param own metrics beside Hearken's own
 */
export function scoreIntervals(
  seeds: readonly (readonly TestAnswers[])[],
  metrics: readonly string[],
  labels: readonly string[],
  seed: number,
  own: readonly Metric[] = [],
): Record<string, ConfidenceInterval | null> {
  return Object.fromEntries(
    metrics.map((name) => {
      const bySeed = seeds.map((folds) => folds.map((answers) => weightedMetric(name, answers, labels, own)));
      const random = new Random(seed);
      const affordable = affordableSamples(bySeed.flat(), samples, leastSamples);
      return [name, foldsInterval(bySeed, random, affordable)];
    }),
  );
}

function foldsInterval(
  seeds: readonly (readonly WeightedMetric[])[],
  random: Random,
  count: number,
): ConfidenceInterval | null {
  const weights = seeds[0].map((fold) => new Uint16Array(fold.count));
  if (weights.some(({ length }) => length === 0)) return null;
  const statistic = () => {
    for (const own of weights) drawWeights(own, random);
    return meanOrNull(seeds.map((folds) => meanOrNull(folds.map((fold, index) => fold.score(weights[index])))));
  };
  // The statistic draws within folds, which `bootstrapInterval` knows nothing of: one unit to it.
  return bootstrapInterval(1, statistic, { random: () => random.uniform(), samples: count });
}

/** How often each clip comes when as many are drawn as there are, with replacement. */
export function drawWeights(weights: Uint16Array, random: Random): void {
  weights.fill(0);
  for (let draw = 0; draw < weights.length; draw += 1) weights[Math.floor(random.uniform() * weights.length)] += 1;
}

/** Null where one of the values is undefined: a mean over the others would be a mean of something else. */
export function meanOrNull(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null);
  return defined.length === values.length ? mean(defined) : null;
}
