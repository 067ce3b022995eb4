import { type Embedder } from '@hearken/core';
import { streamLatency } from '@hearken/core/streaming';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { collect, expectSame, largestDifference, noise, whole } from '../../../tests/support/streaming.js';

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
