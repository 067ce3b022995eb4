import { Random } from '../files/random.js';
import { defaultThreshold, reached } from '../metrics/decisions.js';
import { metricByName, type Metric, type SceneMetric } from '../metrics/index.js';
import { compareAreas, type AreaComparison } from './area-comparison.js';
import { drawWeights, meanOrNull } from '../run/resampling/score-intervals.js';
import {
  fileAnswers,
  sceneScores,
  weightedMetric,
  type SceneAnswers,
  type TestAnswers,
} from '../run/resampling/test-answers.js';
import { weightedEventMetric } from '../run/resampling/weighted-events.js';
import { affordableSamples, type WeightedMetric } from '../run/resampling/weighted-metric.js';
import { midranks } from '../run/resampling/weighted-ranking.js';
import { weightedRegressionMetric } from '../run/resampling/weighted-regression.js';
import { isRanking, weightedSceneMetric } from '../run/resampling/weighted-scenes.js';
import { bootstrapInterval, pairedPermutationTest, type ConfidenceInterval } from '../statistics/index.js';

/** Resamples of the interval and exchanges of the test where they are affordable, and the fewest. */
const wanted = { interval: 2000, test: 10_000 };
const least = { interval: 200, test: 1000 };

/** Two models' scores on the same test clips. */
export interface AnswersComparison {
  /** Means over folds. */
  readonly scores: readonly [number, number];
  /** The first score less the second. */
  readonly difference: number;
  /** Of the difference, over draws of the test clips within their folds; null where it is undefined in all of them. */
  readonly interval: ConfidenceInterval | null;
  /** Two-sided. */
  readonly pValue: number;
  /** Exchanges of the two models' answers that the p-value is a share of. */
  readonly exchanges: number;
  /** Whether those were all there are. */
  readonly exact: boolean;
  /** Of `aucroc` on a binary task: DeLong's test of the same difference. */
  readonly delong?: AreaComparison;
}

/**
 * Compares two models by one metric on the same test clips, clip by clip: a permutation test of the difference, both
 * models' answers for a clip being exchanged, and a bootstrap interval. Scores that only rank are compared by their
 * ranks, so that models on different scales can be exchanged (Venkatraman and Begg 1996, Biometrika 83, section 2).
 *
 * @param models the two models' answers, fold by fold, for the same clips
 * @param seed every draw follows from it
 * @param own metrics beside Hearken's own
 * @returns null where one of the scores is undefined
 */
export function compareAnswers(
  metric: string,
  labels: readonly string[],
  models: readonly [readonly TestAnswers[], readonly TestAnswers[]],
  seed: number,
  own: readonly Metric[] = [],
): AnswersComparison | null {
  const folds = models.map((model) => model.map((answers) => weightedMetric(metric, answers, labels, own)));
  const [first, second] = folds.map((model) => meanOrNull(model.map((fold) => fold.score(ones(fold.count)))));
  if (first === null || second === null) return null;
  const test = exchangeTest(metricByName(metric, own), labels, models, new Random(seed));
  if (test === null) return null;
  const delong = metric === 'aucroc' ? compareAreas(labels, models) : undefined;
  return {
    scores: [first, second],
    difference: first - second,
    interval: differenceInterval(folds, new Random(seed)),
    pValue: test.pValue,
    exchanges: test.samples,
    exact: test.exact,
    ...(delong === undefined ? {} : { delong }),
  };
}

function exchangeTest(
  metric: Metric,
  labels: readonly string[],
  [first, second]: readonly [readonly TestAnswers[], readonly TestAnswers[]],
  random: Random,
) {
  const folds = first.map((answers, fold) => pooledMetric(metric, labels, answers, second[fold]));
  const weights = folds.map(({ count }) => [new Uint16Array(count), new Uint16Array(count)] as const);
  const clips = folds.reduce((sum, { count }) => sum + count / 2, 0);
  const difference = (swapped: Uint8Array) => {
    let clip = 0;
    const differences = folds.map((fold, index) => {
      const [own, others] = weights[index];
      const half = fold.count / 2;
      for (let place = 0; place < half; place += 1, clip += 1) {
        own[place] = others[half + place] = 1 - swapped[clip];
        own[half + place] = others[place] = swapped[clip];
      }
      const scores = [fold.score(own), fold.score(others)];
      return scores[0] === null || scores[1] === null ? null : scores[0] - scores[1];
    });
    return meanOrNull(differences);
  };
  const samples = affordableSamples([...folds, ...folds], wanted.test, least.test);
  return pairedPermutationTest(clips, difference, { random: () => random.uniform(), samples });
}

/** A metric on the first model's answers followed by the second's. */
function pooledMetric(
  metric: Metric,
  labels: readonly string[],
  first: TestAnswers,
  second: TestAnswers,
): WeightedMetric {
  if (metric.kind === 'scene' && first.kind === 'scene' && second.kind === 'scene') {
    const scales = [first, second].map((answers) => onOneScale(metric, answers, labels));
    const predictions = Float64Array.from(scales.flatMap((scale) => [...scale]));
    const targets = Uint8Array.from([...first.targets, ...second.targets]);
    const { thresholds: _, ...scores } = sceneScores(metric.name, first, labels);
    return weightedSceneMetric(metric, { ...scores, predictions, targets });
  }
  if (metric.kind === 'regression' && first.kind === 'regression' && second.kind === 'regression') {
    const predictions = Float64Array.from([...first.predictions, ...second.predictions]);
    const values = Float64Array.from([...first.values, ...second.values]);
    return weightedRegressionMetric(metric, { predictions, values, labels });
  }
  if (metric.kind === 'event' && first.kind === 'event' && second.kind === 'event') {
    return weightedEventMetric(metric, [...fileAnswers(first), ...fileAnswers(second)], labels);
  }
  throw new TypeError(`metric ${metric.name} does not go with ${first.kind} and ${second.kind} answers`);
}

/**
 * A model's answers on a scale that both have: ranks for metrics that only rank, and for those with thresholds, which
 * each model has its own of, on which side of them an answer is.
 */
function onOneScale(
  metric: SceneMetric,
  answers: SceneAnswers,
  labels: readonly string[],
): ArrayLike<number> & Iterable<number> {
  if (isRanking(metric)) return midranks(answers.predictions, labels.length);
  const scores = sceneScores(metric.name, answers, labels);
  if (scores.thresholds === undefined) return answers.predictions;
  // Answers in the middle of each side, so that the default threshold divides them.
  return Float64Array.from(reached(scores), (side) => defaultThreshold / 2 + side / 2);
}

function differenceInterval(
  [first, second]: readonly (readonly WeightedMetric[])[],
  random: Random,
): ConfidenceInterval | null {
  const weights = first.map(({ count }) => new Uint16Array(count));
  const difference = () => {
    for (const own of weights) drawWeights(own, random);
    const [score, other] = [first, second].map((model) =>
      meanOrNull(model.map((fold, index) => fold.score(weights[index]))),
    );
    return score === null || other === null ? null : score - other;
  };
  const samples = affordableSamples([...first, ...second], wanted.interval, least.interval);
  // The draws are within folds, which `bootstrapInterval` knows nothing of: one unit to it.
  return bootstrapInterval(1, difference, { random: () => random.uniform(), samples });
}

function ones(count: number): Uint16Array {
  return new Uint16Array(count).fill(1);
}
