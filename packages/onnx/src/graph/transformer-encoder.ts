import type { GraphBuilder, Value } from './graph-builder.js';
import { linearLayers } from './quantized-linear.js';
import { add } from './layers.js';
import {
  activate,
  activationZeroPoint,
  layerNorm,
  multiHeadAttention,
  residualLayerNorm,
  writtenAttention,
  type Activation,
  type AttentionShape,
  type NormWeights,
} from './transformer-layers.js';
import type { LinearWeights } from './weights.js';

/** The weights of a layer of a transformer encoder, without its projections to queries, keys and values. */
export interface EncoderBlocks {
  /** Layer norm of the attention block. */
  readonly attentionNorm: NormWeights;
  /** Projection of the joined heads, width to width. */
  readonly attentionOutput: LinearWeights;
  /** Layer norm of the feed-forward block. */
  readonly feedForwardNorm: NormWeights;
  /** From the width to the wider hidden layer. */
  readonly intermediate: LinearWeights;
  /** From the wider hidden layer back to the width. */
  readonly output: LinearWeights;
}

/** The weights of one layer of a transformer encoder. */
export interface EncoderLayer extends EncoderBlocks {
  /** Projection to queries, width to width. */
  readonly query: LinearWeights;
  /** Projection to keys, width to width. */
  readonly key: LinearWeights;
  /** Projection to values, width to width. */
  readonly value: LinearWeights;
}

/** The same with one projection to queries, keys and values. */
export interface StackedEncoderLayer extends EncoderBlocks {
  /** From the width to three times the width: queries, keys, values. */
  readonly queryKeyValue: LinearWeights;
}

/** Settings shared by all layers of an encoder. */
export interface EncoderShape extends AttentionShape {
  /** The activation between the two layers of the feed-forward block. */
  readonly activation: Activation;
  /** Added to the variance in layer norms. */
  readonly normEpsilon: number;
}

/** Places of dropout in an encoder's layer. */
export type DropoutPlace =
  /** The shares of attention, `[n, heads, tokens, tokens]`. */
  | 'attention'
  /** The output of the attention block, `[n * tokens, width]`. */
  | 'attentionOutput'
  /** The activations of the feed-forward block, `[n * tokens, intermediate]`. */
  | 'intermediate'
  /** The output of the feed-forward block, `[n * tokens, width]`. */
  | 'output';

/** What an encoder does only in training. */
export interface EncoderTraining {
  /** Drops some of the values at a place of a layer (from 0); returns the value itself if none are. */
  readonly drop?: (value: Value, place: DropoutPlace, layer: number) => Value;
  /** Whether shares of attention are dropped: attention is then written out. */
  readonly dropsAttention?: boolean;
  /** Added to the scores of attention, see `AttentionChanges`. */
  readonly scoreBias?: Value;
  /** Chooses the output of a layer: its input, if the layer is skipped. Of post-norm encoders only. */
  readonly keep?: (input: Value, output: Value, layer: number) => Value;
}

/**
 * A pre-norm transformer encoder, as in vision transformers (Dosovitskiy et al. 2021, arXiv 2010.11929, equations 2 to
 * 4): x + attention(norm(x)), then x + feedForward(norm(x)), layer after layer, and a final norm.
 *
 * @param hidden `[n * tokens, width]`
 * @returns `[n * tokens, width]`, normalised
 */
export function preNormEncoder(
  graph: GraphBuilder,
  hidden: Value,
  layers: readonly (EncoderLayer | StackedEncoderLayer)[],
  finalNorm: NormWeights,
  shape: EncoderShape,
  training: EncoderTraining = {},
): Value {
  const { normEpsilon } = shape;
  let sum = hidden;
  // What the next norm has to add first: an addition and the following norm are one operator.
  let pending: Value | undefined;
  const normalise = (weights: NormWeights): Value => {
    if (pending === undefined) return layerNorm(graph, sum, weights, normEpsilon);
    const both = residualLayerNorm(graph, sum, pending, weights, normEpsilon);
    sum = both.sum;
    return both.normalised;
  };
  for (const [index, layer] of layers.entries()) {
    pending = attentionBlock(graph, normalise(layer.attentionNorm), layer, shape, training, index);
    pending = feedForwardBlock(graph, normalise(layer.feedForwardNorm), layer, shape.activation, training, index);
  }
  return normalise(finalNorm);
}

/**
 * A post-norm transformer encoder, as in the first transformer, BERT and HuBERT: norm(x + attention(x)), then
 * norm(x + feedForward(x)). `attentionNorm` and `feedForwardNorm` are the norms after these two.
 *
 * @param hidden `[n * tokens, width]`
 * @returns the output of every layer, `[n * tokens, width]` each
 */
export function postNormEncoder(
  graph: GraphBuilder,
  hidden: Value,
  layers: readonly (EncoderLayer | StackedEncoderLayer)[],
  shape: EncoderShape,
  training: EncoderTraining = {},
): Value[] {
  let current = hidden;
  const normalise = (change: Value, weights: NormWeights) =>
    layerNorm(graph, add(graph, current, change), weights, shape.normEpsilon);
  return layers.map((layer, index) => {
    const input = current;
    current = normalise(attentionBlock(graph, current, layer, shape, training, index), layer.attentionNorm);
    const changed = feedForwardBlock(graph, current, layer, shape.activation, training, index);
    current = normalise(changed, layer.feedForwardNorm);
    current = training.keep?.(input, current, index) ?? current;
    return current;
  });
}

function attentionBlock(
  graph: GraphBuilder,
  input: Value,
  layer: EncoderLayer | StackedEncoderLayer,
  shape: AttentionShape,
  { drop = (value) => value, dropsAttention = false, scoreBias }: EncoderTraining = {},
  index = 0,
): Value {
  const [query, key, value] =
    'queryKeyValue' in layer
      ? stackedProjections(graph, input, layer, shape.width)
      : linearLayers(graph, input, [layer.query, layer.key, layer.value]);
  const projected = { query, key, value };
  const attended =
    dropsAttention || scoreBias !== undefined
      ? writtenAttention(graph, projected, shape, {
          scoreBias,
          ...(dropsAttention ? { shares: (shares) => drop(shares, 'attention', index) } : {}),
        })
      : multiHeadAttention(graph, projected, shape);
  return drop(linearLayers(graph, attended, [layer.attentionOutput])[0], 'attentionOutput', index);
}

function stackedProjections(
  graph: GraphBuilder,
  input: Value,
  { queryKeyValue }: StackedEncoderLayer,
  width: number,
): Value[] {
  const [all] = linearLayers(graph, input, [queryKeyValue]);
  return graph.nodes('Split', [all, graph.integers([width, width, width])], 3, { attributes: { axis: 1n } });
}

function feedForwardBlock(
  graph: GraphBuilder,
  input: Value,
  layer: EncoderBlocks,
  activation: Activation,
  { drop = (value) => value }: EncoderTraining = {},
  index = 0,
): Value {
  const inner = activate(graph, linearLayers(graph, input, [layer.intermediate])[0], activation);
  const kept = drop(inner, 'intermediate', index);
  return drop(linearLayers(graph, kept, [layer.output], activationZeroPoint(activation))[0], 'output', index);
}
