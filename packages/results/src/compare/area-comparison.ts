import { delongTest, mean } from '@hearken/metrics';
import {
  columnOf,
  groupsOfClips,
  positiveLabel,
  type SceneAnswers,
  type TestAnswers,
  twoSidedTail,
} from '@hearken/metrics/internal';

/** Two models' areas under one label's ROC curve on the same clips, by DeLong's test. */
export interface AreaComparison {
  /** The positive label of a binary task. */
  readonly label: string;
  /** The first area minus the second; with several folds, the mean. */
  readonly difference: number;
  /** Of the difference. */
  readonly standardError: number;
  /** Two-sided, not corrected for several tasks. */
  readonly pValue: number;
}

/**
 * DeLong's paired test (see `delongTest`) on a binary task, which has one ROC curve. Each fold has different test clips, so
 * the variance of the mean difference is the mean of their variances divided by the number of folds.
 *
 * @returns undefined for tasks with more labels, and if a fold has fewer than two positive or two negative clips
 */
export function compareAreas(
  labels: readonly string[],
  [first, second]: readonly [readonly TestAnswers[], readonly TestAnswers[]],
): AreaComparison | undefined {
  const pairs = first.map((answers, fold) => [answers, second[fold]] as const).filter(areScenes);
  if (pairs.length === 0 || pairs.length < first.length) return undefined;
  const { predictionType = 'multilabel', settings } = pairs[0][0].scoring ?? {};
  const label = labels.length === 2 ? positiveLabel({ labels, predictionType }, settings) : undefined;
  if (label === undefined) return undefined;
  const column = (values: Float32Array | Uint8Array) => columnOf(values, label, labels.length);
  const tests = pairs.flatMap(
    ([one, other]) =>
      delongTest(column(one.predictions), column(other.predictions), column(one.targets), groupsOfClips(one)) ?? [],
  );
  if (tests.length < pairs.length) return undefined;
  const difference = mean(tests.map((test) => test.difference));
  const standardError = Math.hypot(...tests.map((test) => test.standardError)) / tests.length;
  // A single fold's own p-value: with groups, the test uses a different distribution.
  const pValue =
    tests.length === 1 ? tests[0].pValue : Math.abs(difference) < 1e-12 ? 1 : twoSidedTail(difference / standardError);
  return { label: labels[label], difference, standardError, pValue };
}

function areScenes(pair: readonly [TestAnswers, TestAnswers]): pair is readonly [SceneAnswers, SceneAnswers] {
  return pair.every(({ kind }) => kind === 'scene');
}
