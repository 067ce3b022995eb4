import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getSceneEmbeddings, type SignalBatch, signalBatch } from '@hearken/core';
import { createNodeSession, openModelFiles } from '@hearken/onnx/node';
import { expect, it } from 'vitest';
import { buildGraph } from '../src/graph.js';
import plugin from '../src/index.js';
import { readPositionalWeight } from '../src/positional-weight.js';
import { createPreprocessor, windowSamples } from '../src/preprocessing/preprocess.js';
import { chooseSizes, findConfig, selectEncoder } from '../src/sizes.js';
import { expectClose } from '../../../tests/support/expect-close.js';
import { readNpy } from '../../../tests/support/npy.js';

export interface Case {
  name: string;
  checkpoint: string;
  options: Record<string, unknown>;
  input: string;
  sampleRate: number;
  expected: {
    preprocessed500Hz: string;
    modelInput: string;
    scene: string;
    sceneMeanOfWindows: string;
    tokens: string;
  };
}

const allSteps = { filter: true, resample: true, scale: true, decimate: true };

export function readCases(folder: string): Case[] {
  return JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as Case[];
}

/** One test for each stage of each case of `cases.json`, against SciPy's and PyTorch's answers. */
export function testParity(folder: string): void {
  const cases = readCases(folder).map((one) => [one.name, one] as const);
  const expected = (one: Case, stage: keyof Case['expected']) => readNpy(join(folder, one.expected[stage])).data;
  const signalsOf = (one: Case): SignalBatch => signalBatch([readNpy(join(folder, one.input)).data], 12);

  it.each(cases)('%s: record at 500 Hz, and model input', (name, one) => {
    const preprocessor = createPreprocessor(one.sampleRate, allSteps);
    const prepared = preprocessor.prepare(signalsOf(one).data);
    const input = new Float32Array(windowSamples);
    preprocessor.writeWindow(prepared, 0, input);
    // Both are of size 1; in float64 on both sides, they agree far closer than the fixtures ask for.
    expectClose(`${name} 500 Hz`, prepared.data, expected(one, 'preprocessed500Hz'), 1e-6);
    expectClose(`${name} model input`, input, expected(one, 'modelInput'), 1e-6);
  });

  it.each(cases)('%s: tokens', async (name, one) => {
    const files = await openModelFiles(join(folder, one.checkpoint));
    const encoder = selectEncoder(files.checkpoint);
    const sizes = chooseSizes(encoder, findConfig(files.checkpoint, files.config));
    const weight = await readPositionalWeight(encoder, sizes, (entry) => files.readFloat32(entry));
    const session = await createNodeSession(buildGraph({ encoder, sizes, positional: weight }), {
      external: files.external,
    });
    const signal = { data: expected(one, 'modelInput'), shape: [1, windowSamples] };
    const { tokens } = await session.run({ signal });
    await session.dispose();
    expect(tokens.shape).toEqual([1, 93, 64]);
    expectClose(`${name} tokens`, tokens.data as Float32Array, expected(one, 'tokens'));
  });

  it.each(cases)('%s: scene of the first window, and of the mean over windows', async (name, one) => {
    for (const [options, stage] of [
      [one.options, 'scene'],
      [{}, 'sceneMeanOfWindows'],
    ] as const) {
      const embedder = await plugin.loadModel(join(folder, one.checkpoint), { ...options, inputRate: one.sampleRate });
      try {
        expect(embedder.sampleRate).toBe(one.sampleRate);
        const { data } = await getSceneEmbeddings(signalsOf(one), embedder);
        expectClose(`${name} ${stage}`, data, expected(one, stage));
      } finally {
        await embedder.dispose();
      }
    }
  });
}
