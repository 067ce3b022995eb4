import { getTimestampEmbeddings, signalBatch, streamEmbeddings, streamLatency, type Embedder } from '@hearken/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { fixture } from './fixture.js';

/** Noise whose loudness changes, so that no two windows are alike. */
function noise(samples: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: samples }, (_, index) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * (0.4 + 0.3 * Math.sin(index / 5000));
  });
}

async function collect(signal: Float32Array, embedder: Embedder, chunk: number, hop?: number) {
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

async function whole(signal: Float32Array, embedder: Embedder) {
  return getTimestampEmbeddings(signalBatch([signal]), embedder);
}

function largestDifference(found: Float32Array, expected: Float32Array): number {
  expect(found).toHaveLength(expected.length);
  return found.reduce((most, value, index) => Math.max(most, Math.abs(value - expected[index])), 0);
}

async function expectSame(embedder: Embedder, samples: number, chunk: number): Promise<void> {
  const signal = noise(samples);
  const streamed = await collect(signal, embedder, chunk);
  const { data, timestamps } = await whole(signal, embedder);
  expect(streamed.timestamps).toEqual(timestamps);
  expect(largestDifference(streamed.data, data)).toBeLessThan(1e-5);
}

let embedder: Embedder;
beforeAll(async () => {
  embedder = await plugin.loadModel(fixture('mn01_as.pt'), { runtime: { threads: 1 } });
});
afterAll(() => embedder.dispose());

describe('a stream', () => {
  it.each([
    // The least; around half a window and a window; a centre on the very end; several calls.
    [2561, 1],
    [2562, 1000],
    [5120, 1024],
    [6400, 7],
    [16_000, 16_000],
    [48_000, 1024],
    [420_001, 100_000],
  ])('of %i samples in chunks of %i has the embeddings of the whole signal', async (samples, chunk) => {
    await expectSame(embedder, samples, chunk);
  });

  it('waits half a window', () => {
    expect(streamLatency(embedder)).toBeCloseTo(80.03125, 9);
  });

  it('may have any hop', async () => {
    const signal = noise(32_000);
    const every10 = await collect(signal, embedder, 333, 10);
    const every50 = await whole(signal, embedder);
    expect(Array.from(every10.timestamps)).toEqual(Array.from({ length: 101 }, (_, index) => 10 * index));
    const size = embedder.timestampEmbeddingSize;
    const fifths = every10.data.filter((_, index) => Math.floor(index / size) % 5 === 0);
    expect(largestDifference(fifths, every50.data)).toBeLessThan(1e-5);
  });
});
