import {
  batchNorm,
  type Dimension,
  GraphBuilder,
  layerNorm,
  linear,
  mean,
  mixPatches,
  type ModelFiles,
  relu,
  reshape,
  slice,
  type Value,
} from '@hearken/onnx';
import { encode } from './graph.js';
import { type AstCheckpoint, findAst } from './layout.js';
import { chooseSizes, type Sizes } from './sizes.js';

/** The epsilon of PyTorch's batch norm, which the projector has. */
const batchNormEpsilon = 1e-5;

/** What a training graph of Patch-Mix or AST has besides its trunk. */
export interface PatchMixTrainingOptions {
  /** Outputs of the new head. */
  readonly classes: number;
  /**
   * `none`: logits of the examples. `patches`: of examples with patches of others. `contrast`: logits of the examples,
   * and the projection of the mixed ones for a contrastive loss.
   */
  readonly mixing: 'none' | 'patches' | 'contrast';
  /** Bands and frames from one patch to the next, and attention heads, if the checkpoint doesn't show them. */
  readonly stride?: number;
  /** Attention heads. */
  readonly heads?: number;
}

/**
 * Builds the graph that is fine-tuned: the transformer of a checkpoint, without its front end, and a new head: layer
 * norm and linear layer. Inputs: `fbank` `[n, bands, frames]`, the output of the front end, as long as the checkpoint has
 * positions for; `classifier.0.weight` `[width]`, `classifier.0.bias`, `classifier.1.weight` `[classes, width]` and
 * `classifier.1.bias`. With mixing also `mixedPatches` `[patches]` (1 where a patch is taken from the partner, else 0)
 * and `partners`, int64 `[n]`, places in the batch. With contrast also the projector, `projector.linear1.weight` and so
 * on. Outputs: `features` `[n, width]`, `logits` `[n, classes]`; with contrast `mixedFeatures`, `projection`, and
 * `target`, the features again, which a loss detaches. Weights are in the checkpoint, as `checkpoint/<name>`; queries, keys and
 * values are one matrix if they are stored so.
 *
 * @returns a serialised ONNX model
 * @throws CheckpointError for a checkpoint of something else; OptionError for sizes that it doesn't show
 */
export function patchMixTrainingGraph(
  files: ModelFiles,
  { classes, mixing, stride, heads }: PatchMixTrainingOptions,
): Uint8Array<ArrayBuffer> {
  const ast = findAst(files.checkpoint);
  const sizes = chooseSizes(ast, files.config, { stride, heads });
  return trainingGraph({ ast, sizes, times: sizes.storedTimes, frames: 'frames' }, { classes, mixing });
}

/** An opened checkpoint, and the length of its examples. */
export interface TrainingParts {
  readonly ast: AstCheckpoint;
  readonly sizes: Sizes;
  /** Patches along time. */
  readonly times: number;
  /** Frames of an example. */
  readonly frames: Dimension;
  /** Positions `[2 + patches, width]`, if those of the checkpoint are for another length. */
  readonly positions?: Float32Array | undefined;
}

/** The name in the graph of positions for another length than the checkpoint's. */
export function positionsName({ names }: AstCheckpoint): string {
  return `checkpoint/${names.positions}/constant_0`;
}

/** The same for a checkpoint that was opened before. */
export function trainingGraph(
  { ast, sizes, times, frames, positions }: TrainingParts,
  { classes, mixing }: Pick<PatchMixTrainingOptions, 'classes' | 'mixing'>,
): Uint8Array<ArrayBuffer> {
  const { width, bands, frequencies } = sizes;
  const graph = new GraphBuilder('patchmix-training');
  // Once and first, so that they have the same name in every variant.
  const placed = positions && graph.constant(positions, [1, 2 + frequencies * times, width], ast.names.positions);
  const fbank = graph.input('fbank', ['n', bands, frames]);
  const image = reshape(graph, fbank, [0, 1, bands, -1]);
  const features = (mix?: (patches: Value) => Value) => {
    const encoded = encode(graph, image, {
      ...{ ast, sizes, preparation: { times }, isStacked: true, mix },
      ...(placed && { positions: placed }),
    });
    const byToken = reshape(graph, encoded, [-1, 2 + frequencies * times, width]);
    return mean(graph, slice(graph, byToken, 1, 0, 2), [1]);
  };
  const mix = mixing === 'none' ? undefined : mixerOf(graph, frequencies * times);
  const plain = features(mixing === 'patches' ? mix : undefined);
  graph.output('features', plain, ['n', width]);
  graph.output('logits', classify(graph, plain, sizes, classes), ['n', classes]);
  if (mixing === 'contrast') {
    const mixed = features(mix);
    graph.output('mixedFeatures', mixed, ['n', width]);
    graph.output('projection', project(graph, mixed, width), ['n', width]);
    graph.output('target', graph.node('Identity', [plain]), ['n', width]);
  }
  return graph.build();
}

function mixerOf(graph: GraphBuilder, patches: number): (value: Value) => Value {
  const mask = graph.input('mixedPatches', [patches]);
  const partners = graph.input('partners', ['n'], 'int64');
  return (value) => mixPatches(graph, value, mask, partners);
}

function classify(graph: GraphBuilder, features: Value, { width, headNormEpsilon }: Sizes, classes: number): Value {
  const norm = {
    scale: graph.input('classifier.0.weight', [width]),
    bias: graph.input('classifier.0.bias', [width]),
  };
  const weight = graph.input('classifier.1.weight', [classes, width]);
  const normalised = layerNorm(graph, features, norm, headNormEpsilon);
  return linear(graph, normalised, weight, graph.input('classifier.1.bias', [classes]));
}

/** Linear layer, batch norm, ReLU, linear layer. */
function project(graph: GraphBuilder, features: Value, width: number): Value {
  const named = (name: string, shape: readonly number[]) => graph.input(`projector.${name}`, shape);
  const layer = (name: string, value: Value) =>
    linear(graph, value, named(`${name}.weight`, [width, width]), named(`${name}.bias`, [width]));
  const first = layer('linear1', features);
  const norm = {
    scale: named('bn.weight', [width]),
    bias: named('bn.bias', [width]),
    mean: named('bn.running_mean', [width]),
    variance: named('bn.running_var', [width]),
  };
  return layer('linear2', relu(graph, batchNorm(graph, first, norm, batchNormEpsilon)));
}
