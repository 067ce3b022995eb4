import type { EmbeddedSplit } from '../embeddings/embedded-split.js';
import { embeddingBlocks } from '../probes/rows.js';
import type { Warning } from './warning.js';

/** Values that differ by less than this share of the largest one differ only by rounding. */
const rounding = 1e-6;
/** Number of rows that are compared at a time. */
const blockRows = 1024;

/** Warns if all embeddings are the same: the model ignores its input, or gets none. */
export function constantEmbeddings(
  task: string,
  splits: Iterable<Pick<EmbeddedSplit, 'embeddings' | 'stored' | 'count' | 'size'>>,
): Warning[] {
  let first: Float32Array | undefined;
  let rows = 0;
  for (const split of splits) {
    const { size } = split;
    rows += split.count;
    for (const { count, embeddings } of embeddingBlocks(split, blockRows)) {
      first ??= embeddings.slice(0, size);
      const tolerance = rounding * largest(first);
      for (let index = 0; index < count * size; index += 1) {
        // Usually the first value of the second row already differs.
        if (Math.abs(embeddings[index] - first[index % size]) > tolerance) return [];
      }
    }
  }
  if (rows < 2) return [];
  return [
    {
      code: 'constant-embedding',
      message: `task '${task}': all ${rows} embeddings are the same; check the checkpoint and the audio that reaches the model`,
    },
  ];
}

function largest(values: Float32Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
