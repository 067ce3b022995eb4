import { Random } from '../random.js';
import type { Metric } from '../kinds/registry.js';
import { metricByName } from '../registry.js';
import { adjustedSize, areaSize, type Bounds, shareInterval } from '../statistics/share-interval.js';
import { studentQuantile } from '../statistics/incomplete-beta.js';
import { foldScores } from './fold-scores.js';
import { jackknife, type Jackknife } from './jackknife.js';
import { percentileInterval } from './percentile-interval.js';
import { samplingUnits, type SamplingUnits } from './sampling-units.js';
import type { ScoreInterval } from './score-interval.js';
import { foldShares, shareOfFolds } from './share-intervals.js';
import type { TestAnswers } from '../kinds/registry.js';
import { scoringOf, weightedMetric } from '../kinds/scoring.js';
import { labelCounts } from '../kinds/scene.js';
import { affordableSamples, type WeightedMetric } from './weighted-metric.js';

/** Number of resamples for a bootstrap interval if they are affordable, and the minimum. */
const wantedSamples = 1000;
const leastSamples = 100;

/** Whether a metric's scores are between 0 and 1, like shares. */
export function isBounded({ range: [low, high] }: Metric): boolean {
  return low === 0 && high === 1;
}

/** Whether a metric is the mean of areas under ROC curves. */
export function isRocArea(metric: Metric): boolean {
  return metric.kind === 'scene' && metric.isRocArea === true;
}

/**
 * Confidence intervals of a task's scores, by metric. They show the effect of other test clips (of other people, if the
 * task has groups), not of other training clips. With several probe seeds, they are for the mean over seeds.
 *
 * @param seeds each probe seed's answers for all folds, in the same order
 * @param seed determines all draws
 * @param custom metrics
 * @param level share of the samples of test clips whose interval holds the true score
 */
export function scoreIntervals(
  seeds: readonly (readonly TestAnswers[])[],
  metrics: readonly string[],
  labels: readonly string[],
  seed: number,
  custom: readonly Metric[] = [],
  level = 0.95,
): Record<string, ScoreInterval | null> {
  const units = samplingUnits(seeds[0]);
  return Object.fromEntries(
    metrics.map((name) => {
      const metric = metricByName(name, custom);
      const bySeed = seeds.map((folds) => folds.map((answers) => weightedMetric(name, answers, labels, custom)));
      const share = seeds.length === 1 ? foldShares(metric, seeds[0], labels) : undefined;
      if (share !== undefined) return [name, shareOfFolds(share, units, level)];
      const ofJackknife = isSmooth(metric)
        ? jackknifeInterval(metric, seeds[0], bySeed, { units, seed, level, labels })
        : undefined;
      return [name, ofJackknife ?? bootstrapPercentiles(bySeed, units, seed, level)];
    }),
  );
}

/** Whether a jackknife estimates the variance of a metric correctly: for a custom metric this is unknown. */
export function isSmooth({ version }: Metric): boolean {
  return version === undefined;
}

/** The interval of results of earlier versions, and of custom metrics. */
export function bootstrapPercentiles(
  seeds: readonly (readonly WeightedMetric[])[],
  units: SamplingUnits,
  seed: number,
  level = 0.95,
): ScoreInterval | null {
  const samples = affordableSamples(seeds.flat(), wantedSamples, leastSamples);
  return percentileInterval(foldScores(seeds), units, { random: new Random(seed), samples, level });
}

/** What an interval depends on in addition to the answers. */
interface IntervalContext {
  readonly units: SamplingUnits;
  readonly seed: number;
  readonly level: number;
  readonly labels: readonly string[];
}

/** Undefined if the jackknife is: the score, or one without a clip, is undefined. */
function jackknifeInterval(
  metric: Metric,
  folds: readonly TestAnswers[],
  seeds: readonly (readonly WeightedMetric[])[],
  { units, seed, level, labels }: IntervalContext,
): ScoreInterval | undefined {
  const found = jackknife(foldScores(seeds), units, seed);
  if (found === undefined) return undefined;
  const shared = { level, samples: found.samples, over: units.kind };
  if (isBounded(metric)) {
    const bounds = boundedInterval(metric, folds, found, { units, seed, level, labels });
    return { ...bounds, ...shared, method: 'jackknife' };
  }
  const reach = studentQuantile((1 + level) / 2, found.degrees) * Math.sqrt(found.variance);
  const { score } = found;
  const scale = metric.intervalScale;
  if (scale === 'log' && score > 0) return { ...logInterval(score, reach), ...shared, method: 'jackknife-log' };
  if (scale === 'log-complement' && score < 1) {
    const { low, high } = logInterval(1 - score, reach);
    return { low: 1 - high, high: 1 - low, ...shared, method: 'jackknife-log' };
  }
  if (scale === 'fisher' && Math.abs(score) < 1) {
    const half = reach / (1 - score ** 2);
    const [low, high] = [-half, half].map((step) => Math.tanh(Math.atanh(score) + step));
    return { low, high, ...shared, method: 'jackknife-fisher' };
  }
  return { low: score - reach, high: score + reach, ...shared, method: 'jackknife-t' };
}

function logInterval(score: number, reach: number): Bounds {
  return { low: score * Math.exp(-reach / score), high: score * Math.exp(reach / score) };
}

/**
 * The interval of a share that is as uncertain as the score, around the score minus its bias; it always contains the
 * score.
 */
function boundedInterval(
  metric: Metric,
  folds: readonly TestAnswers[],
  { score, variance, bias, degrees }: Jackknife,
  { units, level, labels }: IntervalContext,
): Bounds {
  const clips = folds.reduce((sum, fold) => sum + fold.clips.length, 0);
  const centre = Math.min(1, Math.max(0, score - bias));
  const isPerfect = variance < 1e-18 || centre <= 0 || centre >= 1;
  const most = isPerfect ? perfectSize(metric, folds, units, labels) : clips * labels.length;
  const ofAreas =
    isRocArea(metric) && !(isPerfect && units.kind === 'groups') ? areasSize(centre, folds, labels) : Infinity;
  const measured = isPerfect ? Infinity : (centre * (1 - centre)) / variance;
  const size = Math.max(1, Math.min(most, ofAreas, measured));
  const { low, high } = shareInterval(centre, isPerfect ? size : adjustedSize(size, degrees, level), level);
  return { low: Math.min(low, score), high: Math.max(high, score) };
}

/**
 * Number of answers that a score is worth if leaving out clips does not change it, such as a perfect score: one per
 * group.
 */
function perfectSize(metric: Metric, folds: readonly TestAnswers[], units: SamplingUnits, labels: readonly string[]) {
  if (units.kind === 'groups') return units.count;
  const sizes = folds.map((fold) => scoringOf(metric, fold)?.perfectSize(metric, fold, labels) ?? 0);
  return Math.max(
    1,
    sizes.reduce((sum, size) => sum + size, 0),
  );
}

/**
 * Number of answers that the mean of all labels' areas is worth, by the formula for one area: the smallest of the
 * labels' numbers.
 */
function areasSize(area: number, folds: readonly TestAnswers[], labels: readonly string[]): number {
  const perFold = folds.flatMap((fold) => {
    if (fold.kind !== 'scene') return [];
    const count = fold.targets.length / labels.length;
    const ofLabels = labelCounts(fold.targets, labels.length).map((held) => areaSize(area, held, count - held));
    // Two classes share one area.
    return [Math.min(...ofLabels) * (labels.length === 2 && isOneLabelEach(fold.targets) ? 1 : labels.length)];
  });
  return perFold.length ** 2 / perFold.reduce((sum, size) => sum + 1 / size, 0);
}

function isOneLabelEach(targets: Uint8Array): boolean {
  for (let start = 0; start < targets.length; start += 2) if (targets[start] + targets[start + 1] !== 1) return false;
  return true;
}
