import { OptionError } from '@hearken/core';
import { checkEmbeddings } from './check-embeddings.js';

/** An embedding and how near it is. */
export interface Neighbour {
  /** Which of the embeddings, from 0. */
  readonly index: number;
  /** Cosine of the angle to the embedding that was asked for, -1 to 1; 0 where one of them is zero. */
  readonly similarity: number;
}

/**
 * The embeddings that are nearest to one of them by cosine, the nearest first, of equal ones the first.
 *
 * @param embeddings `[n, size]`
 * @param index which of them; it is not among its own neighbours
 * @param count how many at most
 * @throws EmbedderError for embeddings of another size or not finite, OptionError for an index that there is not
 */
export function nearestNeighbours(embeddings: Float32Array, size: number, index: number, count: number): Neighbour[] {
  const total = checkEmbeddings(embeddings, size);
  if (!Number.isInteger(index) || index < 0 || index >= total) {
    const found = `${total} embeddings`;
    throw new OptionError({ asked: `neighbours of embedding ${index}`, found, fix: 'count them from 0' });
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
