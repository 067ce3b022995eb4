import type { EvaluationInput } from '../evaluation/evaluation-input.js';
import { evaluationKind } from '../kinds/registry.js';
import { rowsOfSplits } from '../evaluation/split-rows.js';
import { foldSplits } from './fold-answers.js';

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
