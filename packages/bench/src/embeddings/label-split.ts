import type { Embedder } from '@hearken/core';
import type { Clip } from '@hearken/tasks';
import { evaluationKind } from '../kinds/registry.js';
import type { LabelledTask } from '../kinds/evaluation-kind.js';
import type { EmbeddedSplit } from './embedded-split.js';
import { poolingOf } from './pooling.js';

/** The embeddings of a split's clips, before their correct answers are known. */
export interface UnlabelledRows extends Pick<EmbeddedSplit, 'embeddings' | 'stored' | 'count'> {
  /** Rows of each clip, if they have timestamps. */
  readonly rowsPerClip: readonly number[];
  /** Each row's window centre in ms, if they have timestamps. */
  readonly timestamps?: ArrayLike<number>;
}

/** A split's embeddings with their targets. */
export function labelSplit(
  { metadata, labels }: LabelledTask,
  clips: readonly Clip[],
  { rowsPerClip, timestamps, ...rows }: UnlabelledRows,
  embedder: Pick<Embedder, 'sceneEmbeddingSize' | 'timestampEmbeddingSize'>,
): EmbeddedSplit {
  const pooling = poolingOf(metadata);
  const places = pooling.hasTimestamps
    ? { clipOf: clipsOfRows(rowsPerClip, rows.count), timestamps: Float64Array.from(timestamps ?? []) }
    : { clipOf: Uint32Array.from(clips.keys()) };
  return {
    ...rows,
    size: pooling.size(embedder),
    clipNames: clips.map(({ name }) => name),
    ...places,
    ...evaluationKind(metadata).targets(clips, labels, places),
  };
}

function clipsOfRows(rowsPerClip: readonly number[], count: number): Uint32Array {
  const clipOf = new Uint32Array(count);
  let row = 0;
  rowsPerClip.forEach((rows, clip) => {
    clipOf.fill(clip, row, row + rows);
    row += rows;
  });
  return clipOf;
}
