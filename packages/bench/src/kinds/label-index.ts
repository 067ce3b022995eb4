import { TaskError } from '@hearken/core';
import type { Clip } from '@hearken/tasks';

/**
 * Finds labels in the vocabulary.
 *
 * @returns a function that returns the index of a clip's label, and throws a TaskError for a label that is not in the
 *   vocabulary
 */
export function indexByLabel(labels: readonly string[]): (label: string, clip: Clip) => number {
  const indices = new Map(labels.map((label, index) => [label, index]));
  return (label, clip) => {
    const index = indices.get(label);
    if (index !== undefined) return index;
    throw new TaskError({
      asked: `clip '${clip.name}'`,
      found: `label '${label}', which is not in the vocabulary`,
      fix: 'add it to labelvocabulary.csv',
    });
  };
}
