import { getSceneEmbeddings, getTimestampEmbeddings, signalBatch, type Embedder } from '@hearken/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../src/index.js';
import { disagreement, hann, mirrorPad, noise, powerSpectra, statistics } from './reference.js';
import { syntheticEcg } from './synthetic-ecg.js';

let embedder: Embedder;
beforeAll(async () => {
  embedder = await loadModel(undefined, { model: 'ecg' });
});
afterAll(() => embedder.dispose());

const edges = [0.5, 1.5, 4, 10, 20, 40, 80, 150];
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function reference(leads: number[][]): number[] {
  const bandStatistics = leads.flatMap((lead) => {
    const spectra = powerSpectra(mirrorPad(lead, 256), hann(512, 512), 64);
    return edges.slice(1).flatMap((high, band) => {
      const inBand = (bin: number) => (bin * 500) / 512 >= edges[band] && (bin * 500) / 512 < high;
      return statistics(spectra.map((bins) => Math.log(sum(bins.filter((_, bin) => inBand(bin))) + 1e-4)));
    });
  });
  // Bins 2 to 6 of a transform of 128 lie between 5 and 25 Hz.
  const energies = leads.map((lead) =>
    powerSpectra(mirrorPad(lead, 64), hann(128, 128), 16).map((bins) => sum(bins.slice(2, 7))),
  );
  const envelope = energies[0].map((_, frame) => Math.sqrt(sum(energies.map((lead) => lead[frame]))));
  const mean = sum(envelope) / envelope.length;
  const zeros = new Array<number>(128).fill(0);
  const padded = [...zeros, ...envelope.map((value) => value - mean), ...zeros];
  const spectra = powerSpectra(padded, hann(256, 256), 32);
  const power = Array.from({ length: 30 }, (_, rate) => sum(spectra.map((bins) => bins[4 + rate])) / spectra.length);
  const total = sum(power) + 1e-6;
  return [...bandStatistics, ...power.map((value) => Math.log(value / total + 1e-3))];
}

/** Twelve leads of noise, each with its own amplitude. */
function noisyLeads(samples: number): Float32Array {
  return noise(12 * samples).map((value, index) => 0.1 * (1 + Math.floor(index / samples)) * value);
}

function split(signal: Float32Array): number[][] {
  const samples = signal.length / 12;
  return Array.from({ length: 12 }, (_, lead) => [...signal.subarray(lead * samples, (lead + 1) * samples)]);
}

describe('scene embeddings', () => {
  it.each([
    ['noise, 2 s', noisyLeads(1000)],
    ['the shortest signal', noisyLeads(257)],
    ['beats, 10 s', syntheticEcg({ beatsPerMinute: 72, seed: 3 })],
  ])('are what the formulas say: %s', async (_, signal) => {
    const { data, size } = await getSceneEmbeddings(signalBatch([signal], 12), embedder);
    expect(size).toBe(12 * 7 * 5 + 30);
    expect(disagreement(data, reference(split(signal)))).toBeLessThanOrEqual(1);
  });

  it('of flat lines are finite', async () => {
    const { data } = await getSceneEmbeddings(signalBatch([new Float32Array(12 * 5000).fill(0.5)], 12), embedder);
    expect(data.every(Number.isFinite)).toBe(true);
  });

  it('have their own place for every lead', async () => {
    const signal = noisyLeads(1000);
    const louder = signal.map((value, index) => (Math.floor(index / 1000) === 7 ? 3 * value : value));
    const { data } = await getSceneEmbeddings(signalBatch([signal, louder], 12), embedder);
    const size = embedder.sceneEmbeddingSize;
    const changed = Array.from({ length: 12 }, (_, lead) => lead).filter(
      (lead) => Math.abs(data[lead * 35] - data[size + lead * 35]) > 0.1,
    );
    expect(changed).toEqual([7]);
  });
});

it('timestamp embeddings are the scene embeddings of 2 s around each time', async () => {
  const signal = syntheticEcg({ beatsPerMinute: 72, seed: 3 });
  const batch = signalBatch([signal], 12);
  const { data, timestamps, size } = await getTimestampEmbeddings(batch, embedder);
  expect(Array.from(timestamps)).toEqual(Array.from({ length: 20 }, (_, index) => index * 500));
  // At 3 s: samples 1000 to 2000 of each lead.
  const window = Float32Array.from(split(signal).flatMap((lead) => lead.slice(1000, 2000)));
  const scene = await getSceneEmbeddings(signalBatch([window], 12), embedder);
  expect(disagreement(data.subarray(6 * size, 7 * size), scene.data)).toBeLessThanOrEqual(0.01);
});
