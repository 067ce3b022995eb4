import { OptionError } from '@hearken/core';
import { checkEmbeddings } from './check-embeddings.js';

/** An embedding and its similarity. */
export interface Neighbour {
  /** Its index, from 0. */
  readonly index: number;
  /** Cosine similarity to the given embedding, from -1 to 1; 0 if one of them is zero. */
  readonly similarity: number;
}

/**
 * The nearest embeddings of one of them by cosine similarity, nearest first; ties in order of index.
 *
 * @param embeddings `[n, size]`
 * @param index the given embedding, which is not among its own neighbours
 * @param count maximum number of neighbours
 * @throws EmbedderError for embeddings of the wrong size or not finite, OptionError for an index out of range
 */
export function nearestNeighbours(embeddings: Float32Array, size: number, index: number, count: number): Neighbour[] {
  const total = checkEmbeddings(embeddings, size);
  if (!Number.isInteger(index) || index < 0 || index >= total) {
    const found = `${total} embeddings`;
    throw new OptionError({ asked: `neighbours of embedding ${index}`, found, fix: 'count from 0' });
  }
  const chosen = embeddings.subarray(index * size, (index + 1) * size);
  const length = Math.sqrt(dot(chosen, chosen));
  const neighbours = Array.from({ length: total }, (_, other): Neighbour => {
    const row = embeddings.subarray(other * size, (other + 1) * size);
    const scale = length * Math.sqrt(dot(row, row));
    return { index: other, similarity: scale > 0 ? Math.max(-1, Math.min(1, dot(chosen, row) / scale)) : 0 };
  });
  return neighbours
    .filter((other) => other.index !== index)
    .sort((left, right) => right.similarity - left.similarity || left.index - right.index)
    .slice(0, Math.max(0, count));
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += left[index] * right[index];
  return sum;
}
