// A fine-tuned HeAR in the published layout, with a head.
import { join } from 'node:path';
import type { TrainedWeights } from '@hearken/core';
import { openModelFiles } from '@hearken/onnx/node';
import { expect, it } from 'vitest';
import { expectLogits, rangeFrom, saveInto, tensorOf, valuesOf } from '../../../tests/support/finetuned.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';
import { describeTrainingFixtures, readJson, readTensors, rowsOf } from '../../../tests/support/training-fixtures.js';
import { hearFinetuned } from '../src/finetuned.js';
import plugin from '../src/index.js';
import { hearTrainingGraph } from '../src/training-graph.js';

interface Case {
  readonly checkpoint: string;
  readonly data: string;
  readonly classes: number;
  readonly trainClips: number;
  readonly evaluationClips: number;
  readonly runs: {
    readonly 'last-block': { readonly final: string; readonly evaluationLogits: readonly (readonly number[])[] };
  };
}

const newFolder = temporaryFolders();

describeTrainingFixtures('hear', 'a fine-tuned HeAR', (folder) => {
  const fixture = readJson<Case>(join(folder, 'case.json'));
  const { classes } = fixture;
  const run = fixture.runs['last-block'];
  const labels = Array.from({ length: classes }, (_, index) => `sound ${index}`);
  const final = readTensors(join(folder, run.final));

  async function saved() {
    const base = await openModelFiles(join(folder, fixture.checkpoint));
    const tensors = new Map(
      [...final].map(([name, { data }]) => [name.startsWith('head.') ? name : `checkpoint/${name}`, data]),
    );
    const trained: TrainedWeights = { tensors, labels, kind: 'multiclass' };
    return { base, trained, written: await saveInto(await newFolder(), await hearFinetuned(base, trained)) };
  }

  it('has the published names, the trained values, and a head', async () => {
    const { base, written } = await saved();
    const found = await openModelFiles(written);
    const names = [...base.checkpoint.tensors.keys()];
    expect([...found.checkpoint.tensors.keys()].sort()).toEqual([...names, 'head.weight', 'head.bias'].sort());
    expect(found.checkpoint.metadata).toEqual(base.checkpoint.metadata);
    for (const name of found.checkpoint.tensors.keys()) {
      const expected = final.get(name)?.data ?? (await valuesOf(base, name));
      expect([name, await valuesOf(found, name)]).toEqual([name, expected]);
    }
    expect(found.config?.values).toMatchObject({ ...base.config?.values, problem_type: 'single_label_classification' });
  });

  it('gives the logits of the trained model', async () => {
    const { written } = await saved();
    const files = await openModelFiles(written);
    const melPcen = readTensors(join(folder, fixture.data)).get('melPcen')!;
    const rows = rowsOf(melPcen, rangeFrom(fixture.trainClips, fixture.evaluationClips));
    const [count, , frames, bands] = rows.shape;
    const inputs = {
      image: { data: rows.data, shape: [count, frames, bands] },
      'head.weight': await tensorOf(files, 'head.weight'),
      'head.bias': await tensorOf(files, 'head.bias'),
    };
    await expectLogits(hearTrainingGraph(files, { classes }), files, inputs, run.evaluationLogits);
  });

  it('is loaded by the plugin, whose head is the linear layer on its scene embedding', async () => {
    const { written } = await saved();
    const model = await plugin.loadModel(written, { runtime: { threads: 1 } });
    expect(model.head).toMatchObject({ labels, kind: 'multiclass', size: classes });
    const samples = 48_000;
    const data = Float32Array.from({ length: samples }, (_, index) => Math.sin(index * index * 1e-6) / 2);
    const signals = { data, count: 1, channels: 1, samples };
    const { data: embedding, size } = await model.embedScenes(signals);
    const { data: logits } = await model.head!.classifyScenes(signals);
    const [weight, bias] = ['head.weight', 'head.bias'].map((name) => final.get(name)!.data);
    for (const [place, logit] of logits.entries()) {
      const sum = embedding.reduce((total, value, index) => total + value * weight[place * size + index], bias[place]);
      expect(logit).toBeCloseTo(sum, 4);
    }
    await model.dispose();
  });

  it('needs a trained head', async () => {
    const { base, trained } = await saved();
    const tensors = new Map([...trained.tensors].filter(([name]) => name !== 'head.bias'));
    await expect(hearFinetuned(base, { ...trained, tensors })).rejects.toThrow(/no trained 'head.bias'/);
  });
});
