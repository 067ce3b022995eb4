// The batches of HuBERT-ECG's fixtures of training: sets of trained tensors, padding, and dropout.
import { join } from 'node:path';
import { openModelFiles } from '@hearken/onnx/node';
import { binaryCrossEntropy, extendModel, listParameters } from '@hearken/train';
import { parametersOf, type TrainingBatch, type TrainingBatches } from '../../../tests/support/training-batch.js';
import { type FloatTensor, readJson, readTensors, rowsOf } from '../../../tests/support/training-fixtures.js';
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
export function unpackMask({ data }: FloatTensor, shape: readonly number[], p: number): Float32Array {
  const columns = shape[shape.length - 1];
  const bytes = Math.ceil(columns / 8);
  return Float32Array.from({ length: shape.reduce((size, one) => size * one, 1) }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const byte = data[row * bytes + Math.floor(column / 8)];
    return ((byte >> (column % 8)) & 1) / (1 - p);
  });
}

/** The batches of the fixtures, and two special ones. */
export interface HubertEcgBatches extends TrainingBatches {
  readonly padded: () => Promise<TrainingBatch>;
  readonly dropout: () => Promise<TrainingBatch>;
  /** Some records in a mode, without what PyTorch computes from them, and with masks that drop nothing. */
  readonly start: (
    mode: string,
    records: readonly number[],
    options: Partial<HubertEcgTrainingOptions>,
  ) => Promise<TrainingBatch>;
  /** Signals and targets of some records. */
  readonly inputsOf: (records: readonly number[]) => Readonly<Record<string, FloatTensor>>;
  /** Places of dropout that the fixtures have masks for. */
  readonly dropoutPlaces: readonly string[];
}

/** @param folder of the fixtures of this family */
export function trainingBatches(folder: string): HubertEcgBatches {
  const fixture = readJson<Case>(join(folder, 'case.json'));
  const data = readTensors(join(folder, fixture.data));
  const head = readTensors(join(folder, fixture.head));
  const labels = fixture.labels.length;
  const inputsOf = (records: readonly number[]) => ({
    signal: rowsOf(data.get('signals')!, records),
    targets: rowsOf(data.get('labels')!, records),
  });

  async function batchOf(
    batch: Batch,
    expected: Expected,
    mode: string,
    options: Partial<HubertEcgTrainingOptions>,
    maskOf: (mask: DropoutMask) => FloatTensor,
    inputs: Readonly<Record<string, FloatTensor>> = {},
  ): Promise<TrainingBatch> {
    const files = await openModelFiles(join(folder, fixture.checkpoint));
    const { model, masks } = hubertEcgTrainingGraph(files, { labels, ...options });
    const withLoss = extendModel(model, (graph) => {
      const targets = graph.input('targets', ['n', labels]);
      const loss = binaryCrossEntropy(graph, { name: 'logits' }, targets, graph.constant(fixture.posWeight));
      graph.output('loss', loss, []);
    });
    const names = listParameters(withLoss).map(({ name }) => name);
    const trained = names.filter((name) => isTrained(mode, name.replace('checkpoint/', ''), fixture.shape.layers));
    return {
      model: withLoss,
      options: {
        loss: 'loss',
        outputs: ['loss', 'logits'],
        parameters: ['classifier.weight', 'classifier.bias', ...trained],
        dimensions: { n: batch.indices.length },
      },
      external: files.external,
      inputs: {
        ...inputsOf(batch.indices),
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
    };
  }

  const noMask = (): never => {
    throw new Error('no dropout');
  };

  return {
    modes: Object.keys(fixture.batch.modes),
    batch: (mode) => batchOf(fixture.batch, fixture.batch.modes[mode], mode, {}, noMask),
    start(mode, indices, options) {
      const keepAll = ({ shape }: DropoutMask) => {
        const sizes = shape.map((size) => (size === 'n' ? indices.length : Number(size)));
        return { data: new Float32Array(sizes.reduce((size, one) => size * one, 1)).fill(1), shape: sizes };
      };
      return batchOf({ ...fixture.batch, indices }, fixture.batch.modes[mode], mode, options, keepAll);
    },
    inputsOf,
    padded() {
      const { batchPadded: batch } = fixture;
      const { tokens } = fixture.shape;
      const mask = batch.validTokens.flatMap((valid) =>
        Array.from({ length: tokens }, (_, token) => Number(token < valid)),
      );
      const tokenMask = { data: Float32Array.from(mask), shape: [batch.validTokens.length, tokens] };
      return batchOf(batch, batch, batch.mode, { padding: true }, noMask, { tokenMask });
    },
    dropout() {
      const { batchDropout: batch, maskShapes } = fixture;
      const packed = readTensors(join(folder, batch.masks));
      const dropout = { attention: true, modules: true, classifier: true };
      return batchOf(batch, batch, batch.mode, { dropout }, ({ name }) => {
        const place = name.replace('dropout/', '');
        const shape = maskShapes[place];
        return { data: unpackMask(packed.get(place)!, shape, batch.p), shape };
      });
    },
    dropoutPlaces: Object.keys(fixture.maskShapes),
  };
}
