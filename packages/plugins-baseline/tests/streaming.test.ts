import { getTimestampEmbeddings, signalBatch, streamEmbeddings, streamLatency, type Embedder } from '@hearken/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import plugin from '../src/index.js';

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
  embedder = await plugin.loadModel(undefined, { model: 'mel', runtime: { threads: 1 } });
});
afterAll(() => embedder.dispose());

describe('a stream', () => {
  it.each([
    // Shorter than a window, mirrored more than once; just enough for the first one; and around a window's end.
    [257, 100],
    [600, 1],
    [1280, 7],
    [1281, 1281],
    [2560, 512],
    [8001, 1024],
    [16_800, 100_000],
  ])('of %i samples in chunks of %i has the embeddings of the whole signal', async (samples, chunk) => {
    await expectSame(embedder, samples, chunk);
  });

  it('waits half a window', () => {
    expect(streamLatency(embedder)).toBeCloseTo(80.0625, 9);
  });

  it('may have any hop', async () => {
    const signal = noise(8000);
    const every10 = await collect(signal, embedder, 333, 10);
    const every50 = await whole(signal, embedder);
    expect(Array.from(every10.timestamps)).toEqual(Array.from({ length: 50 }, (_, index) => 10 * index));
    const size = embedder.timestampEmbeddingSize;
    const fifths = every10.data.filter((_, index) => Math.floor(index / size) % 5 === 0);
    expect(largestDifference(fifths, every50.data)).toBeLessThan(1e-5);
  });
});
