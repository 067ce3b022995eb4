import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getSceneEmbeddings, type LoadOptions, OptionError, signalBatch } from '@hearken/core';
import { testEmbedder } from '@hearken/core/conformance';
import { afterAll, describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { fixture } from './fixture.js';
import { readNpy } from '../../../tests/support/npy.js';

// Quantised weights are written beside the checkpoint, so not beside the fixture.
const folder = mkdtempSync(join(tmpdir(), 'hearken-hubert-ecg-int8-'));
cpSync(fixture(), folder, { recursive: true });
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const load = (name: string, options: LoadOptions = {}) =>
  plugin.loadModel(join(folder, name), { precision: 'int8', runtime: { threads: 1 }, ...options });

/** Cosine of the angle between two embeddings. */
function cosine(left: Float32Array, right: Float32Array): number {
  const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * b[index], 0);
  return product(left, right) / Math.sqrt(product(left, left) * product(right, right));
}

describe.each([['hf'], ['hubert_ecg_tiny.pt']])('%s in int8', (name) => {
  // A last digit of the convolutions, in float32, may carry a value over to the next of the 255 steps of an input.
  const tolerance = { relative: 2e-3 };
  testEmbedder({ describe, it, afterAll }, { plugin, load: () => load(name), sceneEmbeddingSize: 64, tolerance });

  it('is what it is in fp32, almost', async () => {
    const signals = signalBatch([readNpy(fixture('synthetic.input.npy')).data], 12);
    const [quantized, stored] = [await load(name), await load(name, { precision: 'fp32' })];
    const [found, exact] = [await getSceneEmbeddings(signals, quantized), await getSceneEmbeddings(signals, stored)];
    expect(cosine(found.data, exact.data)).toBeGreaterThan(0.9995);
    expect(found.data).not.toEqual(exact.data);
    expect(quantized.provenance.options).toEqual({ ...stored.provenance.options, precision: 'int8' });
    expect(stored.provenance.options.precision).toBe('fp32');
    expect(quantized.provenance.checkpointSha256).toBe(stored.provenance.checkpointSha256);
    await quantized.dispose();
    await stored.dispose();
  });
});

it('keeps quantised weights beside the checkpoint', async () => {
  await (await load('hubert_ecg_tiny.pt')).dispose();
  expect(
    readdirSync(folder).filter((file) => /^hubert_ecg_tiny\.pt\.u?int8-[0-9a-f]{16}\.cache$/.test(file)),
  ).toHaveLength(1);
});

it('refuses another precision', async () => {
  await expect(load('hf', { precision: 'fp16' })).rejects.toThrow(OptionError);
});
