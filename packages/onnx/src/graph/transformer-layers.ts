import type { GraphBuilder, Value } from './graph-builder.js';
import { add, concat, convolution, multiply, relu, reshape, sigmoid, transpose } from './layers.js';

/**
 * The layers of transformers. Hidden states are flat, `[n * tokens, width]`, so that every linear layer is one matrix
 * product over all tokens of all signals (`linear`), which runs at the machine's full rate.
 */

/** The domain of ONNX Runtime's operators, which it has on every backend. */
const runtimeDomain = 'com.microsoft';

/** Weights of a layer norm, `[width]` each. */
export interface NormWeights {
  /** Multiplied by the normalised values. */
  readonly scale: Value;
  /** Added after that. */
  readonly bias: Value;
}

/** Layer norm over the last axis (Ba et al. 2016, arXiv 1607.06450). */
export function layerNorm(graph: GraphBuilder, input: Value, { scale, bias }: NormWeights, epsilon: number): Value {
  return graph.node('LayerNormalization', [input, scale, bias], { attributes: { axis: -1n, epsilon } });
}

/**
 * `sum = left + right` and its layer norm, for `[n, width]`. As two operators: the runtime's fused one takes five times
 * as long on CPUs. It fuses these automatically if they have three dimensions, which is one more reason for flat hidden
 * states.
 */
export function residualLayerNorm(
  graph: GraphBuilder,
  left: Value,
  right: Value,
  weights: NormWeights,
  epsilon: number,
): {
  /** `left + right`. */
  sum: Value;
  /** The layer norm of the sum. */
  normalised: Value;
} {
  const sum = add(graph, left, right);
  return { sum, normalised: layerNorm(graph, sum, weights, epsilon) };
}

/** Activations, by their names in Hugging Face's configs. */
export const activations = [
  'gelu',
  'gelu_python',
  'gelu_fast',
  'gelu_new',
  'gelu_pytorch_tanh',
  'quick_gelu',
  'relu',
] as const;

/** The name of an activation function. */
export type Activation = (typeof activations)[number];

/** Applies an activation: GELU (Hendrycks and Gimpel 2016, arXiv 1606.08415), exact or approximate. */
export function activate(graph: GraphBuilder, input: Value, activation: Activation): Value {
  switch (activation) {
    case 'relu':
      return relu(graph, input);
    case 'quick_gelu':
      return multiply(graph, input, sigmoid(graph, multiply(graph, input, graph.constant(1.702))));
    case 'gelu':
    case 'gelu_python':
      return gelu(graph, input);
    default:
      return fastGelu(graph, input);
  }
}

/**
 * The zero point for quantising an activation's output to 256 steps: no steps are used for values below 0 if there are
 * none, and a quarter if they are small (GELUs end at -0.17).
 */
export function activationZeroPoint(activation: Activation): number {
  return activation === 'relu' ? 0 : 64;
}

/** x Phi(x), Phi the normal distribution function. */
export function gelu(graph: GraphBuilder, input: Value): Value {
  return graph.node('Gelu', [input], { attributes: { approximate: 'none' } });
}

/** 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
export function fastGelu(graph: GraphBuilder, input: Value): Value {
  return graph.node('FastGelu', [input], { domain: runtimeDomain });
}

/** Sizes of multi-head attention. */
export interface AttentionShape {
  /** Tokens per signal. */
  readonly tokens: number;
  /** Values per token. */
  readonly width: number;
  /** Number of heads, with `width / heads` values each. */
  readonly heads: number;
}

/**
 * Multi-head self-attention (Vaswani et al. 2017, arXiv 1706.03762, section 3.2), without its four linear layers:
 * softmax(Q K^T / sqrt(width / heads)) V for each head.
 *
 * @param projected queries, keys and values, each `[n * tokens, width]`
 * @returns `[n * tokens, width]`, the heads next to each other
 */
export function multiHeadAttention(
  graph: GraphBuilder,
  projected: { readonly query: Value; readonly key: Value; readonly value: Value },
  { tokens, width, heads }: AttentionShape,
): Value {
  const inputs = [projected.query, projected.key, projected.value].map((input) =>
    reshape(graph, input, [-1, tokens, width]),
  );
  const attended = graph.node('MultiHeadAttention', inputs, {
    domain: runtimeDomain,
    attributes: { num_heads: BigInt(heads) },
  });
  return reshape(graph, attended, [-1, width]);
}

/** What is done to the scores and shares of attention. */
export interface AttentionChanges {
  /** Added to the scores, such as minus infinity at keys that are padding; broadcasts to `[n, heads, tokens, tokens]`. */
  readonly scoreBias?: Value;
  /** Takes the shares `[n, heads, tokens, tokens]` and returns what the values are weighted with: dropout. */
  readonly shares?: (shares: Value) => Value;
}

/**
 * {@link multiHeadAttention}, written out, so that scores and shares can be changed.
 *
 * @param projected queries, keys and values, each `[n * tokens, width]`
 * @returns `[n * tokens, width]`
 */
export function writtenAttention(
  graph: GraphBuilder,
  projected: { readonly query: Value; readonly key: Value; readonly value: Value },
  { tokens, width, heads }: AttentionShape,
  { scoreBias, shares: change = (shares) => shares }: AttentionChanges,
): Value {
  const byHead = (input: Value, permutation: readonly number[]) =>
    transpose(graph, reshape(graph, input, [-1, tokens, heads, width / heads]), permutation);
  const query = byHead(projected.query, [0, 2, 1, 3]);
  const scaled = multiply(graph, query, graph.constant(1 / Math.sqrt(width / heads)));
  const products = graph.node('MatMul', [scaled, byHead(projected.key, [0, 2, 3, 1])]);
  const scores = scoreBias === undefined ? products : add(graph, products, scoreBias);
  const shares = change(graph.node('Softmax', [scores], { attributes: { axis: -1n } }));
  const attended = graph.node('MatMul', [shares, byHead(projected.value, [0, 2, 1, 3])]);
  return reshape(graph, transpose(graph, attended, [0, 2, 1, 3]), [-1, width]);
}

/** How an image is cut into patches. */
export interface PatchShape {
  /** Height and width of one patch. */
  readonly patch: readonly [number, number];
  /** Step from one patch to the next; default: `patch`, so that they don't overlap. */
  readonly stride?: readonly [number, number];
  /** Values per token. */
  readonly width: number;
}

/**
 * Cuts an image into patches and maps each to a token (Dosovitskiy et al. 2021, arXiv 2010.11929, section 3.1).
 *
 * @param image `[n, channels, height, width]`
 * @param weight `[token width, channels, patch height, patch width]`
 * @returns `[n, tokens, token width]`, row by row of the image
 */
export function patchEmbedding(
  graph: GraphBuilder,
  image: Value,
  weight: Value,
  bias: Value | undefined,
  { patch, stride, width }: PatchShape,
): Value {
  const convolved = convolution(graph, image, weight, patch, {
    stride: stride ?? patch,
    ...(bias === undefined ? {} : { bias }),
  });
  return transpose(graph, reshape(graph, convolved, [0, width, -1]), [0, 2, 1]);
}

/**
 * Puts learnt tokens (class, distillation) in front of the patches and adds the positions.
 *
 * @param patches `[n, patches, width]`
 * @param learnt one `[1, 1, width]` for each learnt token
 * @param positions `[1, learnt + patches, width]`
 * @returns `[n, learnt + patches, width]`
 */
export function embedTokens(
  graph: GraphBuilder,
  patches: Value,
  learnt: readonly Value[],
  positions: Value,
  patchCount: number,
): Value {
  // Prepends zeros and adds all constants at once, so that no shape is needed when the graph runs.
  const pad = (input: Value, before: number, after: number) =>
    graph.node('Pad', [input, graph.integers([0, before, 0, 0, after, 0])]);
  const constant = add(graph, positions, pad(concat(graph, learnt, 1), 0, patchCount));
  return add(graph, pad(patches, learnt.length, 0), constant);
}
