import { getSceneEmbeddings, getTimestampEmbeddings, signalBatch, type Embedder } from '@hearken/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../src/index.js';
import { disagreement, hann, mirrorPad, noise, powerSpectra, statistics } from './reference.js';

let embedder: Embedder;
beforeAll(async () => {
  embedder = await loadModel();
});
afterAll(() => embedder.dispose());

/** Mel triangles from 50 Hz to 8 kHz, from the definition: rising and falling linearly in mel between equal steps. */
function melFilter(band: number, bands: number): number[] {
  const mel = (hertz: number) => 1127 * Math.log(1 + hertz / 700);
  const edge = (index: number) => mel(50) + (index * (mel(8000) - mel(50))) / (bands + 1);
  const [low, centre, high] = [edge(band), edge(band + 1), edge(band + 2)];
  return Array.from({ length: 256 }, (_, bin) => {
    const position = mel((bin * 16_000) / 512);
    return Math.max(0, Math.min((position - low) / (centre - low), (high - position) / (high - centre)));
  });
}

function reference(signal: Float32Array, bands: number): number[] {
  const spectra = powerSpectra(mirrorPad([...signal], 256), hann(400, 512), 160);
  return Array.from({ length: bands }, (_, band) => {
    const filter = melFilter(band, bands);
    const frames = spectra.map((bins) => filter.reduce((sum, weight, bin) => sum + weight * bins[bin], 0));
    return statistics(frames.map((power) => Math.log(power + 1e-6)));
  }).flat();
}

/** A rising tone in noise, getting louder. */
function chirp(samples: number): Float32Array {
  const hiss = noise(samples);
  return hiss.map((value, index) => {
    const time = index / 16_000;
    return (0.01 * value + 0.3 * Math.sin(2 * Math.PI * (300 + 2000 * time) * time)) * (0.2 + time);
  });
}

describe('scene embeddings', () => {
  it.each([4000, 6123, 257])('are what the formulas say, %i samples', async (samples) => {
    const signal = chirp(samples);
    const { data } = await getSceneEmbeddings(signalBatch([signal]), embedder);
    expect(disagreement(data, reference(signal, 64))).toBeLessThanOrEqual(1);
  });

  it.each([1, 96])('of %i mel bands are what the formulas say', async (melBands) => {
    const other = await loadModel(undefined, { melBands });
    const signal = chirp(3000);
    const { data, size } = await getSceneEmbeddings(signalBatch([signal]), other);
    expect(size).toBe(melBands * 5);
    expect(disagreement(data, reference(signal, melBands))).toBeLessThanOrEqual(1);
    await other.dispose();
  });

  it('of silence are the floor, without deviation', async () => {
    const { data } = await getSceneEmbeddings(signalBatch([new Float32Array(16_000)]), embedder);
    const floor = Math.log(1e-6);
    expect(
      disagreement(
        data,
        Array.from(data, (_, index) => (index % 5 === 1 ? 0 : floor)),
      ),
    ).toBeLessThanOrEqual(1);
  });

  it('of white noise use every band, up to the most there may be', async () => {
    const other = await loadModel(undefined, { melBands: 96 });
    const { data } = await getSceneEmbeddings(signalBatch([noise(16_000)]), other);
    const means = data.filter((_, index) => index % 5 === 0);
    expect(Math.min(...means)).toBeGreaterThan(Math.log(1e-3));
    await other.dispose();
  });
});

describe('timestamp embeddings', () => {
  it('are the scene embeddings of 160 ms around each time', async () => {
    const signal = chirp(16_000);
    const { data, timestamps, timestampCount, size } = await getTimestampEmbeddings(signalBatch([signal]), embedder);
    expect(Array.from(timestamps)).toEqual(Array.from({ length: 20 }, (_, index) => index * 50));
    expect(timestampCount).toBe(20);
    // At 500 ms: samples 8000 - 1280 to 8000 + 1280.
    const window = signal.slice(6720, 9280);
    const scene = await getSceneEmbeddings(signalBatch([window]), embedder);
    expect(disagreement(data.subarray(10 * size, 11 * size), scene.data)).toBeLessThanOrEqual(0.01);
    expect(disagreement(data.subarray(10 * size, 11 * size), reference(window, 64))).toBeLessThanOrEqual(1);
  });

  it('tell when a sound begins', async () => {
    const signal = noise(16_000).map((value, index) => (index < 8000 ? 0 : value));
    const { data, size } = await getTimestampEmbeddings(signalBatch([signal]), embedder);
    const mean = (time: number) => data[(time / 50) * size];
    expect(mean(400)).toBeCloseTo(Math.log(1e-6), 3);
    expect(mean(600)).toBeGreaterThan(0);
  });
});
