import { TaskError } from '@hearken/core';
import { Rows } from '../probes/rows.js';
import type { EvaluationInput } from './evaluation.js';

/**
 * The rows of some of a task's splits.
 *
 * @throws TaskError for a split that is missing or has no clips
 */
export function rowsOfSplits({ splits, metadata }: EvaluationInput, names: readonly string[]): Rows {
  return new Rows(
    names.map((name) => {
      const split = splits.get(name);
      if (split !== undefined && split.count > 0) return split;
      throw new TaskError({
        asked: `split '${name}' of task '${metadata.taskName}'`,
        found: split === undefined ? 'no embeddings of it' : 'no clips in it',
        fix: 'check the splits in task_metadata.json',
      });
    }),
  );
}
