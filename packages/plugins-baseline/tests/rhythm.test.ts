import { getSceneEmbeddings, signalBatch } from '@hearken/core';
import { expect, it } from 'vitest';
import { loadModel } from '../src/index.js';
import { rhythmBands } from '../src/rhythm.js';
import { disagreement } from './reference.js';
import { syntheticEcg, type SyntheticEcg } from './synthetic-ecg.js';

async function embed(records: readonly SyntheticEcg[]): Promise<Float32Array[]> {
  const embedder = await loadModel(undefined, { model: 'ecg' });
  const { data, size } = await getSceneEmbeddings(signalBatch(records.map(syntheticEcg), 12), embedder);
  await embedder.dispose();
  return records.map((_, index) => data.slice(index * size, (index + 1) * size));
}

/** Beats a minute of the highest share. */
function peakRate(embedding: Float32Array): number {
  const rhythm = embedding.slice(-rhythmBands);
  return ((4 + rhythm.indexOf(Math.max(...rhythm))) * 60 * 500) / 16 / 256;
}

it('peaks at the heart rate of a steady rhythm', async () => {
  const rates = [40, 50, 62, 75, 90, 120, 150, 200];
  const found = (await embed(rates.map((beatsPerMinute, seed) => ({ beatsPerMinute, seed })))).map(peakRate);
  rates.forEach((rate, index) => expect(Math.abs(found[index] - rate)).toBeLessThan(7.4));
});

it('is smeared by an irregular rhythm', async () => {
  const records = [0, 0.05, 0.3].map((irregularity) => ({ beatsPerMinute: 75, seed: 5, irregularity }));
  const flatness = (await embed(records)).map((embedding) =>
    embedding.slice(-rhythmBands).reduce((sum, value) => sum + value, 0),
  );
  expect(flatness[0]).toBeLessThan(flatness[1]);
  expect(flatness[1] + 5).toBeLessThan(flatness[2]);
});

it('does not depend on the amplitude', async () => {
  const embedder = await loadModel(undefined, { model: 'ecg' });
  const record = syntheticEcg({ beatsPerMinute: 75, seed: 5 });
  const { data } = await getSceneEmbeddings(signalBatch([record, record.map((value) => 4 * value)], 12), embedder);
  const size = embedder.sceneEmbeddingSize;
  await embedder.dispose();
  expect(disagreement(data.slice(size - rhythmBands, size), data.slice(-rhythmBands))).toBeLessThanOrEqual(1);
});

it('lets the nearest centroid tell slow, normal, fast and irregular hearts apart', async () => {
  const kinds: Omit<SyntheticEcg, 'seed'>[] = [
    { beatsPerMinute: 50, irregularity: 0.03 },
    { beatsPerMinute: 75, irregularity: 0.03 },
    { beatsPerMinute: 120, irregularity: 0.03 },
    { beatsPerMinute: 90, irregularity: 0.3 },
  ];
  const perKind = 16;
  const records = kinds.flatMap((kind, label) =>
    Array.from({ length: perKind }, (_, index) => ({
      ...kind,
      // Rates and amplitudes vary within each kind, so that neither a single bin nor the loudness gives it away.
      beatsPerMinute: kind.beatsPerMinute * (0.92 + (0.16 * index) / perKind),
      amplitude: 0.6 + (0.8 * ((index * 7) % perKind)) / perKind,
      seed: 100 * label + index,
    })),
  );
  const embeddings = await embed(records);
  const label = (index: number) => Math.floor(index / perKind);
  const training = (index: number) => index % 2 === 0;
  const centroids = kinds.map((_, kind) => {
    const members = embeddings.filter((_, index) => training(index) && label(index) === kind);
    return members[0].map((_, position) => members.reduce((sum, member) => sum + member[position], 0) / members.length);
  });
  const nearest = (embedding: Float32Array) => {
    const distances = centroids.map((centroid) =>
      centroid.reduce((sum, value, position) => sum + (value - embedding[position]) ** 2, 0),
    );
    return distances.indexOf(Math.min(...distances));
  };
  const tested = embeddings.flatMap((embedding, index) =>
    training(index) ? [] : [nearest(embedding) === label(index)],
  );
  const accuracy = tested.filter(Boolean).length / tested.length;
  expect(accuracy).toBeGreaterThanOrEqual(0.9);
});
