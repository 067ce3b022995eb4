import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getSceneLogits, getTimestampLogits, signalBatch } from '@hearken/core';
import { audioSetLabels } from '@hearken/onnx';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { expectClose } from '../../../tests/support/expect-close.js';
import { readNpy } from '../../../tests/support/npy.js';
import { describeRealFixtures } from '../../../tests/support/real-fixtures.js';
import { readSafetensor } from '../../../tests/support/safetensors.js';
import { fixture } from './fixture.js';
import { originalTensors, withFile, writeTensors } from './made-checkpoint.js';

function testCycle(folder: string, name: string): void {
  it(`answers ${name} with the logits of PyTorch`, async () => {
    const embedder = await plugin.loadModel(join(folder, 'best.pth'));
    try {
      const { data } = await getSceneLogits(signalBatch([readNpy(join(folder, `${name}.input.npy`)).data]), embedder);
      expectClose(`${name} logits`, data, readNpy(join(folder, `${name}.logits.npy`)).data);
    } finally {
      await embedder.dispose();
    }
  });
}

describe('the head of a Patch-Mix checkpoint', () => {
  testCycle(fixture('.'), 'cycle-2.4s');

  it("has ICBHI's four classes, for whole windows only", async () => {
    const embedder = await plugin.loadModel(fixture('best.pth'));
    expect(embedder.head).toMatchObject({
      size: 4,
      kind: 'multiclass',
      labels: ['normal', 'crackle', 'wheeze', 'both'],
    });
    const signals = signalBatch([new Float32Array(16_000)]);
    await expect(getTimestampLogits(signals, embedder)).rejects.toThrow(/whole windows only/);
    await embedder.dispose();
  });

  it('answers in 8 bits too', async () => {
    // The quantised weights are stored next to the checkpoint.
    await withFile('best.pth', async (path) => {
      copyFileSync(fixture('best.pth'), path);
      const embedder = await plugin.loadModel(path, { precision: 'int8' });
      const signals = signalBatch([readNpy(fixture('cycle-2.4s.input.npy')).data]);
      const { data } = await getSceneLogits(signals, embedder);
      expectClose('logits in 8 bits', data, readNpy(fixture('cycle-2.4s.logits.npy')).data, 0.1);
      await embedder.dispose();
    });
  });
});

describe('the head of an AST checkpoint', () => {
  const patches = 12 * 11;

  it("has AudioSet's labels if it has 527, and none otherwise", async () => {
    await withFile('ast.safetensors', async (path) => {
      for (const [classes, labels, kind] of [
        [527, audioSetLabels, 'multilabel'],
        [35, undefined, 'multiclass'],
      ] as const) {
        writeTensors(path, originalTensors({ patches, classes }));
        const embedder = await plugin.loadModel(path, { model: 'ast', heads: 2, stride: 10 });
        expect(embedder.head).toMatchObject({ size: classes, kind });
        expect(embedder.head?.labels).toEqual(labels);
        await embedder.dispose();
      }
    });
  });

  it('has the labels that its config names', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hearken-head-'));
    try {
      const path = join(folder, 'model.safetensors');
      writeTensors(path, originalTensors({ patches, classes: 2 }));
      writeFileSync(
        join(folder, 'config.json'),
        JSON.stringify({ id2label: { 0: 'dog', 1: 'cat' }, problem_type: 'multi_label_classification' }),
      );
      const embedder = await plugin.loadModel(folder, { model: 'ast', heads: 2, stride: 10 });
      expect(embedder.head).toMatchObject({ labels: ['dog', 'cat'], kind: 'multilabel' });
      await embedder.dispose();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is a layer norm and a linear layer on the embedding of PyTorch', async () => {
    const embedder = await plugin.loadModel(fixture('hf-ast'));
    expect(embedder.head).toMatchObject({ size: 527, kind: 'multilabel', labels: audioSetLabels });
    const { data } = await getSceneLogits(signalBatch([readNpy(fixture('hf-ast-6s.input.npy')).data]), embedder);
    await embedder.dispose();
    const weights = (name: string) => readSafetensor(fixture('hf-ast/model.safetensors'), `classifier.${name}`).data;
    const [scale, shift] = [weights('layernorm.weight'), weights('layernorm.bias')];
    const [matrix, bias] = [weights('dense.weight'), weights('dense.bias')];
    const scene = Float64Array.from(readNpy(fixture('hf-ast-6s.scene.npy')).data);
    const mean = scene.reduce((sum, value) => sum + value, 0) / scene.length;
    const variance = scene.reduce((sum, value) => sum + (value - mean) ** 2, 0) / scene.length;
    const normal = scene.map((value, at) => ((value - mean) / Math.sqrt(variance + 1e-12)) * scale[at] + shift[at]);
    const expected = Float32Array.from(bias, (start, label) =>
      normal.reduce((sum, value, at) => sum + value * matrix[label * normal.length + at], start),
    );
    expectClose('AST logits', data, expected);
  });

  it('is missing in a file without one', async () => {
    await withFile('ast.safetensors', async (path) => {
      writeTensors(path, originalTensors({ patches }), { 'module.mlp_head.1.weight': null });
      const embedder = await plugin.loadModel(path, { model: 'ast', heads: 2, stride: 10 });
      expect(embedder.head).toBeUndefined();
      expect(embedder.noHead).toMatch(/^no classifier/);
      await embedder.dispose();
    });
  });
});

describeRealFixtures('patchmix', 'the head of a Patch-Mix on real breathing', (folder) => {
  testCycle(folder, 'cycle-2.4s');
  testCycle(folder, 'cycle-9s');
});
