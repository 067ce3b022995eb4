import { Rows } from '../../src/probes/rows.js';

/** Rows of one split, each a clip of its own unless `clipOf` says otherwise. */
export function rowsOf(
  embeddings: ArrayLike<number>,
  targets: ArrayLike<number>,
  count: number,
  clipOf?: ArrayLike<number>,
): Rows {
  return new Rows([
    {
      embeddings: Float32Array.from(embeddings),
      targets: Uint8Array.from(targets),
      count,
      size: embeddings.length / count,
      clipNames: Array.from({ length: count }, (_, row) => `${row}.wav`),
      clipOf: Uint32Array.from(clipOf ?? Array.from({ length: count }, (_, row) => row)),
    },
  ]);
}
