// The batches of HeAR's fixtures of training, with and without adapters.
import { join } from 'node:path';
import type { Tensor } from '@hearken/onnx';
import { openModelFiles } from '@hearken/onnx/node';
import { addLowRankAdapters, crossEntropy, extendModel, listParameters } from '@hearken/train';
import {
  integerTensor,
  parametersOf,
  type TrainingBatch,
  type TrainingBatches,
} from '../../../tests/support/training-batch.js';
import { readJson, readTensors, rowsOf } from '../../../tests/support/training-fixtures.js';
import { hearTrainingGraph } from '../src/training-graph.js';

interface Batch {
  readonly indices: readonly number[];
  readonly loss: number;
  readonly logits: readonly (readonly number[])[];
  readonly gradients: string;
  readonly zeroInExactArithmetic: readonly string[];
}

interface Case {
  readonly checkpoint: string;
  readonly data: string;
  readonly labels: readonly number[];
  readonly classes: number;
  readonly head: string;
  readonly adaptersInitial: string;
  readonly rank: number;
  readonly alpha: number;
  readonly adapterModules: readonly string[];
  readonly shape: { readonly layers: number };
  readonly batch: Readonly<Record<string, Batch>>;
}

/** The batches of the fixtures, and the inputs of others. */
export interface HearBatches extends TrainingBatches {
  /** Images and targets of some clips. */
  readonly inputsOf: (clips: readonly number[]) => Readonly<Record<string, Tensor>>;
}

const limits = { loss: 5e-6, outputs: 3e-5, gradients: 2e-5 };

/** @param folder of the fixtures of this family */
export function trainingBatches(folder: string): HearBatches {
  const fixture = readJson<Case>(join(folder, 'case.json'));
  const { classes, labels, rank, alpha } = fixture;
  const images = readTensors(join(folder, fixture.data)).get('melPcen')!;
  const head = readTensors(join(folder, fixture.head));
  const initial = readTensors(join(folder, fixture.adaptersInitial));

  function inputsOf(clips: readonly number[]): Record<string, Tensor> {
    const rows = rowsOf(images, clips);
    return {
      image: { data: rows.data, shape: [rows.shape[0], ...rows.shape.slice(2)] },
      targets: integerTensor(clips.map((clip) => labels[clip])),
    };
  }

  async function batchOf(mode: string): Promise<TrainingBatch> {
    const batch = fixture.batch[mode];
    const files = await openModelFiles(join(folder, fixture.checkpoint));
    const trunk = hearTrainingGraph(files, { classes });
    const matrices = mode.includes('lora') ? fixture.adapterModules.map((module) => `checkpoint/${module}.weight`) : [];
    const { model, adapters } = addLowRankAdapters(trunk, { matrices, rank, scale: alpha / rank });
    const withLoss = extendModel(model, (graph) => {
      const indices = graph.input('targets', ['n'], 'int64');
      graph.output('loss', crossEntropy(graph, { name: 'logits' }, classes, { indices }), []);
    });
    const last = new RegExp(`^checkpoint/(?:encoder\\.layer\\.${fixture.shape.layers - 1}|layernorm|pooler)\\.`);
    const names = listParameters(withLoss).map(({ name }) => name);
    const adapted = adapters.flatMap(({ down, up }) => [down.name, up.name]);
    const options = {
      loss: 'loss',
      outputs: ['loss', 'logits'],
      parameters: [
        'head.weight',
        'head.bias',
        ...adapted,
        ...(mode.startsWith('last-block') ? names.filter((name) => last.test(name)) : []),
      ],
      dimensions: { n: batch.indices.length },
    };
    return {
      model: withLoss,
      options,
      external: files.external,
      inputs: {
        ...inputsOf(batch.indices),
        'head.weight': head.get('weight')!,
        'head.bias': head.get('bias')!,
        ...Object.fromEntries(adapted.map((name) => [name, initial.get(name)!])),
      },
      parameter: parametersOf(withLoss, files),
      loss: batch.loss,
      outputs: { logits: batch.logits.flat() },
      gradients: readTensors(join(folder, batch.gradients)),
      rename: (name) => name.replace('checkpoint/', ''),
      zeros: batch.zeroInExactArithmetic,
      limits,
    };
  }

  return { modes: Object.keys(fixture.batch), batch: batchOf, inputsOf };
}
