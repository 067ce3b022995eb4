// The batches of EfficientAT's fixtures of training: with the batch's statistics and with the running ones.
import { join } from 'node:path';
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

interface Step {
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

const limits = { loss: 5e-6, outputs: 3e-5, gradients: 2e-4 };

/** Each example mixed with its partner. */
function mixed({ data, shape }: FloatTensor, { mixWith, lambda }: Step): Float32Array {
  const size = data.length / shape[0];
  return data.map((value, index) => {
    const [row, place] = [Math.floor(index / size), index % size];
    return lambda[row] * value + (1 - lambda[row]) * data[mixWith[row] * size + place];
  });
}

/** @param folder of the fixtures of this family */
export function trainingBatches(folder: string): TrainingBatches {
  const fixture = readJson<Case>(join(folder, 'case.json'));
  const { classes, labels, dropout } = fixture;
  const steps = readJson<Step[]>(join(folder, fixture.steps));
  const logMel = readTensors(join(folder, fixture.data)).get('logMel')!;
  const head = readTensors(join(folder, fixture.head));
  const masks = readTensors(join(folder, fixture.dropoutMasks)).get('masks')!;

  async function batchOf(mode: string): Promise<TrainingBatch> {
    const batch = fixture.batch[mode];
    const step = steps[batch.step];
    const count = step.clips.length;
    const files = await openModelFiles(join(folder, fixture.checkpoint));
    const [, , bands, frames] = logMel.shape;
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
    const mask = rowsOf(masks, [batch.step]);
    const targets = step.clips.map((clip) => labels[clip]);
    return {
      model,
      options,
      external: files.external,
      inputs: {
        logMel: { data: mixed(rowsOf(logMel, step.clips), step), shape: [count, bands, frames] },
        targets: integerTensor(targets),
        partners: integerTensor(step.mixWith.map((place) => targets[place])),
        lambda: { data: Float32Array.from(step.lambda), shape: [count] },
        dropoutMask: { data: mask.data.map((kept) => kept / (1 - dropout)), shape: mask.shape.slice(1) },
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

  return { modes: Object.keys(fixture.batch), batch: batchOf };
}
