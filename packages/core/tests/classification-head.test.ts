import { describe, expect, it } from 'vitest';
import {
  type Embedder,
  getSceneLogits,
  getTimestampLogits,
  headOf,
  labelProbabilities,
  OptionError,
  signalBatch,
  SignalError,
} from '../src/index.js';
import { FakeEmbedder } from './fake-embedder.js';

describe('probabilities', () => {
  it('of a multiclass head are the softmax of each row', () => {
    const found = labelProbabilities(Float32Array.of(0, Math.log(3), 1000, 1000), 2, 'multiclass');
    expect([...found]).toEqual([0.25, 0.75, 0.5, 0.5]);
  });

  it('of a multilabel head are the sigmoid of each logit', () => {
    const found = labelProbabilities(Float32Array.of(0, Math.log(3), -1000, 1000), 2, 'multilabel');
    expect([...found]).toEqual([0.5, 0.75, 0, 1]);
  });
});

describe('logits', () => {
  const signals = signalBatch([new Float32Array(2000).fill(0.5)]);
  const fake = () => new FakeEmbedder(2000, 1, 0.05);

  it('are given for scenes, and over time', async () => {
    expect((await getSceneLogits(signals, fake())).data).toHaveLength(4);
    expect((await getTimestampLogits(signals, fake())).data).toHaveLength(20 * 4);
  });

  it('of a model without a head say what its checkpoint has', () => {
    const headless: Embedder = Object.assign(fake(), { head: undefined, noHead: "no tensor 'classifier.weight'" });
    expect(() => headOf(headless)).toThrow(/no tensor 'classifier.weight'/);
    const none: Embedder = Object.assign(fake(), { head: undefined });
    expect(() => headOf(none)).toThrow(OptionError);
  });

  it('are refused over time by a head for whole windows, and of a bad batch', async () => {
    const embedder = fake();
    const scenesOnly: Embedder = Object.assign(fake(), { head: { ...embedder.head, classifyTimestamps: undefined } });
    await expect(getTimestampLogits(signals, scenesOnly)).rejects.toThrow(/whole windows only/);
    await expect(getSceneLogits(signalBatch([Float32Array.of(1)]), embedder)).rejects.toThrow(SignalError);
  });

  it('of another number than the head says are refused', async () => {
    const embedder = fake();
    const broken: Embedder = Object.assign(fake(), { head: { ...embedder.head, size: 5 } });
    await expect(getSceneLogits(signals, broken)).rejects.toThrow(/4 values instead of 5/);
  });
});
