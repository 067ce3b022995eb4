import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Embedder,
  getSceneEmbeddings,
  getTimestampEmbeddings,
  type LoadOptions,
  OptionError,
  signalBatch,
} from '@hearken/core';
import { testEmbedder } from '@hearken/core/conformance';
import { afterAll, describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { fixture } from './fixture.js';
import { readNpy } from '../../../tests/support/npy.js';

// Quantised weights are written beside the checkpoint, so not beside the fixture.
const folder = mkdtempSync(join(tmpdir(), 'hearken-hear-int8-'));
cpSync(fixture(), folder, { recursive: true });
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const load = (options: LoadOptions = {}) =>
  plugin.loadModel(folder, { precision: 'int8', runtime: { threads: 1 }, ...options });

/** Cosine of the angle between two embeddings. */
function cosine(left: Float32Array, right: Float32Array): number {
  const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * b[index], 0);
  return product(left, right) / Math.sqrt(product(left, left) * product(right, right));
}

describe('in int8', () => {
  // The front end computes in float32, whose last digit may change with the batch and carry a value over to the next of
  // the 255 steps of an input.
  const tolerance = { relative: 2e-3 };
  testEmbedder({ describe, it, afterAll }, { plugin, load, sceneEmbeddingSize: 32, tolerance });

  it.each(['speech', 'noise', 'short', 'silence'])('%s is what it is in fp32, almost', async (name) => {
    const signals = signalBatch([readNpy(fixture(`${name}.input.npy`)).data]);
    const embedders: Embedder[] = [await load(), await load({ precision: 'fp32' })];
    const [found, exact] = await Promise.all(embedders.map((embedder) => getSceneEmbeddings(signals, embedder)));
    expect(cosine(found.data, exact.data)).toBeGreaterThan(0.9999);
    expect(found.data).not.toEqual(exact.data);
    const [times, exactTimes] = await Promise.all(
      embedders.map((embedder) => getTimestampEmbeddings(signals, embedder)),
    );
    expect(times.timestamps).toEqual(exactTimes.timestamps);
    expect(cosine(times.data, exactTimes.data)).toBeGreaterThan(0.9999);
    for (const embedder of embedders) await embedder.dispose();
  });

  it('says so in its provenance, with the hash of the published checkpoint', async () => {
    const [quantized, stored] = [await load(), await load({ precision: 'fp32' })];
    expect(quantized.provenance.options).toEqual({ hop: 1, skipSilent: false, precision: 'int8' });
    expect(quantized.provenance.checkpointSha256).toBe(stored.provenance.checkpointSha256);
    const caches = readdirSync(folder).filter((name) => name.endsWith('.cache'));
    expect(caches).toHaveLength(1);
    // Unsigned bytes where the machine has no exact products of signed ones.
    expect(caches[0].replace('.uint8', '.int8')).toBe(
      `model.safetensors.int8-${stored.provenance.checkpointSha256?.slice(0, 16)}.cache`,
    );
    await quantized.dispose();
    await stored.dispose();
  });

  it('is one of two precisions', async () => {
    await expect(load({ precision: 'int4' })).rejects.toThrow(OptionError);
  });
});
