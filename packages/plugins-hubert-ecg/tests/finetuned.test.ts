// A fine-tuned HuBERT-ECG as its authors save it.
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { joinParts, lookUp, type PickleValue, type TensorContents, writeSafetensors } from '@hearken/onnx';
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
import { hubertEcgFinetuned } from '../src/finetuned.js';
import plugin from '../src/index.js';
import { hubertEcgTrainingGraph } from '../src/training-graph.js';

interface Case {
  readonly checkpoint: string;
  readonly finetunedCheckpoint: string;
  readonly data: string;
  readonly labels: readonly string[];
  readonly trainRecords: number;
  readonly evaluationRecords: number;
  readonly runs: { readonly plain: { readonly evaluationLogits: readonly (readonly number[])[] } };
}

const newFolder = temporaryFolders();
/** The state of the optimizer, and a score of the training script, are not in what we write. */
const isWeight = (name: string) => name.startsWith('model_state_dict.');

describeTrainingFixtures('hubert-ecg', 'a fine-tuned HuBERT-ECG', (folder) => {
  const fixture = readJson<Case>(join(folder, 'case.json'));
  const { labels } = fixture;

  async function saved() {
    const base = await openModelFiles(join(folder, fixture.checkpoint));
    const expected = await openModelFiles(join(folder, fixture.finetunedCheckpoint));
    const nameInGraph = (name: string) => {
      if (!isWeight(name)) return undefined;
      const plain = name.replace(/^model_state_dict\.(?:hubert_ecg\.)?/, '');
      return plain.startsWith('classifier.') ? plain : `checkpoint/${plain}`;
    };
    const trained = await trainedFrom(expected, nameInGraph, { labels, kind: 'multilabel' });
    const written = await saveInto(await newFolder(), await hubertEcgFinetuned(base, trained));
    return { base, expected, trained, written };
  }

  it('has the layout and the values of the authors', async () => {
    const { base, expected, written } = await saved();
    const found = await openModelFiles(written);
    await expectSameTensors(found, expected, isWeight);
    const keys = (value: PickleValue) => (value instanceof Map ? [...value.keys()] : []);
    expect(keys(found.checkpoint.metadata)).toEqual(keys(expected.checkpoint.metadata));
    const config = (of: typeof base, ...path: string[]) => lookUp(of.checkpoint.metadata, 'model_config', ...path);
    expect(config(found)).toMatchObject({ kind: 'record', module: 'hubert_ecg', name: 'HuBERTECGConfig' });
    expect(config(found, 'conv_kernel')).toEqual(config(base, 'conv_kernel'));
    for (const key of ['linear', 'finetuning_vocab_size', 'use_label_embedding', 'patience_count']) {
      expect(lookUp(found.checkpoint.metadata, key)).toEqual(lookUp(expected.checkpoint.metadata, key));
    }
  });

  it('gives the logits of the trained model', async () => {
    const { written } = await saved();
    const files = await openModelFiles(written);
    const { model } = hubertEcgTrainingGraph(files, { labels: labels.length });
    const signals = readTensors(join(folder, fixture.data)).get('signals')!;
    const rows = rowsOf(signals, rangeFrom(fixture.trainRecords, fixture.evaluationRecords));
    const head = {
      'classifier.weight': await tensorOf(files, 'model_state_dict.classifier.weight'),
      'classifier.bias': await tensorOf(files, 'model_state_dict.classifier.bias'),
    };
    await expectLogits(model, files, { signal: rows, ...head }, fixture.runs.plain.evaluationLogits);
  });

  it.each(['.', 'finetuned.pt'])('is loaded by the plugin with its labels: %s', async (path) => {
    const { written } = await saved();
    const model = await plugin.loadModel(join(written, path), { runtime: { threads: 1 } });
    expect(model.head).toMatchObject({ labels, kind: 'multilabel', size: labels.length });
    await model.dispose();
  });

  it('can be fine-tuned again', async () => {
    const { trained, written } = await saved();
    const first = await openModelFiles(written);
    const again = await saveInto(await newFolder(), await hubertEcgFinetuned(first, trained));
    await expectSameTensors(await openModelFiles(again), first, isWeight);
  });

  it('is the same from safetensors with a config.json and newer names', async () => {
    const { base, expected, trained, written } = await saved();
    const newer = (name: string) =>
      name
        .replace('model_state_dict.', '')
        .replace('weight_g', 'parametrizations.weight.original0')
        .replace('weight_v', 'parametrizations.weight.original1');
    const tensors = [...base.checkpoint.tensors.values()].map((entry): [string, TensorContents] => {
      const { name, dataType, shape } = entry;
      return [newer(name), { dataType, shape, bytes: () => base.readBytes(entry) }];
    });
    const folder = await newFolder();
    await writeFile(join(folder, 'model.safetensors'), await joinParts(writeSafetensors(new Map(tensors))));
    await copyFile(join(written, 'config.json'), join(folder, 'config.json'));
    const names = new Map([...trained.tensors].map(([name, data]) => [newer(name), data]));
    const files = await hubertEcgFinetuned(await openModelFiles(folder), { ...trained, tensors: names });
    const found = await openModelFiles(await saveInto(join(folder, 'again'), files));
    await expectSameTensors(found, expected, isWeight);
    const config = lookUp(found.checkpoint.metadata, 'model_config');
    expect(config).toMatchObject({ kind: 'record', module: 'hubert_ecg', name: 'HuBERTECGConfig' });
    expect(lookUp(config, 'num_attention_heads')).toBe(
      lookUp(base.checkpoint.metadata, 'model_config', 'num_attention_heads'),
    );
  });
});
