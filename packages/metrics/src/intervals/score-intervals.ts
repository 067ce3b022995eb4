import { Random } from '../random.js';
import type { Metric } from '../metric.js';
import { metricByName } from '../registry.js';
import { adjustedSize, areaSize, type Bounds, shareInterval } from '../statistics/share-interval.js';
import { studentQuantile } from '../statistics/incomplete-beta.js';
import { foldScores } from './fold-scores.js';
import { jackknife, type Jackknife } from './jackknife.js';
import { percentileInterval } from './percentile-interval.js';
import { samplingUnits, type SamplingUnits } from './sampling-units.js';
import type { ScoreInterval } from './score-interval.js';
import { foldShares, shareOfFolds } from './share-intervals.js';
import { weightedMetric, type TestAnswers } from '../kinds/answers.js';
import { affordableSamples, type WeightedMetric } from './weighted-metric.js';

/** Resamples of a bootstrap interval, where they are affordable, and the fewest. */
const wantedSamples = 1000;
const leastSamples = 100;

/** Scores between 0 and 1, whose intervals are those of shares. */
const bounded = [
  'top1_acc', 'pitch_acc', 'chroma_acc', 'mAP', 'aucroc', 'auprc', 'f1_macro', 'f1_micro', 'f1_weighted',
  'balanced_accuracy', 'sensitivity', 'specificity', 'ppv', 'icbhi_score', 'icbhi_sensitivity', 'icbhi_specificity', 'ece',
  'event_onset_200ms_fms', 'event_onset_50ms_fms', 'event_onset_offset_50ms_20perc_fms',
]; // prettier-ignore
/** Whether a metric's scores lie between 0 and 1, as those of shares do. */
export function isBounded(metric: string): boolean {
  return bounded.includes(metric);
}

/** Scores of which 0 is the best, and which have no upper end. */
const errors = ['mae', 'rmse', 'brier', 'segment_1s_er'];

/**
 * Confidence intervals of a task's scores, by metric. They say what other test clips (of other people, where the task
 * names groups) would change, not other training clips. With several probe seeds they are of the mean over seeds.
 *
 * @param seeds each probe seed's answers for all folds, in the same order
 * @param seed every draw follows from it
 * @param custom custom metrics
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
      // Whether a custom metric is smooth enough for a jackknife is unknown.
      const isCustom = metric.version !== undefined;
      const ofJackknife = isCustom
        ? undefined
        : jackknifeInterval(name, seeds[0], bySeed, { units, seed, level, labels });
      return [name, ofJackknife ?? bootstrapPercentiles(bySeed, units, seed, level)];
    }),
  );
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

/** What an interval depends on besides the answers. */
interface IntervalContext {
  readonly units: SamplingUnits;
  readonly seed: number;
  readonly level: number;
  readonly labels: readonly string[];
}

/** Undefined where the jackknife is: the score or one without a clip is undefined. */
function jackknifeInterval(
  name: string,
  folds: readonly TestAnswers[],
  seeds: readonly (readonly WeightedMetric[])[],
  { units, seed, level, labels }: IntervalContext,
): ScoreInterval | undefined {
  const found = jackknife(foldScores(seeds), units, seed);
  if (found === undefined) return undefined;
  const shared = { level, samples: found.samples, over: units.kind };
  if (isBounded(name)) {
    const bounds = boundedInterval(name, folds, found, { units, seed, level, labels });
    return { ...bounds, ...shared, method: 'jackknife' };
  }
  const reach = studentQuantile((1 + level) / 2, found.degrees) * Math.sqrt(found.variance);
  const { score } = found;
  if (errors.includes(name) && score > 0) return { ...logInterval(score, reach), ...shared, method: 'jackknife-log' };
  if (name === 'r2' && score < 1) {
    const { low, high } = logInterval(1 - score, reach);
    return { low: 1 - high, high: 1 - low, ...shared, method: 'jackknife-log' };
  }
  if (name === 'pearson' && Math.abs(score) < 1) {
    const half = reach / (1 - score ** 2);
    const [low, high] = [-half, half].map((step) => Math.tanh(Math.atanh(score) + step));
    return { low, high, ...shared, method: 'jackknife-fisher' };
  }
  return { low: score - reach, high: score + reach, ...shared, method: 'jackknife-t' };
}

function logInterval(score: number, reach: number): Bounds {
  return { low: score * Math.exp(-reach / score), high: score * Math.exp(reach / score) };
}

/** The interval of a share that is as uncertain as the score, about the score less its bias; it always holds the score. */
function boundedInterval(
  name: string,
  folds: readonly TestAnswers[],
  { score, variance, bias, degrees }: Jackknife,
  { units, level, labels }: IntervalContext,
): Bounds {
  const clips = folds.reduce((sum, fold) => sum + fold.clips.length, 0);
  const centre = Math.min(1, Math.max(0, score - bias));
  const isPerfect = variance < 1e-18 || centre <= 0 || centre >= 1;
  const most = isPerfect ? perfectSize(name, folds, units, labels) : clips * labels.length;
  const ofAreas =
    name === 'aucroc' && !(isPerfect && units.kind === 'groups') ? areasSize(centre, folds, labels) : Infinity;
  const measured = isPerfect ? Infinity : (centre * (1 - centre)) / variance;
  const size = Math.max(1, Math.min(most, ofAreas, measured));
  const { low, high } = shareInterval(centre, isPerfect ? size : adjustedSize(size, degrees, level), level);
  return { low: Math.min(low, score), high: Math.max(high, score) };
}

/**
 * How many answers a score is worth that leaving out clips does not change, such as a perfect one: each group one; of
 * clips with labels as many as would be if every label had as few as the rarest one.
 */
function perfectSize(name: string, folds: readonly TestAnswers[], units: SamplingUnits, labels: readonly string[]) {
  if (units.kind === 'groups' || name === 'ece') return units.count;
  const width = labels.length;
  const sizes = folds.map((fold) => {
    if (fold.kind !== 'scene' || name === 'aucroc') return fold.clips.length;
    const held = labelCounts(fold.targets, width).filter((count) => count > 0);
    return Math.min(fold.clips.length, held.length * Math.min(...held));
  });
  return Math.max(
    1,
    sizes.reduce((sum, size) => sum + size, 0),
  );
}

/** The answers that the mean of all labels' areas is worth, by the formula for one area: those of the label with the fewest. */
function areasSize(area: number, folds: readonly TestAnswers[], labels: readonly string[]): number {
  const perFold = folds.flatMap((fold) => {
    if (fold.kind !== 'scene') return [];
    const count = fold.targets.length / labels.length;
    const ofLabels = labelCounts(fold.targets, labels.length).map((held) => areaSize(area, held, count - held));
    // Two classes have one area between them.
    return [Math.min(...ofLabels) * (labels.length === 2 && isOneLabelEach(fold.targets) ? 1 : labels.length)];
  });
  return perFold.length ** 2 / perFold.reduce((sum, size) => sum + 1 / size, 0);
}

function labelCounts(targets: Uint8Array, width: number): number[] {
  const counts = new Array<number>(width).fill(0);
  targets.forEach((target, index) => (counts[index % width] += target));
  return counts;
}

function isOneLabelEach(targets: Uint8Array): boolean {
  for (let start = 0; start < targets.length; start += 2) if (targets[start] + targets[start + 1] !== 1) return false;
  return true;
}
