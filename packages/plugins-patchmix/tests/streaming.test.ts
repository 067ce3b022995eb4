import { type Embedder } from '@hearken/core';
import { streamEmbeddings, streamLatency } from '@hearken/core/streaming';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { fixture } from './fixture.js';
import { collect, expectSame, largestDifference, noise, whole } from '../../../tests/support/streaming.js';

describe.each([
  ['best.pth', 'repeat'],
  ['best.pth', 'zero'],
  ['hf-ast', 'spectrogram'],
] as const)('a stream for %s with padding %s', (checkpoint, padding) => {
  let embedder: Embedder;
  let windowSamples: number;
  /** Samples from one window's beginning to the next. */
  let hop: number;
  beforeAll(async () => {
    embedder = await plugin.loadModel(fixture(checkpoint), { padding, runtime: { threads: 1 } });
    const { timestampStreaming: streaming } = embedder;
    if (streaming === undefined) throw new Error('it streams');
    windowSamples = streaming.lookAhead - 1;
    hop = streaming.windowTimestamps * streaming.hop;
  });
  afterAll(() => embedder.dispose());

  it('has the embeddings of the whole signal', async () => {
    // Part of a window; a whole one, and a little more; the next one full; three of them and a bit.
    const after = [-windowSamples + 2000, 0, 1, 1599, 1600, 1601, hop, hop + 1, 2 * hop + 12_345];
    for (const [index, more] of after.entries()) {
      await expectSame(embedder, windowSamples + more, [7, 1024, 50_000, 1_000_000][index % 4]);
    }
  });

  it('waits for the rest of the window', () => {
    // The middle of the first patch: 16 frames of 25 ms every 10 ms.
    expect(streamLatency(embedder)).toBeCloseTo(((windowSamples + 1) * 1000) / 16_000 - 87.5, 6);
  });

  it('may have a multiple of its hop', async () => {
    const signal = noise(windowSamples + 50_000);
    const all = await whole(signal, embedder);
    const size = embedder.timestampEmbeddingSize;
    for (const times of [4, 100]) {
      const some = await collect(signal, embedder, 4096, times * 100);
      expect(Array.from(some.timestamps)).toEqual(Array.from(all.timestamps).filter((_, index) => index % times === 0));
      const expected = all.data.filter((_, index) => Math.floor(index / size) % times === 0);
      expect(largestDifference(some.data, expected)).toBeLessThan(1e-5);
    }
    expect(() => streamEmbeddings([], embedder, { hop: 50 })).toThrow(/multiple of that, such as 100 or 200/);
  });
});
