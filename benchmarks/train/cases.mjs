// The training steps that are measured: full-size models with random weights, the same as in `perf_train.py`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openModelFiles } from '@hearken/onnx/node';
import { binaryCrossEntropy, crossEntropy, differentiate, extendModel, listParameters } from '@hearken/train';
import { testSignal } from '../measure.mjs';
import { writeRandomWeights } from '../random-weights.mjs';
import { encoderOperations, hearSizes, hearTensors, patchmixTensors } from '../vit-layout.mjs';

/**
 * @typedef {object} TrainingCase
 * @property {string} name as `perf_train.py` calls it
 * @property {string} what
 * @property {number} batch clips in a step
 * @property {number} target our time over PyTorch's
 * @property {() => Promise<{ tensors: object[], graph: (files: object) => Uint8Array }>} model its layers' sizes and its graph
 * @property {readonly string[]} heads parameters that are not in the checkpoint
 * @property {object} inputs shapes of the inputs but parameters and targets
 * @property {number} classes
 * @property {boolean} [multilabel]
 * @property {object} [options] of `differentiate`
 * @property {object} [optimiser] default: Adam
 * @property {number} [operations] floating-point operations of a step in matrix products and convolutions
 * @property {readonly number[]} [product] rows, inner size and columns of its most frequent matrix product
 * @property {(name: string) => boolean} [isTrained] by the parameter's name; default: all
 */

/**
 * Floating-point operations of HuBERT-ECG's forward pass per clip of 93 tokens: convolutions over 1498 frames and fewer,
 * the positional one in 16 groups, the layers.
 */
function hubertOperations({ layers, width }) {
  const tokens = 93;
  const convolutions = 512 * (10 * 1498 + 512 * (3 * 748 + 3 * 373 + 2 * 186 + 2 * tokens));
  const others = tokens * width * (512 + (128 * width) / 16);
  return 2 * (convolutions + others) + encoderOperations({ layers, width, intermediate: 4 * width, tokens });
}

const hubert = (size, target, shape) => ({
  name: `ecg-${size}`,
  what: `HuBERT-ECG ${size}`,
  batch: 8,
  target,
  async model() {
    const { publishedTensors, hubertEcgTrainingGraph } = await import('@hearken/plugin-hubert-ecg');
    const graph = (files) => hubertEcgTrainingGraph(files, { labels: 5 }).model;
    return { tensors: publishedTensors(size), graph };
  },
  heads: ['classifier.weight', 'classifier.bias'],
  inputs: { signal: [6000] },
  classes: 5,
  multilabel: true,
  optimiser: { kind: 'adamw', betas: [0.9, 0.98], epsilon: 1e-9 },
  // The backward pass has two products for each of the forward pass.
  operations: 3 * 8 * hubertOperations(shape),
  product: [8 * 93, shape.width, 4 * shape.width],
});

const efficientat = (width) => ({
  name: `mn${width}`,
  what: `EfficientAT mn${width}, 10 s`,
  batch: 8,
  target: 0.8,
  async model() {
    const { publishedTensors, efficientAtTrainingGraph } = await import('@hearken/plugin-efficientat');
    const graph = (files) => efficientAtTrainingGraph(files, { model: `mn${width}_as`, classes: 50, frames: 1000 });
    return { tensors: publishedTensors(`mn${width}_as`), graph };
  },
  heads: ['classifier.5.weight', 'classifier.5.bias'],
  inputs: { logMel: [128, 1000] },
  classes: 50,
  options: { batchStatistics: { momentum: 0.01 } },
  isTrained: (name) => !/running_(?:mean|var)$/.test(name),
});

/** @type {readonly TrainingCase[]} */
export const trainingCases = [
  hubert('small', 0.95, { layers: 8, width: 512 }),
  hubert('base', 0.95, { layers: 12, width: 768 }),
  {
    name: 'ast-base',
    what: 'AST base, 950 tokens',
    batch: 2,
    target: 1,
    async model() {
      const { patchMixTrainingGraph } = await import('@hearken/plugin-patchmix');
      const graph = (files) => patchMixTrainingGraph(files, { classes: 4, mixing: 'none' });
      return { tensors: patchmixTensors(), graph };
    },
    heads: ['classifier.0.weight', 'classifier.0.bias', 'classifier.1.weight', 'classifier.1.bias'],
    inputs: { fbank: [128, 798] },
    classes: 4,
    options: { dimensions: { frames: 798 } },
    operations: 3 * 2 * encoderOperations({ layers: 12, width: 768, intermediate: 3072, tokens: 950 }),
    product: [2 * 950, 768, 3072],
  },
  efficientat('04'),
  efficientat('10'),
  {
    name: 'hear-2-blocks',
    what: 'HeAR ViT-L, head and last 2 blocks',
    batch: 8,
    target: 0.9,
    async model() {
      const { hearTrainingGraph } = await import('@hearken/plugin-hear');
      return { tensors: hearTensors(), graph: (files) => hearTrainingGraph(files, { classes: 5 }) };
    },
    heads: ['head.weight', 'head.bias'],
    inputs: { image: [192, 128] },
    classes: 5,
    optimiser: { kind: 'adamw' },
    operations: 8 * (encoderOperations(hearSizes) + 2 * encoderOperations({ ...hearSizes, layers: 2 })),
    product: [8 * 97, 1024, 4096],
    isTrained: (name) => /encoder\.layer\.2[23]\.|checkpoint\/(?:layernorm|pooler)\./.test(name),
  },
];

const sizeOf = (shape) => shape.reduce((product, size) => product * size, 1);

/** The training graph of a case, with values for all of its inputs. The folder of its weights is deleted by `dispose`. */
export async function prepareCase({
  model,
  batch,
  heads,
  inputs,
  classes,
  multilabel = false,
  options,
  isTrained = () => true,
}) {
  const folder = mkdtempSync(join(tmpdir(), 'hearken-bench-'));
  const path = join(folder, 'model.safetensors');
  const { tensors, graph: build } = await model();
  await writeRandomWeights(path, tensors);
  const files = await openModelFiles(path);
  const trunk = build(files);
  const targets = multilabel
    ? {
        data: Float32Array.from({ length: batch * classes }, (_, index) => Number(index % 3 === 0)),
        shape: [batch, classes],
      }
    : { data: BigInt64Array.from({ length: batch }, (_, index) => BigInt(index % classes)), shape: [batch] };
  const withLoss = extendModel(trunk, (graph) => {
    const value = graph.input('targets', multilabel ? ['n', classes] : ['n'], multilabel ? 'float32' : 'int64');
    const loss = multilabel
      ? binaryCrossEntropy(graph, { name: 'logits' }, value)
      : crossEntropy(graph, { name: 'logits' }, classes, { indices: value });
    graph.output('loss', loss, []);
  });
  const stored = new Map(listParameters(withLoss).map((parameter) => [parameter.name, parameter]));
  const training = differentiate(withLoss, {
    loss: 'loss',
    parameters: [...heads, ...[...stored.keys()].filter(isTrained)],
    ...options,
    dimensions: { n: batch, ...options?.dimensions },
  });
  const clips = { targets };
  for (const [name, shape] of Object.entries(inputs)) {
    clips[name] = { data: testSignal(batch * sizeOf(shape)), shape: [batch, ...shape] };
  }
  const shapes = new Map([...training.parameters, ...training.statistics].map(({ name, shape }) => [name, shape]));
  /** The initial value of a parameter or of statistics. */
  const initial = async (name) => {
    const external = stored.get(name)?.external;
    return external === undefined
      ? testSignal(sizeOf(shapes.get(name))).map((value) => 0.1 * value)
      : files.readFloat32(external);
  };
  const dispose = () => rmSync(folder, { recursive: true, force: true });
  return { training, batch: clips, initial, external: files.external, dispose };
}
