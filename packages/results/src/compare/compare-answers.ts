import { type Metric, metricByName, pairedPermutationTest, Random } from '@hearken/metrics';
import {
  affordableSamples,
  differenceScores,
  foldScores,
  isBounded,
  isRocArea,
  isSmooth,
  jackknife,
  meanOrNull,
  percentileInterval,
  samplingUnits,
  type SamplingUnits,
  scoringOf,
  type ScoreInterval,
  studentQuantile,
  type TestAnswers,
  weightedMetric,
  type WeightedMetric,
} from '@hearken/metrics/internal';
import { compareAreas, type AreaComparison } from './area-comparison.js';

/** Resamples for the interval and exchanges for the test: wanted if affordable, and the minimum. */
const wanted = { interval: 2000, test: 10_000 };
const least = { interval: 200, test: 1000 };
/** Confidence level of the interval of a difference. */
const level = 0.95;

/** Two models' scores on the same test clips. */
export interface AnswersComparison {
  /** Means over folds. */
  readonly scores: readonly [number, number];
  /** The first score minus the second. */
  readonly difference: number;
  /** Of the difference, over draws of the test clips or their groups; null if undefined. */
  readonly interval: ScoreInterval | null;
  /** Two-sided. */
  readonly pValue: number;
  /** Number of test clips. */
  readonly clips: number;
  /** Number of groups, if the task names them: these are then exchanged and drawn. */
  readonly groups?: number;
  /** Number of exchanges of the two models' answers behind the p-value. */
  readonly exchanges: number;
  /** Whether those were all possible exchanges. */
  readonly exact: boolean;
  /** For `aucroc` on a binary task: DeLong's test of the same difference. */
  readonly delong?: AreaComparison;
}

/**
 * Compares two models by one metric on the same test clips, clip by clip or, if the task names groups, group by group:
 * a permutation test of the difference, which exchanges the two models' answers for a clip (or for all clips of a group),
 * and a jackknife interval. For metrics that only depend on the ranking, ranks are exchanged, so that models on different
 * scales are comparable (Venkatraman and Begg 1996, Biometrika 83, section 2).
 *
 * @param models the two models' answers, fold by fold, for the same clips
 * @param seed seeds all random draws
 * @param custom metrics
 * @returns null if one of the scores is undefined
 */
export function compareAnswers(
  name: string,
  labels: readonly string[],
  models: readonly [readonly TestAnswers[], readonly TestAnswers[]],
  seed: number,
  custom: readonly Metric[] = [],
): AnswersComparison | null {
  const metric = metricByName(name, custom);
  const folds = models.map((model) => model.map((answers) => weightedMetric(name, answers, labels, custom)));
  const [first, second] = folds.map((model) => meanOrNull(model.map((fold) => fold.score(ones(fold.count)))));
  if (first === null || second === null) return null;
  const units = samplingUnits(models[0]);
  const test = exchangeTest(metric, labels, models, units, new Random(seed));
  if (test === null) return null;
  const delong = isRocArea(metric) ? compareAreas(labels, models) : undefined;
  return {
    scores: [first, second],
    difference: first - second,
    interval: differenceInterval(metric, folds, units, seed),
    pValue: test.pValue,
    clips: models[0].reduce((sum, fold) => sum + fold.clips.length, 0),
    ...(units.kind === 'groups' ? { groups: units.count } : {}),
    exchanges: test.samples,
    exact: test.exact,
    ...(delong === undefined ? {} : { delong }),
  };
}

function exchangeTest(
  metric: Metric,
  labels: readonly string[],
  [first, second]: readonly [readonly TestAnswers[], readonly TestAnswers[]],
  units: SamplingUnits,
  random: Random,
) {
  const folds = first.map((answers, fold) => {
    const kind = scoringOf(metric, answers);
    if (kind !== undefined && answers.kind === second[fold].kind)
      return kind.pooled(metric, answers, second[fold], labels);
    throw new TypeError(`metric ${metric.name} cannot compare ${answers.kind} and ${second[fold].kind} answers`);
  });
  const weights = folds.map(({ count }) => [new Uint16Array(count), new Uint16Array(count)] as const);
  const difference = (swapped: Uint8Array) => {
    const differences = folds.map((fold, index) => {
      const [one, other] = weights[index];
      const half = fold.count / 2;
      const ofClips = units.ofClips[index];
      for (let place = 0; place < half; place += 1) {
        const isSwapped = swapped[ofClips[place]];
        one[place] = other[half + place] = 1 - isSwapped;
        one[half + place] = other[place] = isSwapped;
      }
      const scores = [fold.score(one), fold.score(other)];
      return scores[0] === null || scores[1] === null ? null : scores[0] - scores[1];
    });
    return meanOrNull(differences);
  };
  const samples = affordableSamples([...folds, ...folds], wanted.test, least.test);
  return pairedPermutationTest(units.count, difference, { random: () => random.uniform(), samples });
}

/**
 * Student's t with the jackknife's standard error. For scores between 0 and 1, one extra clip is counted as correct for
 * each model, so that two models that always agree have an interval, too (A. Agresti, Y. Min, "Simple improved confidence
 * intervals for comparing matched proportions", Statistics in Medicine 24, 2005).
 */
function differenceInterval(
  metric: Metric,
  [first, second]: readonly (readonly WeightedMetric[])[],
  units: SamplingUnits,
  seed: number,
): ScoreInterval | null {
  const scores = differenceScores(foldScores([first]), foldScores([second]));
  const found = isSmooth(metric) ? jackknife(scores, units, seed) : undefined;
  if (found === undefined) {
    const samples = affordableSamples([...first, ...second], wanted.interval, least.interval);
    return percentileInterval(scores, units, { random: new Random(seed), samples, level });
  }
  const clips = scores.counts.reduce((sum, count) => sum + count, 0);
  // If nothing tells how similar the clips of a group are, each group counts once.
  const counted = found.variance > 1e-18 ? clips : units.count;
  const added = isBounded(metric) ? 1 / (counted + 2) ** 2 : 0;
  const reach = studentQuantile((1 + level) / 2, found.degrees) * Math.sqrt(found.variance + added);
  const most = isBounded(metric) ? 1 : Infinity;
  const [low, high] = [Math.max(-most, found.score - reach), Math.min(most, found.score + reach)];
  return { low, high, level, samples: found.samples, method: 'jackknife-t', over: units.kind };
}

function ones(count: number): Uint16Array {
  return new Uint16Array(count).fill(1);
}
