import type { EvaluationInput } from '../evaluation/evaluation.js';
import { evaluationKind } from '../kinds/registry.js';
import { rowsOfSplits } from '../evaluation/split-rows.js';
import type { FoldResult } from '@hearken/results';
import type { TestAnswers } from '@hearken/metrics/internal';
import { Rows } from '../probes/rows.js';
import { type DataSplit, dataSplits } from '@hearken/tasks';

/**
 * The answers to score, also on resamples; undefined if a fold does not belong to the task, or one of an event task
 * does not say how its events were made.
 *
 * @param groupOf the group of a clip of a split; '' if it is unknown
 */
export function testAnswers(
  input: EvaluationInput,
  folds: readonly FoldResult[],
  groupOf?: (split: string, clip: string) => string,
): TestAnswers[] | undefined {
  const kind = evaluationKind(input.metadata);
  const answers: TestAnswers[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (name: string) => {
    if (name === '') return -1;
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  };
  for (const fold of folds) {
    const tested = splitsOfFold(input, fold)?.test;
    if (tested === undefined) return undefined;
    const rows = new Rows(tested.map((name) => input.splits.get(name)!));
    const clips = rows.splits.flatMap(({ clipNames }) => clipNames);
    const groups = groupOf && {
      groups: tested.flatMap((name) => input.splits.get(name)!.clipNames.map((clip) => numberOf(groupOf(name, clip)))),
    };
    const answered = kind.answers(input, rows, fold);
    if (answered === undefined) return undefined;
    answers.push({ ...answered, test: fold.test, clips, ...groups });
  }
  return answers;
}

/** Warnings about the predictions. */
export function answerWarnings(input: EvaluationInput, folds: readonly FoldResult[]): string[] {
  const kind = evaluationKind(input.metadata);
  return folds.flatMap((fold) => {
    const split = splitsOfFold(input, fold);
    return split === undefined ? [] : kind.warnings(input.labels, rowsOfSplits(input, split.train), fold);
  });
}

/** The names of the splits that a fold trains, validates and tests on; undefined if it does not belong to the task. */
export function splitsOfFold(input: EvaluationInput, { test }: Pick<FoldResult, 'test'>): DataSplit | undefined {
  return foldSplits(input).find((split) => split.test.join('|') === test);
}

/** The first draw's folds of an evaluation, in order. */
export function foldSplits({ metadata, splits, folds }: EvaluationInput): readonly DataSplit[] {
  const names = new Map([...splits.keys()].map((name) => [name, []]));
  return folds?.[0] ?? dataSplits({ id: metadata.taskName, metadata, splits: names });
}

/** Answers with more labels than this are not stored in results. */
const maximumLabels = 1000;

/**
 * For each fold, the best constant answer that only uses the training labels: the frequency of each label (for event
 * tasks, the share of frames), or each target's mean. `[folds, labels]`
 */
export function constantAnswers(input: EvaluationInput): number[][] | undefined {
  if (input.labels.length > maximumLabels) return undefined;
  const width = input.labels.length;
  const kind = evaluationKind(input.metadata);
  return foldSplits(input).map(({ train }) => {
    const rows = rowsOfSplits(input, train);
    const values = kind.rightAnswers(rows);
    const means = new Array<number>(width).fill(0);
    for (let index = 0; index < values.length; index += 1) means[index % width] += values[index];
    return means.map((sum) => sum / rows.count);
  });
}
