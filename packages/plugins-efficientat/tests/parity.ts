import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Embedder, getSceneEmbeddings, getTimestampEmbeddings, signalBatch } from '@hearken/core';
import { expect, it } from 'vitest';
import plugin from '../src/index.js';
import { expectClose } from '../../../tests/support/expect-close.js';
import { readNpy } from '../../../tests/support/npy.js';

interface Case {
  name: string;
  checkpoint: string;
  options: Record<string, unknown>;
  input: string;
  sampleRate: number;
  expected: { scene?: string; timestampEmbeddings?: string; timestamps?: string; logMel?: string };
}

/** One test a case of `cases.json`, each against PyTorch's answer. */
export function testParity(folder: string): void {
  const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as Case[];
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    const embedder = await plugin.loadModel(join(folder, one.checkpoint), one.options);
    try {
      await expectParity(folder, one, embedder);
    } finally {
      await embedder.dispose();
    }
  });
}

async function expectParity(folder: string, one: Case, embedder: Embedder): Promise<void> {
  const { expected } = one;
  expect(embedder.sampleRate).toBe(one.sampleRate);
  const signals = signalBatch([readNpy(join(folder, one.input)).data]);
  if (expected.scene !== undefined) {
    const { data } = await getSceneEmbeddings(signals, embedder);
    expectClose(`${one.name} scene`, data, readNpy(join(folder, expected.scene)).data);
  }
  if (expected.timestampEmbeddings !== undefined && expected.timestamps !== undefined) {
    const { data, timestamps } = await getTimestampEmbeddings(signals, embedder);
    expectClose(`${one.name} timestamps`, data, readNpy(join(folder, expected.timestampEmbeddings)).data);
    expect([...timestamps]).toEqual([...readNpy(join(folder, expected.timestamps)).data]);
  }
}
