import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getSceneEmbeddings, signalBatch } from '@hearken/core';
import { createNodeSession, openModelFiles } from '@hearken/onnx/node';
import { expect, it } from 'vitest';
import { buildFrontEnd } from '../src/graph.js';
import plugin from '../src/index.js';
import { openModel } from '../src/open-model.js';
import { checkOptions } from '../src/options.js';
import { expectClose } from '../../../tests/support/expect-close.js';
import { readNpy } from '../../../tests/support/npy.js';

interface Case {
  name: string;
  checkpoint: string;
  options?: Record<string, unknown>;
  input: string;
  sampleRate: number;
  expected: { padded?: string; fbank: string; scene: string; logits?: string };
}

/** Tests for every case of `cases.json` and every stage of it, each against PyTorch's answer. */
export function testParity(folder: string): void {
  const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as Case[];
  it.each(cases.map((one) => [one.name, one] as const))('%s: front end', async (name, one) => {
    const { preparation, sizes } = await openModel(
      await openModelFiles(join(folder, one.checkpoint)),
      checkOptions(one.options ?? {}),
    );
    const frontEnd = await createNodeSession(buildFrontEnd(preparation, sizes.bands));
    const data = readNpy(join(folder, one.input)).data;
    const { padded, fbank } = await frontEnd.run({ signal: { data, shape: [1, data.length] } });
    await frontEnd.dispose();
    if (one.expected.padded !== undefined) {
      expectClose(`${name} padded`, padded.data as Float32Array, readNpy(join(folder, one.expected.padded)).data);
    }
    const expected = readNpy(join(folder, one.expected.fbank));
    const [frames, bands] = expected.shape;
    expect(fbank.shape).toEqual([1, bands, frames]);
    const byTime = Float32Array.from(
      expected.data,
      (_, index) => (fbank.data as Float32Array)[(index % bands) * frames + Math.floor(index / bands)],
    );
    expectClose(`${name} fbank`, byTime, expected.data);
  });
  it.each(cases.map((one) => [one.name, one] as const))('%s: embedding', async (name, one) => {
    await expectScene(folder, one, 'embedding', `${name} scene`, one.expected.scene);
    if (one.expected.logits !== undefined) {
      await expectScene(folder, one, 'logits', `${name} logits`, one.expected.logits);
    }
  });
}

async function expectScene(folder: string, one: Case, features: string, what: string, expected: string): Promise<void> {
  const embedder = await plugin.loadModel(join(folder, one.checkpoint), { ...one.options, features });
  try {
    expect(embedder.sampleRate).toBe(one.sampleRate);
    const signals = signalBatch([readNpy(join(folder, one.input)).data]);
    const { data } = await getSceneEmbeddings(signals, embedder);
    expectClose(what, data, readNpy(join(folder, expected)).data);
  } finally {
    await embedder.dispose();
  }
}
