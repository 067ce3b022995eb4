import { describe, expect, it } from 'vitest';
import { type ClassificationHead, type Embedder, labelProbabilities, OptionError, signalBatch } from '../src/index.js';
import { logitsEmbedder } from '../src/logits-embedder.js';
import { cropStarts } from '../src/random-crops.js';
import { FakeEmbedder } from './fake-embedder.js';

const rate = 2000;
const fake = (kind: ClassificationHead['kind'] = 'multilabel'): Embedder => {
  const embedder = new FakeEmbedder(rate, 1, 0.05);
  return Object.assign(embedder, { head: { ...embedder.head, kind } });
};

/** Noise that grows, so that crops of it differ. */
const signal = (seed: number, seconds = 2) =>
  Float32Array.from({ length: seconds * rate }, (_, index) => Math.sin(index * index + seed) * (index / rate));

describe('an embedder of logits', () => {
  it('gives those of scenes and timestamps, and tells them from embeddings', async () => {
    const embedder = fake();
    const logits = logitsEmbedder(embedder);
    const signals = signalBatch([signal(1), signal(2)]);
    expect(await logits.embedScenes(signals)).toEqual(await embedder.head!.classifyScenes(signals));
    expect(await logits.embedTimestamps(signals)).toEqual(await embedder.head!.classifyTimestamps!(signals));
    expect(logits).toMatchObject({ sceneEmbeddingSize: 4, timestampEmbeddingSize: 4, sampleRate: rate });
    expect(logits.provenance.options).toEqual({ ...embedder.provenance.options, answers: 'logits' });
    await logits.dispose();
    await expect(embedder.embedScenes(signals)).rejects.toThrow(/disposed/);
  });

  it('is refused without a head', () => {
    expect(() => logitsEmbedder(Object.assign(fake(), { head: undefined }))).toThrow(OptionError);
  });
});

describe.each(['multilabel', 'multiclass'] as const)('random crops for a %s head', (kind) => {
  it.each(['mean', 'max'] as const)('have the %s of their probabilities', async (aggregate) => {
    const crops = { count: 3, seconds: 0.5, aggregate, seed: 7 };
    const embedder = fake(kind);
    const { data } = await logitsEmbedder(embedder, crops).embedScenes(signalBatch([signal(1)]));
    const starts = cropStarts(signal(1), crops, 1.5 * rate);
    const parts = signalBatch(starts.map((start) => signal(1).subarray(start, start + rate / 2)));
    const logits = await embedder.head!.classifyScenes(parts);
    const rows = labelProbabilities(logits.data, 4, kind);
    const expected = [0, 1, 2, 3].map((label) => {
      const values = [0, 1, 2].map((crop) => rows[crop * 4 + label]);
      return aggregate === 'max' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0) / 3;
    });
    const total = kind === 'multiclass' ? expected.reduce((sum, value) => sum + value, 0) : 1;
    const found = labelProbabilities(data, 4, kind);
    expected.forEach((value, label) => expect(found[label]).toBeCloseTo(value / total, 5));
  });

  it('are the same in a batch, and others with another seed', async () => {
    const answer = (seed: number, ...signals: Float32Array[]) =>
      logitsEmbedder(fake(kind), { count: 2, seconds: 0.5, aggregate: 'mean', seed }).embedScenes(signalBatch(signals));
    const [alone, together, other] = [
      await answer(0, signal(2)),
      await answer(0, signal(1), signal(2)),
      await answer(1, signal(2)),
    ];
    expect([...together.data.slice(4)]).toEqual([...alone.data]);
    expect(other.data).not.toEqual(alone.data);
  });

  it('of a short signal are the signal, and crops too short for the model are refused', async () => {
    const embedder = fake(kind);
    const whole = logitsEmbedder(embedder, { count: 2, seconds: 60, aggregate: 'mean', seed: 0 });
    const { data } = await whole.embedScenes(signalBatch([signal(1)]));
    const expected = (await embedder.head!.classifyScenes(signalBatch([signal(1)]))).data;
    const [found, wanted] = [data, expected].map((logits) => labelProbabilities(logits, 4, kind));
    found.forEach((value, label) => expect(value).toBeCloseTo(wanted[label], 5));
    const tiny = logitsEmbedder(embedder, { count: 2, seconds: 0.01, aggregate: 'mean', seed: 0 });
    await expect(tiny.embedScenes(signalBatch([signal(1)]))).rejects.toThrow(/20 samples, where the model needs 100/);
  });
});

it('crops begin anywhere in a signal, evenly', () => {
  const starts = Array.from({ length: 400 }, (_, seed) =>
    cropStarts(Float32Array.of(seed), { count: 5, seed }, 9),
  ).flat();
  const counts = Array.from({ length: 10 }, (_, place) => starts.filter((start) => start === place).length);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2000);
  for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(60);
});

it('crops are cut by the head if it prepares signals as a whole, and of its length only', async () => {
  const asked: (readonly number[])[] = [];
  const embedder = fake();
  const whole: Embedder = Object.assign(fake(), {
    head: {
      ...embedder.head!,
      crops: {
        samples: rate,
        classify: (_: unknown, starts: readonly number[]) => {
          asked.push(starts);
          return Promise.resolve({ data: new Float32Array(starts.length * 4), count: starts.length, size: 4 });
        },
      },
    },
  });
  const crops = { count: 3, seconds: 1, aggregate: 'mean', seed: 7 } as const;
  const { data } = await logitsEmbedder(whole, crops).embedScenes(signalBatch([signal(1)]));
  expect([...data]).toEqual([0, 0, 0, 0]);
  expect(asked).toEqual([cropStarts(signal(1), crops, rate)]);
  const longer = logitsEmbedder(whole, { ...crops, seconds: 1.5 });
  await expect(longer.embedScenes(signalBatch([signal(1)]))).rejects.toThrow(/pass --crop-seconds 1/);
});
