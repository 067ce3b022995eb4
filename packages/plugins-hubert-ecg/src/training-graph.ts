import {
  type Checkpoint,
  divide,
  type Dimension,
  GraphBuilder,
  linear,
  mean,
  type ModelFiles,
  multiply,
  reshape,
  sum,
  type Value,
  weight,
} from '@hearken/onnx';
import { addEncoder } from './graph.js';
import { positionalNames } from './positional-weight.js';
import { windowSamples } from './preprocessing/preprocess.js';
import { chooseSizes, findConfig, selectEncoder, type Sizes } from './sizes.js';

/** What a training graph of HuBERT-ECG has besides its trunk. */
export interface HubertEcgTrainingOptions {
  /** Number of labels: outputs of the new head. */
  readonly labels: number;
  /** Places whose values are dropped; default: none. See `HubertEcgTrainingGraph.masks`. */
  readonly dropout?: HubertEcgDropout;
  /** Whether records may be shorter than a window: `tokenMask` then says which tokens are valid. Default: no. */
  readonly padding?: boolean;
  /** Whether layers may be skipped: `keptLayers` then says which are not. Default: no. */
  readonly layerDrop?: boolean;
}

/** The three kinds of dropout, which the authors' code sets in three places. */
export interface HubertEcgDropout {
  /** Of the shares of attention. */
  readonly attention?: boolean;
  /** Of the features, the encoder's input, and the outputs of blocks. */
  readonly modules?: boolean;
  /** Of the head's input. */
  readonly classifier?: boolean;
}

/** An input of a training graph that multiplies values: 0 drops one, 1 / (1 - p) keeps it. */
export interface DropoutMask {
  /** The input's name, such as `dropout/layer0.attention`. */
  readonly name: string;
  /** Its sizes; `n` is the batch. */
  readonly shape: readonly Dimension[];
}

/** HuBERT-ECG from a prepared window to logits, to be trained. */
export interface HubertEcgTrainingGraph {
  /**
   * Serialised ONNX model. Inputs: `signal` `[n, 6000]`, the head as `classifier.weight` `[labels, width]` and
   * `classifier.bias`, the masks, `tokenMask` `[n, tokens]` (1 for valid tokens, else 0) and `keptLayers` `[layers]` (1,
   * or 0 for a skipped one). Output: `logits` `[n, labels]`. Weights are in the checkpoint, as `checkpoint/<name>`.
   */
  readonly model: Uint8Array<ArrayBuffer>;
  /** The masks that `dropout` asks for. */
  readonly masks: readonly DropoutMask[];
}

/**
 * Builds the graph that is fine-tuned: the trunk of a checkpoint and a new linear head on the mean token.
 *
 * @throws CheckpointError for a checkpoint of something else
 */
export function hubertEcgTrainingGraph(files: ModelFiles, options: HubertEcgTrainingOptions): HubertEcgTrainingGraph {
  const encoder = selectEncoder(files.checkpoint);
  return trainingGraph(encoder, chooseSizes(encoder, findConfig(files.checkpoint, files.config)), options);
}

/** The same for an encoder that was chosen before. */
export function trainingGraph(
  encoder: Checkpoint,
  sizes: Sizes,
  options: HubertEcgTrainingOptions,
): HubertEcgTrainingGraph {
  const { width, tokens, heads, intermediate } = sizes;
  const { dropout = {}, padding = false, layerDrop = false, labels } = options;
  const graph = new GraphBuilder('hubert-ecg-training');
  const masks: DropoutMask[] = [];
  const dropped = (isDropped: boolean | undefined, value: Value, place: string, shape: readonly Dimension[]) => {
    if (isDropped !== true) return value;
    const name = `dropout/${place}`;
    masks.push({ name, shape });
    const mask = graph.input(name, shape);
    // Hidden states are flat, masks are not.
    const isFlat = shape.length === 3;
    return multiply(graph, value, isFlat ? reshape(graph, mask, [-1, Number(shape[2])]) : mask);
  };
  const flat = (place: string, size = width) =>
    [place, ['n', tokens, size]] as const satisfies readonly [string, readonly Dimension[]];
  const tokenMask = padding ? graph.input('tokenMask', ['n', tokens]) : undefined;
  const keptLayers = layerDrop ? graph.input('keptLayers', [sizes.layers]) : undefined;
  const signal = graph.input('signal', ['n', windowSamples]);
  const encoded = addEncoder(graph, signal, { encoder, sizes }, positionalWeight(graph, encoder, sizes), {
    projected(value) {
      const kept = dropped(dropout.modules, value, ...flat('featureProjection'));
      return tokenMask === undefined ? kept : multiply(graph, kept, reshape(graph, tokenMask, [-1, 1]));
    },
    embedded: (value) => dropped(dropout.modules, value, ...flat('encoder')),
    dropsAttention: dropout.attention === true,
    drop(value, place, layer) {
      const name = `layer${layer}.${place}`;
      if (place === 'attention') return dropped(dropout.attention, value, name, ['n', heads, tokens, tokens]);
      return dropped(dropout.modules, value, ...flat(name, place === 'intermediate' ? intermediate : width));
    },
    ...(tokenMask === undefined ? {} : { scoreBias: scoresOf(graph, tokenMask, tokens) }),
    ...(keptLayers === undefined ? {} : { keep: (...values) => keptOutput(graph, keptLayers, ...values) }),
  });
  const byToken = reshape(graph, encoded, [-1, tokens, width]);
  const pooled = tokenMask === undefined ? mean(graph, byToken, [1]) : meanOfValid(graph, byToken, tokenMask, tokens);
  const input = dropped(dropout.classifier, pooled, 'classifier', ['n', width]);
  const head = linear(
    graph,
    input,
    graph.input('classifier.weight', [labels, width]),
    graph.input('classifier.bias', [labels]),
  );
  graph.output('logits', head, ['n', labels]);
  return { model: graph.build(), masks };
}

/** The weight of the positional convolution, normalised in the graph, so that what is stored can be trained. */
function positionalWeight(graph: GraphBuilder, encoder: Checkpoint, sizes: Sizes): Value {
  const { width, positions } = sizes;
  const { weight: plain, magnitude, direction } = positionalNames(encoder);
  const named = (name: string, shape: readonly number[]) =>
    weight(graph, encoder, name, shape, `this model (${width} wide)`);
  const shape = [width, width / positions.groups, positions.kernel];
  if (plain !== undefined) return named(plain, shape);
  const [lengths, vectors] = [named(magnitude, [1, 1, positions.kernel]), named(direction, shape)];
  const squares = sum(graph, multiply(graph, vectors, vectors), [0, 1], true);
  return multiply(graph, vectors, divide(graph, lengths, graph.node('Sqrt', [squares])));
}

/** Minus infinity at the keys of padding: `[n, 1, 1, tokens]`. */
function scoresOf(graph: GraphBuilder, tokenMask: Value, tokens: number): Value {
  const isValid = graph.node('Greater', [reshape(graph, tokenMask, [-1, 1, 1, tokens]), graph.constant(0.5)]);
  return graph.node('Where', [isValid, graph.constant(0), graph.constant(-Infinity)]);
}

/** A layer's output, or its input where it is skipped. */
function keptOutput(graph: GraphBuilder, keptLayers: Value, input: Value, output: Value, layer: number): Value {
  const kept = graph.node('Gather', [keptLayers, graph.integers([layer])], { attributes: { axis: 0n } });
  return graph.node('Where', [graph.node('Greater', [kept, graph.constant(0.5)]), output, input]);
}

/** The mean over valid tokens: `[n, tokens, width]` to `[n, width]`. */
function meanOfValid(graph: GraphBuilder, encoded: Value, tokenMask: Value, tokens: number): Value {
  const kept = multiply(graph, encoded, reshape(graph, tokenMask, [-1, tokens, 1]));
  return divide(graph, sum(graph, kept, [1]), sum(graph, tokenMask, [1], true));
}
