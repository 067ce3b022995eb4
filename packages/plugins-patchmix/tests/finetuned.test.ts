// A fine-tuned Patch-Mix as its authors save it.
import { join } from 'node:path';
import { lookUp } from '@hearken/onnx';
import { openModelFiles } from '@hearken/onnx/node';
import { expect, it } from 'vitest';
import {
  expectLogits,
  expectSameTensors,
  rangeFrom,
  saveInto,
  tensorOf,
  trainedFrom,
} from '../../../tests/support/finetuned.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';
import { describeTrainingFixtures, readJson, readTensors, rowsOf } from '../../../tests/support/training-fixtures.js';
import { patchMixFinetuned } from '../src/finetuned.js';
import plugin from '../src/index.js';
import { patchMixTrainingGraph } from '../src/training-graph.js';
import { transposed } from './training-batches.js';

interface Case {
  readonly start: string;
  readonly checkpoint: string;
  readonly data: string;
  readonly classes: readonly string[];
  readonly trainClips: number;
  readonly evaluationClips: number;
  readonly shape: { readonly stride: number; readonly heads: number };
  readonly runs: { readonly patchmix_cl: { readonly evaluationLogits: readonly (readonly number[])[] } };
}

const newFolder = temporaryFolders();
const isWeight = (name: string) => /^(?:model|classifier)\./.test(name);

describeTrainingFixtures('patchmix', 'a fine-tuned Patch-Mix', (folder) => {
  const fixture = readJson<Case>(join(folder, 'case.json'));
  const { classes, shape, runs } = fixture;
  const { stride, heads } = shape;
  const labels = classes.map((name) => `trained ${name}`);

  async function saved() {
    const base = await openModelFiles(join(folder, fixture.start));
    const expected = await openModelFiles(join(folder, fixture.checkpoint));
    const nameInGraph = (name: string) => {
      if (name.startsWith('classifier.')) return name;
      // The graph has no old heads, so they are not trained.
      if (!name.startsWith('model.') || /^model\.(?:mlp_head|v\.head)/.test(name)) return undefined;
      return name.replace('model.', 'checkpoint/');
    };
    const trained = await trainedFrom(expected, nameInGraph, { labels, kind: 'multiclass' });
    const tensors = new Map([...trained.tensors, ['projector.linear1.bias', new Float32Array(4)]]);
    const written = await patchMixFinetuned(base, { ...trained, tensors }, { stride, heads, epoch: 20 });
    return { expected, written: await saveInto(await newFolder(), written) };
  }

  it('has the layout and the values of the authors', async () => {
    const { expected, written } = await saved();
    const found = await openModelFiles(written);
    await expectSameTensors(found, expected, isWeight);
    const { metadata } = found.checkpoint;
    expect(metadata instanceof Map && [...metadata.keys()]).toEqual([
      'args',
      'model',
      'optimizer',
      'epoch',
      'classifier',
    ]);
    expect(lookUp(metadata, 'args')).toMatchObject({ kind: 'record', module: 'argparse', name: 'Namespace' });
    expect(lookUp(metadata, 'args', 'n_cls')).toBe(classes.length);
    expect(lookUp(metadata, 'epoch')).toBe(20);
  });

  it('gives the logits of the trained model', async () => {
    const { written } = await saved();
    const files = await openModelFiles(written);
    const graph = patchMixTrainingGraph(files, { classes: classes.length, mixing: 'none', stride, heads });
    const all = readTensors(join(folder, fixture.data)).get('fbank')!;
    const fbank = transposed(rowsOf(all, rangeFrom(fixture.trainClips, fixture.evaluationClips)));
    const names = ['0.weight', '0.bias', '1.weight', '1.bias'].map((name) => `classifier.${name}`);
    const head = await Promise.all(names.map(async (name) => [name, await tensorOf(files, name)] as const));
    await expectLogits(graph, files, { fbank, ...Object.fromEntries(head) }, runs.patchmix_cl.evaluationLogits);
  });

  it.each(['.', 'best.pth'])('is loaded by the plugin with its labels: %s', async (path) => {
    const { written } = await saved();
    // Only the folder says how many heads and which stride the model has.
    const sizes = path === '.' ? {} : { stride, heads };
    const model = await plugin.loadModel(join(written, path), { ...sizes, runtime: { threads: 1 } });
    expect(model.head).toMatchObject({ labels, kind: 'multiclass', size: labels.length });
    await model.dispose();
  });
});
