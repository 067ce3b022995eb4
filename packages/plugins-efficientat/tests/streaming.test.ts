import { type Embedder } from '@hearken/core';
import { streamLatency } from '@hearken/core/streaming';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { fixture } from './fixture.js';
import { collect, expectSame, largestDifference, noise, whole } from '../../../tests/support/streaming.js';

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
