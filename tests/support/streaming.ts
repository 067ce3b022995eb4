import { type Embedder, getTimestampEmbeddings, signalBatch } from '@hearken/core';
import { streamEmbeddings } from '@hearken/core/streaming';
import { expect } from 'vitest';

/** Noise whose loudness changes, so that no two windows are alike. */
export function noise(samples: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: samples }, (_, index) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * (0.4 + 0.3 * Math.sin(index / 5000));
  });
}

/** All that a stream gives of a signal in chunks of so many samples. */
export async function collect(signal: Float32Array, embedder: Embedder, chunk: number, hop?: number) {
  function* chunks() {
    for (let start = 0; start < signal.length; start += chunk) yield signal.subarray(start, start + chunk);
  }
  const data: number[] = [];
  const timestamps: number[] = [];
  for await (const batch of streamEmbeddings(chunks(), embedder, { hop })) {
    for (const value of batch.data) data.push(value);
    timestamps.push(...batch.timestamps);
  }
  return { data: Float32Array.from(data), timestamps: Float32Array.from(timestamps) };
}

export async function whole(signal: Float32Array, embedder: Embedder) {
  return getTimestampEmbeddings(signalBatch([signal]), embedder);
}

export function largestDifference(found: Float32Array, expected: Float32Array): number {
  expect(found).toHaveLength(expected.length);
  return found.reduce((most, value, index) => Math.max(most, Math.abs(value - expected[index])), 0);
}

/** A stream has the timestamp embeddings of the whole signal. */
export async function expectSame(embedder: Embedder, samples: number, chunk: number): Promise<void> {
  const signal = noise(samples);
  const streamed = await collect(signal, embedder, chunk);
  const { data, timestamps } = await whole(signal, embedder);
  expect(streamed.timestamps).toEqual(timestamps);
  expect(largestDifference(streamed.data, data)).toBeLessThan(1e-5);
}
