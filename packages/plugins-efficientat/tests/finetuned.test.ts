// A fine-tuned EfficientAT as its authors save it.
import { join } from 'node:path';
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
import { efficientAtFinetuned } from '../src/finetuned.js';
import plugin from '../src/index.js';
import { efficientAtTrainingGraph } from '../src/training-graph.js';

interface Case {
  readonly checkpoint: string;
  readonly data: string;
  readonly classes: number;
  readonly trainClips: number;
  readonly evaluationClips: number;
  readonly run: { readonly final: string; readonly evaluationLogits: readonly (readonly number[])[] };
}

const newFolder = temporaryFolders();

describeTrainingFixtures('efficientat', 'a fine-tuned EfficientAT', (folder) => {
  const fixture = readJson<Case>(join(folder, 'case.json'));
  const { classes, run } = fixture;
  const labels = Array.from({ length: classes }, (_, index) => `class ${index}`);

  async function saved() {
    const base = await openModelFiles(join(folder, fixture.checkpoint));
    const expected = await openModelFiles(join(folder, run.final));
    const nameInGraph = (name: string) => (name.startsWith('classifier.5.') ? name : `checkpoint/${name}`);
    const trained = await trainedFrom(expected, nameInGraph, { labels, kind: 'multiclass' });
    const written = await saveInto(await newFolder(), await efficientAtFinetuned(base, trained));
    return { base, expected, trained, written };
  }

  it('has the layout and the values of the authors', async () => {
    const { expected, written } = await saved();
    await expectSameTensors(await openModelFiles(written), expected);
  });

  it('gives the logits of the trained model', async () => {
    const { written } = await saved();
    const files = await openModelFiles(written);
    const logMel = readTensors(join(folder, fixture.data)).get('logMel')!;
    const graph = efficientAtTrainingGraph(files, { classes, frames: logMel.shape[3] });
    const rows = rowsOf(logMel, rangeFrom(fixture.trainClips, fixture.evaluationClips));
    const head = {
      'classifier.5.weight': await tensorOf(files, 'classifier.5.weight'),
      'classifier.5.bias': await tensorOf(files, 'classifier.5.bias'),
    };
    const [count, , bands, frames] = rows.shape;
    const inputs = { logMel: { data: rows.data, shape: [count, bands, frames] }, ...head };
    await expectLogits(graph, files, inputs, run.evaluationLogits);
  });

  it('is loaded by the plugin with its labels', async () => {
    const { written } = await saved();
    const model = await plugin.loadModel(written, { runtime: { threads: 1 } });
    expect(model.head).toMatchObject({ labels, kind: 'multiclass', size: classes });
    await model.dispose();
  });

  it('refuses a tensor of another model', async () => {
    const { base, trained } = await saved();
    const tensors = new Map([...trained.tensors, ['checkpoint/other.weight', new Float32Array(1)]]);
    await expect(efficientAtFinetuned(base, { ...trained, tensors })).rejects.toThrow(/no tensor 'other.weight'/);
  });
});
