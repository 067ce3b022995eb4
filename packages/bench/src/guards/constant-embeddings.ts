import type { EmbeddedSplit } from '../embeddings/embedded-split.js';
import { embeddingBlocks } from '../probes/rows.js';
import type { Warning } from './warning.js';

/** Values that differ by less than this share of the largest one differ by rounding alone. */
const rounding = 1e-6;
/** Rows that are looked at together. */
const blockRows = 1024;

/** Embeddings that are the same for every clip: the model does not hear anything, or is not given anything to hear. */
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
        // Almost always the first value of the second row ends it.
        if (Math.abs(embeddings[index] - first[index % size]) > tolerance) return [];
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
