import { getSceneEmbeddings, getTimestampEmbeddings, signalBatch, sliceBatch } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../src/index.js';
import { disagreement, noise } from './reference.js';

describe.each(['mel', 'ecg'])('%s', (model) => {
  it('gives a signal of a large batch the values that it has alone', async () => {
    const embedder = await loadModel(undefined, { model });
    const samples = 3 * embedder.sampleRate;
    // Thirteen signals of 3 s, and their 780 or 78 windows, take several calls of 30 s.
    const signals = Array.from({ length: 13 }, (_, seed) =>
      noise(embedder.channels * samples, seed + 1).map((value) => value * 2 ** (seed - 10)),
    );
    const batch = signalBatch(signals, embedder.channels);
    const scenes = await getSceneEmbeddings(batch, embedder);
    const times = await getTimestampEmbeddings(batch, embedder);
    for (const index of [0, 6, 12]) {
      const alone = sliceBatch(batch, index, index + 1);
      for (const [together, single] of [
        [scenes, await getSceneEmbeddings(alone, embedder)],
        [times, await getTimestampEmbeddings(alone, embedder)],
      ]) {
        const row = together.data.subarray(index * single.data.length, (index + 1) * single.data.length);
        expect(disagreement(row, single.data)).toBeLessThan(0.01);
      }
    }
    await embedder.dispose();
  });

  it('embeds a long scene as the mean over windows of 30 s', async () => {
    const embedder = await loadModel(undefined, { model });
    const { channels, sampleRate } = embedder;
    const second = noise(channels * sampleRate);
    // 45 s that change in the middle: the windows are 0 to 30 s and 15 to 45 s.
    const seconds = 45;
    const samples = seconds * sampleRate;
    const signal = Float32Array.from({ length: channels * samples }, (_, index) => {
      const loudness = index % samples < 20 * sampleRate ? 0.1 : 1;
      return loudness * second[index % second.length];
    });
    const window = (start: number) =>
      Float32Array.from({ length: channels * 30 * sampleRate }, (_, index) => {
        const channel = Math.floor(index / (30 * sampleRate));
        return signal[channel * samples + start * sampleRate + (index % (30 * sampleRate))];
      });
    const long = await getSceneEmbeddings(signalBatch([signal], channels), embedder);
    const halves = await getSceneEmbeddings(signalBatch([window(0), window(15)], channels), embedder);
    const mean = Array.from(
      { length: long.size },
      (_, index) => (halves.data[index] + halves.data[long.size + index]) / 2,
    );
    expect(disagreement(long.data, mean)).toBeLessThan(0.01);
    await embedder.dispose();
  });
});
