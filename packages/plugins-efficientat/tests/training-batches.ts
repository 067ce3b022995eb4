// The batches of EfficientAT's fixtures of training: with the batch's statistics and with the running ones.
import { join } from 'node:path';
import type { Tensor } from '@hearken/onnx';
import { openModelFiles } from '@hearken/onnx/node';
import { extendModel, listParameters, mixedCrossEntropy } from '@hearken/train';
import {
  integerTensor,
  parametersOf,
  type TrainingBatch,
  type TrainingBatches,
} from '../../../tests/support/training-batch.js';
import { type FloatTensor, readJson, readTensors, rowsOf } from '../../../tests/support/training-fixtures.js';
import { efficientAtTrainingGraph } from '../src/training-graph.js';

interface Batch {
  readonly step: number;
  readonly loss: number;
  readonly logits: readonly (readonly number[])[];
  readonly gradients: string;
  readonly statisticsAfter?: string;
  readonly zeroInExactArithmetic: readonly string[];
}

/** Which clips a step has, and how they are mixed. */
export interface Step {
  readonly clips: readonly number[];
  readonly mixWith: readonly number[];
  readonly lambda: readonly number[];
}

interface Case {
  readonly checkpoint: string;
  readonly head: string;
  readonly data: string;
  readonly labels: readonly number[];
  readonly classes: number;
  readonly steps: string;
  readonly dropoutMasks: string;
  readonly dropout: number;
  readonly batchNorm: { readonly momentum: number };
  readonly batch: Readonly<Record<string, Batch>>;
}

/** The batches of the fixtures, and the inputs of every step. */
export interface EfficientAtBatches extends TrainingBatches {
  /** Mixed examples, targets and mask of a step. */
  readonly inputsOf: (step: number) => Readonly<Record<string, Tensor>>;
  /** Clips as they are. */
  readonly evaluation: (clips: readonly number[]) => Readonly<Record<string, Tensor>>;
}

const limits = { loss: 5e-6, outputs: 3e-5, gradients: 2e-4 };

/** Each example mixed with its partner. */
export function mixed({ data, shape }: FloatTensor, { mixWith, lambda }: Step): Float32Array {
  const size = data.length / shape[0];
  return data.map((value, index) => {
    const [row, place] = [Math.floor(index / size), index % size];
    return lambda[row] * value + (1 - lambda[row]) * data[mixWith[row] * size + place];
  });
}

/** @param folder of the fixtures of this family */
export function trainingBatches(folder: string): EfficientAtBatches {
  const fixture = readJson<Case>(join(folder, 'case.json'));
  const { classes, labels, dropout } = fixture;
  const steps = readJson<Step[]>(join(folder, fixture.steps));
  const logMel = readTensors(join(folder, fixture.data)).get('logMel')!;
  const head = readTensors(join(folder, fixture.head));
  const masks = readTensors(join(folder, fixture.dropoutMasks)).get('masks')!;

  const [, , bands, frames] = logMel.shape;

  function inputsOf(index: number): Record<string, Tensor> {
    const step = steps[index];
    const count = step.clips.length;
    const mask = rowsOf(masks, [index]);
    const targets = step.clips.map((clip) => labels[clip]);
    return {
      logMel: { data: mixed(rowsOf(logMel, step.clips), step), shape: [count, bands, frames] },
      targets: integerTensor(targets),
      partners: integerTensor(step.mixWith.map((place) => targets[place])),
      lambda: { data: Float32Array.from(step.lambda), shape: [count] },
      dropoutMask: { data: mask.data.map((kept) => kept / (1 - dropout)), shape: mask.shape.slice(1) },
    };
  }

  function evaluation(clips: readonly number[]): Record<string, Tensor> {
    const targets = integerTensor(clips.map((clip) => labels[clip]));
    const channels = masks.shape[2];
    const ones = (shape: number[]) => ({ data: new Float32Array(shape[0] * (shape[1] ?? 1)).fill(1), shape });
    return {
      logMel: { data: rowsOf(logMel, clips).data, shape: [clips.length, bands, frames] },
      targets,
      partners: targets,
      lambda: ones([clips.length]),
      dropoutMask: ones([clips.length, channels]),
    };
  }

  async function batchOf(mode: string): Promise<TrainingBatch> {
    const batch = fixture.batch[mode];
    const count = steps[batch.step].clips.length;
    const files = await openModelFiles(join(folder, fixture.checkpoint));
    const trunk = efficientAtTrainingGraph(files, { classes, frames, dropout: true });
    const model = extendModel(trunk, (graph) => {
      const [indices, partners] = ['targets', 'partners'].map((name) => graph.input(name, ['n'], 'int64'));
      const lambda = graph.input('lambda', ['n']);
      graph.output('loss', mixedCrossEntropy(graph, { name: 'logits' }, classes, { indices, partners, lambda }), []);
    });
    const trained = listParameters(model)
      .map(({ name }) => name)
      .filter((name) => !/running_(?:mean|var)$/.test(name));
    const takesStatistics = batch.statisticsAfter !== undefined;
    const options = {
      loss: 'loss',
      outputs: ['loss', 'logits'],
      parameters: ['classifier.5.weight', 'classifier.5.bias', ...trained],
      dimensions: { n: count },
      ...(takesStatistics ? { batchStatistics: { momentum: fixture.batchNorm.momentum } } : {}),
    };
    return {
      model,
      options,
      external: files.external,
      inputs: {
        ...inputsOf(batch.step),
        'classifier.5.weight': head.get('classifier.5.weight')!,
        'classifier.5.bias': head.get('classifier.5.bias')!,
      },
      parameter: parametersOf(model, files),
      loss: batch.loss,
      outputs: { logits: batch.logits.flat() },
      gradients: readTensors(join(folder, batch.gradients)),
      rename: (name) => name.replace('checkpoint/', ''),
      zeros: batch.zeroInExactArithmetic,
      ...(takesStatistics ? { statistics: readTensors(join(folder, batch.statisticsAfter)) } : {}),
      limits,
    };
  }

  return { modes: Object.keys(fixture.batch), batch: batchOf, inputsOf, evaluation };
}
