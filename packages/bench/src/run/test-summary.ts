import type { Evaluation, TestSummary } from '@hearken/results';
import type { EvaluationInput } from '../evaluation/evaluation.js';
import {
  areaIntervals,
  isRocArea,
  scoreContexts,
  scoreIntervals,
  scoreParts,
  type TestAnswers,
} from '@hearken/metrics/internal';
import { type Metric, metricByName } from '@hearken/metrics';
import { constantAnswers, testAnswers } from './fold-answers.js';

/**
 * What the test clips add to an evaluation: intervals, and the parts of event scores.
 *
 * @param seed determines the draws
 * @param custom custom metrics
 * @param groupOf the group of a clip of a split; '' if it is unknown
 * @returns also the first seed's answers; undefined if they are not known
 */
export function summarizeTest(
  input: EvaluationInput,
  evaluation: Evaluation,
  seed: number,
  custom: readonly Metric[] = [],
  groupOf?: (split: string, clip: string) => string,
): { readonly summary: TestSummary; readonly answers: readonly TestAnswers[] | undefined } {
  const seeds = (evaluation.seeds ?? [evaluation]).map(({ folds }) => testAnswers(input, folds, groupOf));
  const known = seeds.filter((answers) => answers !== undefined);
  if (known.length < seeds.length) return { summary: { intervals: {}, parts: [] }, answers: undefined };
  const { labels, metadata } = input;
  const intervals = scoreIntervals(known, metadata.evaluation, labels, seed, custom);
  const parts = known.map((folds) => folds.map((fold) => scoreParts(fold, metadata.evaluation, labels, custom)));
  const areas = metadata.evaluation.flatMap((name) => {
    const found = isRocArea(metricByName(name, custom)) ? areaIntervals(known[0], labels) : undefined;
    return found === undefined ? [] : [[name, found] as const];
  });
  const constants = constantAnswers(input);
  const contexts = scoreContexts(known[0], metadata.evaluation, labels, constants, custom);
  const constant = constants === undefined ? {} : { constants };
  const summary = { intervals, contexts, ...constant, parts, areaIntervals: Object.fromEntries(areas) };
  return { summary, answers: known[0] };
}
