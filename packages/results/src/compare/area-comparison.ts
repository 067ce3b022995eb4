import { delongTest, mean } from '@hearken/metrics';
import {
  groupsOfClips,
  positiveLabel,
  type SceneAnswers,
  type TestAnswers,
  twoSidedTail,
} from '@hearken/metrics/internal';

/** Two models' areas under one label's ROC curve on the same clips, by DeLong's test. */
export interface AreaComparison {
  /** The label that the clips of a binary task have or have not. */
  readonly label: string;
  /** The first area less the second; over several folds the mean. */
  readonly difference: number;
  /** Of the difference. */
  readonly standardError: number;
  /** Two-sided, not corrected for several tasks. */
  readonly pValue: number;
}

/**
 * DeLong's paired test (see `delongTest`) on a binary task, which has one ROC curve. Folds are tested on clips of their
 * own, so that the variance of their mean difference is the mean of their variances over their number.
 *
 * @returns undefined for tasks of more labels, and where a fold has fewer than two clips on one side
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
  const column = <Values extends Float32Array | Uint8Array>(values: Values) =>
    values.filter((_, index) => index % labels.length === label);
  const tests = pairs.flatMap(
    ([one, other]) =>
      delongTest(column(one.predictions), column(other.predictions), column(one.targets), groupsOfClips(one)) ?? [],
  );
  if (tests.length < pairs.length) return undefined;
  const difference = mean(tests.map((test) => test.difference));
  const standardError = Math.hypot(...tests.map((test) => test.standardError)) / tests.length;
  // Of one fold the test's own: with groups it is held against another distribution.
  const pValue =
    tests.length === 1 ? tests[0].pValue : Math.abs(difference) < 1e-12 ? 1 : twoSidedTail(difference / standardError);
  return { label: labels[label], difference, standardError, pValue };
}

function areScenes(pair: readonly [TestAnswers, TestAnswers]): pair is readonly [SceneAnswers, SceneAnswers] {
  return pair.every(({ kind }) => kind === 'scene');
}
