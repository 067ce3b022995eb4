import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getSceneEmbeddings, signalBatch } from '@hearken/core';
import { createNodeSession, type Session } from '@hearken/onnx/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildFrontEnd } from '../src/graph.js';
import { windowSamples } from '../src/front-end.js';
import plugin from '../src/index.js';
import { expectClose } from '../../../tests/support/expect-close.js';
import { readNpy } from '../../../tests/support/npy.js';

interface Case {
  name: string;
  checkpoint: string;
  options?: Record<string, unknown>;
  input: string;
  sampleRate: number;
  expected: { scene: string; melPcen: string };
}

/** Two tests a case of `cases.json`, each against PyTorch's answer: the front end alone, then the embedding. */
export function testParity(folder: string): void {
  const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as Case[];
  let frontEnd: Session;
  beforeAll(async () => {
    frontEnd = await createNodeSession(buildFrontEnd({ image: { frames: 192, bands: 128 } }));
  });
  afterAll(async () => {
    await frontEnd.dispose();
  });
  it.each(cases.map((one) => [one.name, one] as const))('%s: mel-PCEN', async (name, one) => {
    const data = new Float32Array(windowSamples);
    data.set(readNpy(join(folder, one.input)).data);
    const { image } = await frontEnd.run({ signal: { data, shape: [1, windowSamples] } });
    const expected = readNpy(join(folder, one.expected.melPcen));
    expect(image.shape).toEqual([1, ...expected.shape]);
    expectClose(`${name} mel-PCEN`, image.data as Float32Array, expected.data);
  });
  it.each(cases.map((one) => [one.name, one] as const))('%s: scene', async (name, one) => {
    const embedder = await plugin.loadModel(join(folder, one.checkpoint), one.options);
    try {
      expect(embedder.sampleRate).toBe(one.sampleRate);
      const signals = signalBatch([readNpy(join(folder, one.input)).data]);
      const { data } = await getSceneEmbeddings(signals, embedder);
      expectClose(`${name} scene`, data, readNpy(join(folder, one.expected.scene)).data);
    } finally {
      await embedder.dispose();
    }
  });
}
