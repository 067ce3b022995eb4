// One step of HuBERT-ECG's fine-tuning against PyTorch: loss, logits and every gradient.
import { join } from 'node:path';
import { openModelFiles } from '@hearken/onnx/node';
import { binaryCrossEntropy, differentiate, extendModel, listParameters } from '@hearken/train';
import { expect, it } from 'vitest';
import { expectBatch, parametersOf } from '../../../tests/support/training-batch.js';
import {
  describeTrainingFixtures,
  type FloatTensor,
  readJson,
  readTensors,
  rowsOf,
} from '../../../tests/support/training-fixtures.js';
import { type DropoutMask, hubertEcgTrainingGraph, type HubertEcgTrainingOptions } from '../src/training-graph.js';

interface Batch {
  readonly indices: readonly number[];
  readonly loss: number;
  readonly logits: readonly (readonly number[])[];
}

interface Expected {
  readonly gradients: string;
  readonly zeroInExactArithmetic: readonly string[];
}

interface Case {
  readonly checkpoint: string;
  readonly head: string;
  readonly data: string;
  readonly labels: readonly string[];
  readonly posWeight: readonly number[];
  readonly shape: { readonly layers: number; readonly tokens: number };
  readonly maskShapes: Readonly<Record<string, readonly number[]>>;
  readonly batch: Batch & { readonly modes: Readonly<Record<string, Expected>> };
  readonly batchPadded: Batch & Expected & { readonly mode: string; readonly validTokens: readonly number[] };
  readonly batchDropout: Batch & Expected & { readonly mode: string; readonly masks: string; readonly p: number };
}

const limits = { loss: 5e-6, outputs: 3e-5, gradients: 1e-4 };

/** Whether a mode trains a tensor of the checkpoint. */
function isTrained(mode: string, name: string, layers: number): boolean {
  const projects = name.startsWith('feature_projection.');
  switch (mode) {
    case 'head':
      return false;
    case 'projection':
      return projects;
    case 'last1':
      return projects || name.startsWith(`encoder.layers.${layers - 1}.`);
    case 'blocks+conv':
      return projects || /^(?:encoder\.layers|feature_extractor)\./.test(name);
    default:
      return mode === 'everything';
  }
}

/** Bits along the last axis, lowest first, as factors 0 and 1 / (1 - p). */
function unpackMask({ data }: FloatTensor, shape: readonly number[], p: number): Float32Array {
  const columns = shape[shape.length - 1];
  const bytes = Math.ceil(columns / 8);
  return Float32Array.from({ length: shape.reduce((size, one) => size * one, 1) }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const byte = data[row * bytes + Math.floor(column / 8)];
    return ((byte >> (column % 8)) & 1) / (1 - p);
  });
}

describeTrainingFixtures('hubert-ecg', 'HuBERT-ECG, one batch', (folder) => {
  const fixture = readJson<Case>(join(folder, 'case.json'));
  const data = readTensors(join(folder, fixture.data));
  const head = readTensors(join(folder, fixture.head));
  const labels = fixture.labels.length;

  async function check(
    batch: Batch,
    expected: Expected,
    mode: string,
    options: Partial<HubertEcgTrainingOptions>,
    maskOf: (mask: DropoutMask) => FloatTensor,
    inputs: Readonly<Record<string, FloatTensor>> = {},
  ) {
    const files = await openModelFiles(join(folder, fixture.checkpoint));
    const { model, masks } = hubertEcgTrainingGraph(files, { labels, ...options });
    const withLoss = extendModel(model, (graph) => {
      const targets = graph.input('targets', ['n', labels]);
      const loss = binaryCrossEntropy(graph, { name: 'logits' }, targets, graph.constant(fixture.posWeight));
      graph.output('loss', loss, []);
    });
    const names = listParameters(withLoss).map(({ name }) => name);
    const trained = names.filter((name) => isTrained(mode, name.replace('checkpoint/', ''), fixture.shape.layers));
    const training = differentiate(withLoss, {
      loss: 'loss',
      outputs: ['loss', 'logits'],
      parameters: ['classifier.weight', 'classifier.bias', ...trained],
      dimensions: { n: batch.indices.length },
    });
    await expectBatch({
      training,
      external: files.external,
      inputs: {
        signal: rowsOf(data.get('signals')!, batch.indices),
        targets: rowsOf(data.get('labels')!, batch.indices),
        'classifier.weight': head.get('classifier.weight')!,
        'classifier.bias': head.get('classifier.bias')!,
        ...Object.fromEntries(masks.map((mask) => [mask.name, maskOf(mask)])),
        ...inputs,
      },
      parameter: parametersOf(withLoss, files),
      loss: batch.loss,
      outputs: { logits: batch.logits.flat() },
      gradients: readTensors(join(folder, expected.gradients)),
      rename: (name) => name.replace('checkpoint/', 'hubert_ecg.'),
      zeros: expected.zeroInExactArithmetic,
      limits,
    });
  }

  const noMask = (): never => {
    throw new Error('no dropout');
  };

  it.each(Object.keys(fixture.batch.modes))('trains %s', async (mode) => {
    await check(fixture.batch, fixture.batch.modes[mode], mode, {}, noMask);
  });

  it('leaves padding out', async () => {
    const { batchPadded: batch } = fixture;
    const { tokens } = fixture.shape;
    const mask = batch.validTokens.flatMap((valid) =>
      Array.from({ length: tokens }, (_, token) => Number(token < valid)),
    );
    const tokenMask = { data: Float32Array.from(mask), shape: [batch.validTokens.length, tokens] };
    await check(batch, batch, batch.mode, { padding: true }, noMask, { tokenMask });
  });

  it('drops what the masks say', async () => {
    const { batchDropout: batch, maskShapes } = fixture;
    const packed = readTensors(join(folder, batch.masks));
    const dropout = { attention: true, modules: true, classifier: true };
    const used = new Set<string>();
    await check(batch, batch, batch.mode, { dropout }, ({ name }) => {
      const place = name.replace('dropout/', '');
      used.add(place);
      const shape = maskShapes[place];
      return { data: unpackMask(packed.get(place)!, shape, batch.p), shape };
    });
    expect([...used].sort()).toEqual(Object.keys(maskShapes).sort());
  });
});
