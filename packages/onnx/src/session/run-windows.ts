import type { EmbedOptions } from '@hearken/core';
import type { Session } from './session.js';

export interface WindowBatches extends EmbedOptions {
  /** Total number of windows. */
  readonly count: number;
  /** Values per window. */
  readonly windowSize: number;
  /** Shape of one window; default `[windowSize]`. */
  readonly windowShape?: readonly number[];
  /** Writes window `index` into `target`, which is `windowSize` long. */
  fill(index: number, target: Float32Array): void;
  /** Values per embedding. */
  readonly embeddingSize: number;
  /** The output that contains the embeddings; default `embedding`. */
  readonly output?: string;
  /** The most windows per inference call; bounds the memory. */
  readonly batchSize: number;
}

/**
 * Runs a graph with input `signal` and one output of embeddings over many windows, in batches of bounded size.
 *
 * @returns `[count, embeddingSize]`
 * @throws the abort signal's reason
 */
export async function runWindows(session: Session, windows: WindowBatches): Promise<Float32Array> {
  const { count, windowSize, embeddingSize, abortSignal, output = 'embedding' } = windows;
  const embeddings = new Float32Array(count * embeddingSize);
  const batchSize = Math.max(1, Math.min(windows.batchSize, count));
  const buffer = new Float32Array(batchSize * windowSize);
  for (let start = 0; start < count; start += batchSize) {
    abortSignal?.throwIfAborted();
    const length = Math.min(batchSize, count - start);
    for (let index = 0; index < length; index += 1) {
      windows.fill(start + index, buffer.subarray(index * windowSize, (index + 1) * windowSize));
    }
    const data = buffer.subarray(0, length * windowSize);
    const shape = [length, ...(windows.windowShape ?? [windowSize])];
    const results = await session.run({ signal: { data, shape } }, [output]);
    embeddings.set(results[output].data as Float32Array, start * embeddingSize);
  }
  return embeddings;
}
