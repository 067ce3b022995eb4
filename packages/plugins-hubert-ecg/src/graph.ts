import {
  activate,
  add,
  type Checkpoint,
  convolution,
  type EncoderLayer,
  type EncoderTraining,
  GraphBuilder,
  layerNorm,
  linear,
  linearWeights,
  type MatrixSource,
  mean,
  type NormWeights,
  postNormEncoder,
  preNormEncoder,
  reshape,
  slice,
  transpose,
  type Value,
  weight,
} from '@hearken/onnx';
import { addHead, type HeadWeights } from './head-weights.js';
import type { HubertEcgOptions } from './options.js';
import { addPreprocessing, recordShape } from './preprocessing-graph/preprocess.js';
import { windowSamples } from './preprocessing/preprocess.js';
import type { Sizes } from './sizes.js';

/** Epsilon of the norms after convolutions, which the config does not contain. */
const convolutionEpsilon = 1e-5;

/** The network's weights: where they are, and how they are added to a graph. */
export interface NetworkWeights {
  readonly encoder: Checkpoint;
  readonly sizes: Sizes;
  /** `[width, width / groups, kernel]` */
  readonly positional: Float32Array;
  /** How the matrices of the transformer's layers are added to the graph; default: as stored. */
  readonly matrices?: MatrixSource;
  /** If given, the logits of this head are the graph's `embedding`. */
  readonly head?: HeadWeights;
}

/** A weight of the encoder by name and shape. */
type WeightSource = (name: string, shape: readonly number[]) => Value;

/**
 * The network, Hugging Face's `HubertModel` (Hsu et al. 2021, arXiv 2106.07447), as one graph: `signal` `[n, 6000]`,
 * the preprocessed window, to `embedding` `[n, width]`, the mean over its tokens, and `tokens` `[n, tokens, width]`.
 * Weights stay in the checkpoint, except for the positional convolution's.
 *
 * @throws CheckpointError for a tensor that is missing or has another shape
 */
export function buildGraph(weights: NetworkWeights): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder('hubert-ecg');
  addNetwork(graph, graph.input('signal', ['n', windowSamples]), weights);
  return graph.build();
}

/**
 * Preprocessing and network as one graph: `signal` `[n, channels, samples]`, 5 s of an unprocessed record, to the
 * outputs of {@link buildGraph}.
 *
 * @throws like {@link buildGraph}
 */
export function buildWholeGraph(weights: NetworkWeights, options: HubertEcgOptions): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder('hubert-ecg');
  const signal = graph.input('signal', ['n', ...recordShape(options)]);
  addNetwork(graph, addPreprocessing(graph, signal, options), weights);
  return graph.build();
}

/** What the network does only in training; see `EncoderTraining` for its transformer. */
export interface NetworkTraining extends EncoderTraining {
  /** Changes the projected features `[n * tokens, width]`: dropout, and zeros at padding. */
  readonly projected?: (value: Value) => Value;
  /** Changes what goes into the first layer, `[n * tokens, width]`: dropout. */
  readonly embedded?: (value: Value) => Value;
}

/** @param window `[n, 6000]` */
function addNetwork(graph: GraphBuilder, window: Value, weights: NetworkWeights): void {
  const { sizes, positional } = weights;
  const { width, tokens, positions } = sizes;
  const shape = [width, width / positions.groups, positions.kernel];
  const positionalWeight = graph.constant(positional, shape, 'pos_conv_embed');
  const encoded = reshape(graph, addEncoder(graph, window, weights, positionalWeight), [-1, tokens, width]);
  // The scene embedding is the first output, as for every model.
  const pooled = mean(graph, encoded, [1]);
  const head = weights.head;
  graph.output('embedding', head === undefined ? pooled : addHead(graph, pooled, head), ['n', head?.size ?? width]);
  graph.output('tokens', encoded, ['n', tokens, width]);
}

/**
 * The network up to its tokens.
 *
 * @param window `[n, 6000]`
 * @param positional weight of the positional convolution, `[width, width / groups, kernel]`
 * @returns `[n * tokens, width]`
 */
export function addEncoder(
  graph: GraphBuilder,
  window: Value,
  weights: Omit<NetworkWeights, 'positional' | 'head'>,
  positional: Value,
  training: NetworkTraining = {},
): Value {
  const { encoder, sizes } = weights;
  const need = `this model (${sizes.layers} layers, ${sizes.width} wide)`;
  const named: WeightSource = (name, shape) => weight(graph, encoder, name, shape, need);
  const features = extractFeatures(graph, reshape(graph, window, [-1, 1, windowSamples]), sizes, named);
  const plain = projectFeatures(graph, features, sizes, named);
  const projected = training.projected?.(plain) ?? plain;
  const positioned = add(graph, projected, embedPositions(graph, projected, positional, sizes, named));
  const layers = Array.from({ length: sizes.layers }, (_, index) => encoderLayer(graph, index, weights, named));
  return encode(graph, positioned, layers, sizes, named, training);
}

/** The convolutions over time: `[n, 1, samples]` to `[n, channels, tokens]`. */
function extractFeatures(graph: GraphBuilder, signal: Value, sizes: Sizes, named: WeightSource): Value {
  let current = signal;
  let inputs = 1;
  for (const [index, { outputs, kernel, stride }] of sizes.convolutions.entries()) {
    const prefix = `feature_extractor.conv_layers.${index}`;
    const bias = sizes.convolutionBias ? { bias: named(`${prefix}.conv.bias`, [outputs]) } : {};
    const weights = named(`${prefix}.conv.weight`, [outputs, inputs, kernel]);
    current = convolution(graph, current, weights, [kernel], { stride: [stride], ...bias });
    if (sizes.convolutionNorm === 'layer') {
      const norm = normWeights(named, `${prefix}.layer_norm`, outputs);
      const normalised = layerNorm(graph, transpose(graph, current, [0, 2, 1]), norm, convolutionEpsilon);
      current = transpose(graph, normalised, [0, 2, 1]);
    } else if (index === 0) {
      const { scale, bias: shift } = normWeights(named, `${prefix}.layer_norm`, outputs);
      // A group norm with one group per channel.
      current = graph.node('InstanceNormalization', [current, scale, shift], {
        attributes: { epsilon: convolutionEpsilon },
      });
    }
    current = activate(graph, current, sizes.convolutionActivation);
    inputs = outputs;
  }
  return current;
}

/** `[n, channels, tokens]` to `[n * tokens, width]`. */
function projectFeatures(graph: GraphBuilder, features: Value, sizes: Sizes, named: WeightSource): Value {
  const channels = sizes.convolutions[sizes.convolutions.length - 1].outputs;
  const flat = reshape(graph, transpose(graph, features, [0, 2, 1]), [-1, channels]);
  const norm = () => normWeights(named, 'feature_projection.layer_norm', channels);
  const normalised = sizes.projectionNorm ? layerNorm(graph, flat, norm(), sizes.normEpsilon) : flat;
  const prefix = 'feature_projection.projection';
  const weights = named(`${prefix}.weight`, [sizes.width, channels]);
  return linear(graph, normalised, weights, named(`${prefix}.bias`, [sizes.width]));
}

/** A convolution over tokens whose output encodes positions: `[n * tokens, width]` to the same. */
function embedPositions(
  graph: GraphBuilder,
  hidden: Value,
  weights: Value,
  { width, tokens, positions: { kernel, groups }, convolutionActivation }: Sizes,
  named: WeightSource,
): Value {
  const overTime = transpose(graph, reshape(graph, hidden, [-1, tokens, width]), [0, 2, 1]);
  const convolved = convolution(graph, overTime, weights, [kernel], {
    padding: [Math.floor(kernel / 2)],
    groups,
    bias: named('encoder.pos_conv_embed.conv.bias', [width]),
  });
  // An even kernel makes one token too many.
  const trimmed = kernel % 2 === 0 ? slice(graph, convolved, 2, 0, -1) : convolved;
  return reshape(graph, transpose(graph, activate(graph, trimmed, convolutionActivation), [0, 2, 1]), [-1, width]);
}

/** The transformer: `[n * tokens, width]` to the same. */
function encode(
  graph: GraphBuilder,
  hidden: Value,
  layers: readonly EncoderLayer[],
  sizes: Sizes,
  named: WeightSource,
  training: NetworkTraining,
): Value {
  const norm = normWeights(named, 'encoder.layer_norm', sizes.width);
  const embedded = (value: Value) => training.embedded?.(value) ?? value;
  if (sizes.preNorm) return preNormEncoder(graph, embedded(hidden), layers, norm, sizes, training);
  const normalised = embedded(layerNorm(graph, hidden, norm, sizes.normEpsilon));
  const outputs = postNormEncoder(graph, normalised, layers, sizes, training);
  return outputs[outputs.length - 1];
}

function encoderLayer(
  graph: GraphBuilder,
  index: number,
  { encoder, sizes: { width, intermediate, layers }, matrices }: Omit<NetworkWeights, 'positional' | 'head'>,
  named: WeightSource,
): EncoderLayer {
  const prefix = `encoder.layers.${index}`;
  const need = `this model (${layers} layers, ${width} wide)`;
  const layer = (name: string, inputs: number, outputs: number) =>
    linearWeights(graph, encoder, `${prefix}.${name}`, { inputs, outputs, need, matrices });
  return {
    attentionNorm: normWeights(named, `${prefix}.layer_norm`, width),
    query: layer('attention.q_proj', width, width),
    key: layer('attention.k_proj', width, width),
    value: layer('attention.v_proj', width, width),
    attentionOutput: layer('attention.out_proj', width, width),
    feedForwardNorm: normWeights(named, `${prefix}.final_layer_norm`, width),
    intermediate: layer('feed_forward.intermediate_dense', width, intermediate),
    output: layer('feed_forward.output_dense', intermediate, width),
  };
}

function normWeights(named: WeightSource, prefix: string, width: number): NormWeights {
  return { scale: named(`${prefix}.weight`, [width]), bias: named(`${prefix}.bias`, [width]) };
}
