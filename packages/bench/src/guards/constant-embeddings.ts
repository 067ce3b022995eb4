import type { EmbeddedSplit } from '../evaluation/evaluation.js';
import type { Warning } from './warning.js';

/** Values that differ by less than this share of the largest one differ by rounding alone. */
const rounding = 1e-6;

/** Embeddings that are the same for every clip: the model does not hear anything, or is not given anything to hear. */
export function constantEmbeddings(
  task: string,
  splits: Iterable<Pick<EmbeddedSplit, 'embeddings' | 'count' | 'size'>>,
): Warning[] {
  let first: Float32Array | undefined;
  let tolerance = 0;
  let rows = 0;
  for (const { embeddings, count, size } of splits) {
    rows += count;
    for (let row = 0; row < count; row += 1) {
      if (first === undefined) {
        first = embeddings.subarray(0, size);
        tolerance = rounding * largest(first);
      }
      for (let index = 0; index < size; index += 1) {
        // Almost always the first value of the second row ends it.
        if (Math.abs(embeddings[row * size + index] - first[index]) > tolerance) return [];
      }
    }
  }
  if (rows < 2) return [];
  return [
    {
      code: 'constant-embedding',
      message: `task '${task}': all ${rows} embeddings are the same; check the checkpoint and the sound that reaches the model`,
    },
  ];
}

function largest(values: Float32Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
