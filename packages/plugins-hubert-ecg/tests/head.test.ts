import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getSceneLogits, getTimestampLogits, type SignalBatch } from '@hearken/core';
import { logitsEmbedder } from '@hearken/core/internal';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { expectClose } from '../../../tests/support/expect-close.js';
import { readNpy } from '../../../tests/support/npy.js';
import { describeTrainingFixtures } from '../../../tests/support/real-fixtures.js';
import { readSafetensor } from '../../../tests/support/safetensors.js';
import { fixture } from './fixture.js';
import { fixtureConfig, fixtureTensors, withModel } from './made-up-checkpoint.js';

/** Records that are prepared already: 12 leads of 5 s at 100 Hz. */
const prepared = { filter: false, resample: false, scale: false, decimate: false, units: 'any', inputRate: 100 };

const width = 64;
const filled = (size: number, shape: number[]) => ({
  shape,
  data: Float32Array.from({ length: size }, (_, index) => 0.1 * Math.sin(12.9898 * (index + 1))),
});

/** The fixture's encoder with a head in transformers' layout. */
function withHead(labels: number, projected?: number) {
  const tensors = new Map([...fixtureTensors()].map(([name, tensor]) => [`hubert.${name}`, tensor]));
  const inputs = projected ?? width;
  if (projected !== undefined) {
    tensors.set('projector.weight', filled(projected * width, [projected, width]));
    tensors.set('projector.bias', filled(projected, [projected]));
  }
  tensors.set('classifier.weight', filled(labels * inputs, [labels, inputs]));
  tensors.set('classifier.bias', filled(labels, [labels]));
  return tensors;
}

const record: SignalBatch = { data: readNpy(fixture('synthetic.input.npy')).data, count: 1, channels: 12, samples: 0 };
const signals: SignalBatch = { ...record, samples: record.data.length / 12 };

/** y = W x + b */
function apply(x: Float32Array, W: { data: Float32Array; shape: number[] }, b: { data: Float32Array }): Float32Array {
  const [outputs, inputs] = W.shape;
  return Float32Array.from({ length: outputs }, (_, row) =>
    x.reduce((sum, value, column) => sum + value * W.data[row * inputs + column], b.data[row]),
  );
}

describe('the head of a folder', () => {
  it.each([undefined, 8])('is linear on the embedding, with a projection to %s values', async (projected) => {
    const tensors = withHead(3, projected);
    await withModel(tensors, { ...fixtureConfig(), id2label: { 0: 'AF', 1: 'LBBB', 2: 'STTC' } }, async (folder) => {
      const embedder = await plugin.loadModel(folder, { inputRate: 500 });
      expect(embedder.head).toMatchObject({ labels: ['AF', 'LBBB', 'STTC'], size: 3, kind: 'multilabel' });
      const { data: embedding } = await plugin.getSceneEmbeddings(signals, embedder);
      const inner =
        projected === undefined
          ? embedding
          : apply(embedding, tensors.get('projector.weight')!, tensors.get('projector.bias')!);
      const expected = apply(inner, tensors.get('classifier.weight')!, tensors.get('classifier.bias')!);
      const { data } = await getSceneLogits(signals, embedder);
      expectClose('logits', data, expected);
      const windows = await getTimestampLogits(signals, embedder);
      expect(windows.data).toHaveLength(3 * windows.timestampCount);
      await embedder.dispose();
    });
  });

  it('answers crops of a record that is prepared as a whole: those on the grid are its timestamps', async () => {
    await withModel(withHead(3), fixtureConfig(), async (folder) => {
      const embedder = await plugin.loadModel(folder, { inputRate: 500, hop: 1 });
      const windows = await getTimestampLogits(signals, embedder);
      const starts = Array.from({ length: windows.timestampCount }, (_, index) => index * 500);
      const { crops } = embedder.head!;
      expect(crops?.samples).toBe(2500);
      expectClose('crops', (await crops!.classify(signals, starts)).data, windows.data);
      const random = logitsEmbedder(embedder, { count: 4, seconds: 5, aggregate: 'mean', seed: 0 });
      expect((await random.embedScenes(signals)).data.every(Number.isFinite)).toBe(true);
      const other = logitsEmbedder(embedder, { count: 4, seconds: 6, aggregate: 'mean', seed: 0 });
      await expect(other.embedScenes(signals)).rejects.toThrow(/--crop-seconds 5/);
      await embedder.dispose();
    });
  });

  it('has no names where the config has only LABEL_0 and so on, and one label if it says so', async () => {
    const placeholders = { id2label: { 0: 'LABEL_0', 1: 'LABEL_1' }, problem_type: 'single_label_classification' };
    await withModel(withHead(2), { ...fixtureConfig(), ...placeholders }, async (folder) => {
      const embedder = await plugin.loadModel(folder);
      expect(embedder.head).toMatchObject({ size: 2, kind: 'multiclass' });
      expect(embedder.head?.labels).toBeUndefined();
      await embedder.dispose();
    });
  });

  it('is missing without a classifier, which says what is there', async () => {
    await withModel(fixtureTensors(), fixtureConfig(), async (folder) => {
      const embedder = await plugin.loadModel(folder, { inputRate: 500 });
      await expect(getSceneLogits(signals, embedder)).rejects.toThrow(
        /no 'classifier.weight' next to the encoder, only 'final_proj.0', 'label_embedding.0'/,
      );
      await embedder.dispose();
    });
    await withModel(withHead(2), { ...fixtureConfig(), use_weighted_layer_sum: true }, async (folder) => {
      const embedder = await plugin.loadModel(folder);
      expect(embedder.noHead).toMatch(/weighted sum/);
      await embedder.dispose();
    });
  });
});

describeTrainingFixtures('hubert-ecg', "the head of the authors' fine-tuned checkpoint", (folder) => {
  it('answers prepared records with the logits of PyTorch', async () => {
    const { runs, evaluationRecords } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as {
      evaluationRecords: number;
      runs: { plain: { evaluationLogits: number[][] } };
    };
    const embedder = await plugin.loadModel(join(folder, 'finetuned.pt'), prepared);
    expect(embedder.head).toMatchObject({ size: 5, kind: 'multilabel' });
    expect(embedder.head?.labels).toBeUndefined();
    const { data } = readSafetensor(join(folder, 'data.safetensors'), 'signals');
    const batch: SignalBatch = {
      data: data.slice(-evaluationRecords * 6000),
      count: evaluationRecords,
      channels: 12,
      samples: 500,
    };
    const logits = await getSceneLogits(batch, embedder);
    const expected = Float32Array.from(runs.plain.evaluationLogits.flat());
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expectClose('fine-tuned logits', logits.data, expected, 1e-4 * largest);
    await embedder.dispose();
  });
});
