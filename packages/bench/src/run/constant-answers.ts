import type { EvaluationInput } from '../evaluation/evaluation-input.js';
import { evaluationKind } from '../kinds/registry.js';
import { rowsOfSplits } from '../evaluation/split-rows.js';
import { foldSplits } from './fold-answers.js';

/** Answers of more labels than this are not kept in results. */
const maximumLabels = 1000;

/**
 * What somebody would answer for every clip who knows the training labels and hears nothing, fold by fold: how often each
 * label comes (the share of frames, of event tasks), or each target's mean. `[folds, labels]`
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
