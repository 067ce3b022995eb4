// The batches of Patch-Mix's fixtures of training, by each of its three methods.
import { join } from 'node:path';
import { add, type Tensor, type Value } from '@hearken/onnx';
import { openModelFiles } from '@hearken/onnx/node';
import { crossEntropy, extendModel, listParameters, mixedCrossEntropy, patchMixContrast } from '@hearken/train';
import {
  integerTensor,
  parametersOf,
  type TrainingBatch,
  type TrainingBatches,
} from '../../../tests/support/training-batch.js';
import { type FloatTensor, readJson, readTensors, rowsOf } from '../../../tests/support/training-fixtures.js';
import { patchMixTrainingGraph } from '../src/training-graph.js';

type Bands = readonly (readonly [start: number, count: number])[];

interface Step {
  readonly clips: readonly number[];
  readonly specAugment: readonly { readonly apply: boolean; readonly frequency: Bands; readonly time: Bands }[];
  readonly mix: { readonly index: readonly number[]; readonly patches: readonly number[]; readonly lambda: number };
}

interface Batch {
  readonly loss: number;
  readonly gradients: string;
  readonly values: string;
  readonly zeroInExactArithmetic: readonly string[];
}

interface Case {
  readonly start: string;
  readonly data: string;
  readonly labels: readonly number[];
  readonly classes: readonly string[];
  readonly steps: string;
  readonly classWeights: readonly number[];
  readonly shape: {
    readonly frames: number;
    readonly mels: number;
    readonly stride: number;
    readonly heads: number;
    readonly patches: readonly [number, number];
  };
  readonly batch: Readonly<Record<Method, Batch>>;
  readonly zeroSlices: Readonly<Record<string, readonly [number, number]>>;
}

export type Method = 'ce' | 'patchmix' | 'patchmix_cl';

/** The batches of the fixtures, and the inputs of every step. */
export interface PatchMixBatches extends TrainingBatches {
  /** Augmented clips, targets and mixing of a step. */
  readonly inputsOf: (method: Method, step: number) => Readonly<Record<string, Tensor>>;
  /** Clips as they are, mixed with none. */
  readonly evaluation: (method: Method, clips: readonly number[]) => Readonly<Record<string, Tensor>>;
}

const mixings = { ce: 'none', patchmix: 'patches', patchmix_cl: 'contrast' } as const;
const limits = { loss: 5e-6, outputs: 3e-5, gradients: 1e-4 };

function average(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Fills bands and then frames of a clip `[frames, bands]` with its mean, which is taken anew in between. */
function augment(clip: Float32Array, bands: number, { apply, frequency, time }: Step['specAugment'][number]): void {
  if (!apply) return;
  const frames = clip.length / bands;
  const before = average(clip);
  for (const [start, count] of frequency) {
    for (let frame = 0; frame < frames; frame += 1) {
      clip.fill(before, frame * bands + start, frame * bands + start + count);
    }
  }
  const between = average(clip);
  for (const [start, count] of time) clip.fill(between, start * bands, (start + count) * bands);
}

/** `[n, frames, bands]` to `[n, bands, frames]` */
export function transposed({ data, shape }: FloatTensor): FloatTensor {
  const [count, frames, bands] = shape;
  const found = data.map((_, index) => {
    const [clip, rest] = [Math.floor(index / (frames * bands)), index % (frames * bands)];
    return data[clip * frames * bands + (rest % frames) * bands + Math.floor(rest / frames)];
  });
  return { data: found, shape: [count, bands, frames] };
}

/** @param folder of the fixtures of this family */
export function trainingBatches(folder: string): PatchMixBatches {
  const fixture = readJson<Case>(join(folder, 'case.json'));
  const { labels, shape } = fixture;
  const classes = fixture.classes.length;
  const steps = readJson<Step[]>(join(folder, fixture.steps));
  const all = readTensors(join(folder, fixture.data)).get('fbank')!;

  const patches = shape.patches[0] * shape.patches[1];

  function inputsOf(method: Method, index: number): Record<string, Tensor> {
    const { clips: rows, specAugment, mix } = steps[index];
    const clips = rowsOf(all, rows);
    const size = clips.data.length / rows.length;
    specAugment.forEach((one, row) => {
      augment(clips.data.subarray(row * size, (row + 1) * size), shape.mels, one);
    });
    const targets = rows.map((clip) => labels[clip]);
    const mask = Float32Array.from({ length: patches }, (_, patch) => Number(mix.patches.includes(patch)));
    return inputs(method, clips, targets, { partners: mix.index, mask, lambda: mix.lambda });
  }

  function evaluation(method: Method, clips: readonly number[]): Record<string, Tensor> {
    const targets = clips.map((clip) => labels[clip]);
    const mix = { partners: clips.map((_, place) => place), mask: new Float32Array(patches), lambda: 1 };
    return inputs(method, rowsOf(all, clips), targets, mix);
  }

  function inputs(
    method: Method,
    clips: FloatTensor,
    targets: readonly number[],
    { partners, mask, lambda }: { partners: readonly number[]; mask: Float32Array; lambda: number },
  ): Record<string, Tensor> {
    const plain = { fbank: transposed(clips), targets: integerTensor(targets) };
    if (method === 'ce') return plain;
    const partnerTargets = integerTensor(partners.map((place) => targets[place]));
    return {
      ...plain,
      partners: integerTensor(partners),
      mixedPatches: { data: mask, shape: [mask.length] },
      lambda: { data: Float32Array.of(lambda), shape: [] },
      ...(method === 'patchmix' ? { partnerTargets } : {}),
    };
  }

  async function batchOf(method: Method): Promise<TrainingBatch> {
    const batch = fixture.batch[method];
    const values = readTensors(join(folder, batch.values));
    const files = await openModelFiles(join(folder, fixture.start));
    const { stride, heads } = shape;
    const trunk = patchMixTrainingGraph(files, { classes, mixing: mixings[method], stride, heads });
    const count = steps[0].clips.length;
    let detached: string[] = [];
    const model = extendModel(trunk, (graph) => {
      const logits = { name: 'logits' };
      const indices = graph.input('targets', ['n'], 'int64');
      const losses: Record<Method, () => Value> = {
        ce: () =>
          crossEntropy(graph, logits, classes, { indices }, { classWeights: graph.constant(fixture.classWeights) }),
        patchmix() {
          const partners = graph.input('partnerTargets', ['n'], 'int64');
          const lambda = graph.input('lambda', []);
          return mixedCrossEntropy(graph, logits, classes, { indices, partners, lambda });
        },
        patchmix_cl() {
          const [projection, target] = [{ name: 'projection' }, { name: 'target' }];
          detached = [target.name];
          const mix = { partners: { name: 'partners' }, lambda: graph.input('lambda', []) };
          const contrast = patchMixContrast(graph, projection, target, count, mix);
          return add(graph, crossEntropy(graph, logits, classes, { indices }), contrast);
        },
      };
      graph.output('loss', losses[method](), []);
    });
    const head = ['classifier.0.weight', 'classifier.0.bias', 'classifier.1.weight', 'classifier.1.bias'];
    const projector = ['linear1', 'bn', 'linear2'].flatMap((name) =>
      ['weight', 'bias'].map((part) => `projector.${name}.${part}`),
    );
    const isContrast = method === 'patchmix_cl';
    const outputs = [...values.keys()].filter((name) => !name.startsWith('after.'));
    const options = {
      loss: 'loss',
      outputs: ['loss', ...outputs],
      parameters: [...head, ...(isContrast ? projector : []), ...listParameters(model).map(({ name }) => name)],
      dimensions: { n: count, frames: shape.frames },
      detached,
      ...(isContrast ? { batchStatistics: { momentum: 0.1 } } : {}),
    };
    const stored = async (name: string) => {
      const entry = files.checkpoint.tensors.get(name)!;
      return [name, { data: await files.readFloat32(entry), shape: entry.shape }] as const;
    };
    const given = isContrast ? [...head, ...projector, 'projector.bn.running_mean', 'projector.bn.running_var'] : head;
    return {
      model,
      options,
      external: files.external,
      inputs: {
        ...inputsOf(method, 0),
        ...Object.fromEntries(await Promise.all(given.map(stored))),
      },
      parameter: parametersOf(model, files),
      loss: batch.loss,
      outputs: Object.fromEntries(outputs.map((name) => [name, values.get(name)!.data])),
      gradients: readTensors(join(folder, batch.gradients)),
      rename: (name) => name.replace('checkpoint/', 'model.'),
      zeros: batch.zeroInExactArithmetic,
      zeroSlices: fixture.zeroSlices,
      statistics: new Map(
        [...values].map(([name, value]) => [name.replace('after.bn.', 'projector.bn.'), value] as const),
      ),
      limits,
    };
  }

  return { modes: Object.keys(mixings), batch: (mode) => batchOf(mode as Method), inputsOf, evaluation };
}
