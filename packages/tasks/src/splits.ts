import { TaskError } from '@hearken/core';
import type { DataSplit, Task } from './task.js';

/**
 * Which splits are for training, validation and testing, as in heareval's runner. `trainvaltest` gives one division. k
 * folds, sorted by name, give k divisions: fold i tests, fold i + 1 (the first after the last) validates, the others
 * train.
 *
 * @throws TaskError for fewer than three folds
 */
export function dataSplits(task: Pick<Task, 'id' | 'metadata' | 'splits'>): DataSplit[] {
  if (task.metadata.splitMode === 'trainvaltest') return [{ train: ['train'], valid: ['valid'], test: ['test'] }];
  const folds = [...task.splits.keys()].sort();
  if (folds.length < 3) {
    throw new TaskError({
      asked: `folds of task '${task.id}'`,
      found: `${folds.length}`,
      fix: 'split it into at least three folds: one to test, one to validate, the rest to train',
    });
  }
  return folds.map((test, index) => {
    const valid = folds[(index + 1) % folds.length];
    return { train: folds.filter((fold) => fold !== test && fold !== valid), valid: [valid], test: [test] };
  });
}
