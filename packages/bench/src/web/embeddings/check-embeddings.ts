import { EmbedderError, firstNonFinite } from '@hearken/core';

/**
 * Refuses embeddings of the wrong size or not finite.
 *
 * @returns number of embeddings
 * @throws EmbedderError
 */
export function checkEmbeddings(embeddings: Float32Array, size: number): number {
  const asked = `embeddings with ${size} values each`;
  if (!Number.isSafeInteger(size) || size < 1 || embeddings.length % size !== 0) {
    throw new EmbedderError({ asked, found: `${embeddings.length} values`, fix: 'pass them as [count, size]' });
  }
  const offending = firstNonFinite(embeddings);
  if (offending >= 0) {
    const found = `${embeddings[offending]} in embedding ${Math.floor(offending / size)}`;
    throw new EmbedderError({ asked, found, fix: 'leave that clip out' });
  }
  return embeddings.length / size;
}
