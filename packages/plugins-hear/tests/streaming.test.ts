import { type Embedder } from '@hearken/core';
import { streamEmbeddings, streamLatency } from '@hearken/core/streaming';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { fixture } from './fixture.js';
import { collect, expectSame, largestDifference, noise, whole } from '../../../tests/support/streaming.js';

let embedder: Embedder;
beforeAll(async () => {
  embedder = await plugin.loadModel(fixture(), { runtime: { threads: 1 } });
});
afterAll(() => embedder.dispose());

describe('a stream', () => {
  it.each([
    // Part of a window; a whole one, and a sample more; its last timestamp just past the end, and just inside.
    [3000, 1],
    [32_000, 1024],
    [32_001, 7],
    [33_333, 32_000],
    [33_334, 32_000],
    [100_000, 999],
    [600_000, 200_000],
  ])('of %i samples in chunks of %i has the embeddings of the whole signal', async (samples, chunk) => {
    await expectSame(embedder, samples, chunk);
  });

  it('waits for the rest of the window', () => {
    const patch = 2000 / 12;
    expect(streamLatency(embedder)).toBeCloseTo(2000 - patch / 2, 6);
  });

  it('may have a multiple of its hop', async () => {
    const signal = noise(100_000);
    const all = await whole(signal, embedder);
    const size = embedder.timestampEmbeddingSize;
    for (const times of [3, 5, 30]) {
      const some = await collect(signal, embedder, 1024, (times * 2000) / 12);
      expect(Array.from(some.timestamps)).toEqual(Array.from(all.timestamps).filter((_, index) => index % times === 0));
      const expected = all.data.filter((_, index) => Math.floor(index / size) % times === 0);
      expect(largestDifference(some.data, expected)).toBeLessThan(1e-5);
    }
    expect(() => streamEmbeddings([], embedder, { hop: 50 })).toThrow(/multiple of that, such as 166.667 or 333.333/);
  });
});
