import {
  add,
  divide,
  GraphBuilder,
  matmul,
  mean,
  multiply,
  relu,
  subtract,
  sum,
  transpose,
  type Value,
} from '@hearken/onnx';
import { probeOutput } from '../outputs/registry.js';
import { type MlpShape, parameterSpecs } from './parameters.js';

const batchNormEpsilon = 1e-5;
const batchNormMomentum = 0.1;
const adam = { beta1: 0.9, beta2: 0.999 };

/** What the backward pass needs from a hidden layer's forward pass. */
interface HiddenLayer {
  /** Input of the layer: `[b, inputs]` for the first, `[inputs, b]` after it. */
  readonly input: Value;
  readonly activated: Value;
  readonly norm?: BatchNorm;
}

/**
 * One training step of the MLP probe as a graph: forward, backward, Adam (Kingma and Ba 2015, with PyTorch's epsilon).
 *
 * Activations are stored feature-major, `[features, b]`: then batch norm's statistics are sums along rows, its scale
 * and shift are columns, and no product needs a transposed copy.
 *
 * Inputs: `embeddings` `[b, inputs]`, `targets` `[b, outputs]`, `mask0`.. `[hiddenDimension, b]` (0, or 1 / (1 -
 * dropout)), scalars `stepSize`, `epsilon` (both corrected for Adam's bias, see {@link adamScalars}) and `unbias` (b /
 * (b - 1)), each parameter `p`, and for trained ones Adam's moments `p/m` and `p/v`. Outputs: their next values, named
 * `next/p`, `next/p/m`, `next/p/v`.
 */
export function trainingGraph(shape: MlpShape, dropout: number): Uint8Array {
  const graph = new GraphBuilder('mlp-training-step');
  const embeddings = graph.input('embeddings', ['b', shape.inputs]);
  const targets = graph.input('targets', ['b', shape.outputs]);
  const scalars = {
    stepSize: graph.input('stepSize', []),
    epsilon: graph.input('epsilon', []),
    unbias: graph.input('unbias', []),
  };
  const parameters = new Map<string, Value>();
  for (const spec of parameterSpecs(shape)) parameters.set(spec.name, graph.input(spec.name, spec.shape));
  const parameter = (name: string) => parameters.get(name)!;
  const masks = Array.from({ length: dropout > 0 ? shape.hiddenLayers : 0 }, (_, layer) =>
    graph.input(`mask${layer}`, [shape.hiddenDimension, 'b']),
  );
  const carried = new Map<string, Value>();

  // Forward.
  const layers: HiddenLayer[] = [];
  let hidden = embeddings;
  for (let layer = 0; layer < shape.hiddenLayers; layer += 1) {
    const input = hidden;
    const product = timesInput(graph, parameter(`hidden${layer}.weight`), input, layer);
    const norm =
      shape.hiddenNorm === 'batch' ? batchNorm(graph, product, layer, parameter, scalars.unbias, carried) : undefined;
    hidden = relu(graph, norm?.output ?? add(graph, product, parameter(`hidden${layer}.bias`)));
    if (dropout > 0) hidden = multiply(graph, hidden, masks[layer]);
    layers.push({ input, activated: hidden, norm });
  }
  const logits = add(
    graph,
    timesInput(graph, parameter('projection.weight'), hidden, shape.hiddenLayers),
    parameter('projection.bias'),
  );

  // Backward.
  const gradients = new Map<string, Value>();
  const count = rowCount(graph, targets);
  let delta = lossGradient(graph, shape, logits, transpose(graph, targets, [1, 0]), count);
  gradients.set('projection.weight', timesInputTransposed(graph, delta, hidden, shape.hiddenLayers));
  gradients.set('projection.bias', sum(graph, delta, [1], true));
  let weight = parameter('projection.weight');
  for (let layer = shape.hiddenLayers - 1; layer >= 0; layer -= 1) {
    const { input, activated, norm } = layers[layer];
    const upstream = graph.node('Gemm', [weight, delta], { attributes: { transA: 1n } });
    // A unit passes on its gradient if it was positive and not dropped; the mask's factor is applied later, where
    // arrays are small.
    delta = multiply(graph, upstream, isPositive(graph, activated));
    const maskScale = graph.constant(1 / (1 - dropout));
    if (norm !== undefined) {
      const gradient = batchNormGradient(graph, delta, norm, maskScale, count);
      gradients.set(`hidden${layer}.scale`, gradient.scale);
      gradients.set(`hidden${layer}.shift`, gradient.shift);
      delta = gradient.input;
    } else {
      if (dropout > 0) delta = multiply(graph, delta, maskScale);
      gradients.set(`hidden${layer}.bias`, sum(graph, delta, [1], true));
    }
    gradients.set(`hidden${layer}.weight`, timesInputTransposed(graph, delta, input, layer));
    weight = parameter(`hidden${layer}.weight`);
  }

  for (const spec of parameterSpecs(shape)) {
    const gradient = gradients.get(spec.name);
    if (gradient === undefined) {
      graph.output(`next/${spec.name}`, carried.get(spec.name)!, spec.shape);
    } else {
      adamUpdate(graph, spec.name, spec.shape, parameter(spec.name), gradient, scalars);
    }
  }
  return graph.build();
}

/** 1 if an activation is over 0, else 0: the runtime's Sign, Greater and Where take several times as long. */
function isPositive(graph: GraphBuilder, input: Value): Value {
  return graph.node('HardSigmoid', [input], { attributes: { alpha: 1e30, beta: 0 } });
}

/** `weight @ input`, whichever way the layer's input is stored. */
function timesInput(graph: GraphBuilder, weight: Value, input: Value, layer: number): Value {
  return layer === 0
    ? graph.node('Gemm', [weight, input], { attributes: { transB: 1n } })
    : matmul(graph, weight, input);
}

/** `delta @ input^T`: the gradient of a layer's weight. */
function timesInputTransposed(graph: GraphBuilder, delta: Value, input: Value, layer: number): Value {
  return layer === 0 ? matmul(graph, delta, input) : graph.node('Gemm', [delta, input], { attributes: { transB: 1n } });
}

/** What the backward pass needs from a batch norm. Columns are `[hiddenDimension, 1]`. */
interface BatchNorm {
  /** The input minus its mean over the batch: `[hiddenDimension, b]`. */
  readonly centred: Value;
  /** Columns: 1 over the standard deviation, and that times the scale. */
  readonly inverseDeviation: Value;
  readonly factor: Value;
}

/**
 * Batch norm in small operations, because the runtime's fused LayerNormalization over `[features, b]` takes about twice
 * as long. Only the centred input is stored: normalised values would be another pass over the activations.
 */
function batchNorm(
  graph: GraphBuilder,
  input: Value,
  layer: number,
  parameter: (name: string) => Value,
  unbias: Value,
  carried: Map<string, Value>,
): BatchNorm & { readonly output: Value } {
  const batchMean = mean(graph, input, [1], true);
  const centred = subtract(graph, input, batchMean);
  const variance = mean(graph, multiply(graph, centred, centred), [1], true);
  const deviation = graph.node('Sqrt', [add(graph, variance, graph.constant(batchNormEpsilon))]);
  const inverseDeviation = graph.node('Reciprocal', [deviation]);
  const factor = multiply(graph, inverseDeviation, parameter(`hidden${layer}.scale`));
  const output = add(graph, multiply(graph, centred, factor), parameter(`hidden${layer}.shift`));

  // PyTorch keeps a running mean and an unbiased running variance for evaluation.
  const follow = (name: string, value: Value) => {
    const key = `hidden${layer}.${name}`;
    const kept = multiply(graph, parameter(key), graph.constant(1 - batchNormMomentum));
    carried.set(key, add(graph, kept, multiply(graph, value, graph.constant(batchNormMomentum))));
  };
  follow('runningMean', batchMean);
  follow('runningVariance', multiply(graph, variance, unbias));
  return { centred, inverseDeviation, factor, output };
}

/**
 * Ioffe and Szegedy 2015, section 3: the gradient through the batch's own mean and variance. With c the centred input
 * and s its inverse deviation it is `factor * (delta - mean(delta) - c s^2 mean(delta c))`.
 * `delta` lacks the factor `maskScale`; all of this is linear in it, so it is multiplied into the columns.
 *
 * @param count rows of the batch
 */
function batchNormGradient(
  graph: GraphBuilder,
  delta: Value,
  { centred, inverseDeviation, factor }: BatchNorm,
  maskScale: Value,
  count: Value,
): { readonly scale: Value; readonly shift: Value; readonly input: Value } {
  const sumOfDelta = sum(graph, delta, [1], true);
  const sumOfProduct = multiply(graph, sum(graph, multiply(graph, delta, centred), [1], true), inverseDeviation);
  const along = divide(graph, multiply(graph, sumOfProduct, inverseDeviation), count);
  const away = subtract(graph, delta, multiply(graph, centred, along));
  return {
    scale: multiply(graph, sumOfProduct, maskScale),
    shift: multiply(graph, sumOfDelta, maskScale),
    input: multiply(graph, subtract(graph, away, divide(graph, sumOfDelta, count)), multiply(graph, factor, maskScale)),
  };
}

/** Rows of the batch, as a float. */
function rowCount(graph: GraphBuilder, targets: Value): Value {
  const rows = graph.node('Shape', [targets], { attributes: { start: 0n, end: 1n } });
  return graph.node('Cast', [rows], { attributes: { to: 1n } });
}

/**
 * Gradient of the mean loss with respect to the logits `[outputs, b]`: cross entropy over labels, binary cross entropy
 * averaged over labels, or for regression the averaged squared error.
 */
function lossGradient(graph: GraphBuilder, shape: MlpShape, logits: Value, targets: Value, count: Value): Value {
  const output = probeOutput(shape);
  const answers = output.activation(graph, logits, 0n);
  const terms = output.lossTerms(graph, count, shape.outputs);
  return divide(graph, subtract(graph, answers, targets), terms);
}

/** The moments are stored divided by (1 - beta), which saves a pass over each. */
function adamUpdate(
  graph: GraphBuilder,
  name: string,
  shape: readonly number[],
  value: Value,
  gradient: Value,
  scalars: { stepSize: Value; epsilon: Value },
): void {
  const moment = (key: string, beta: number, term: Value) => {
    const before = graph.input(`${name}/${key}`, shape);
    const after = add(graph, multiply(graph, before, graph.constant(beta)), term);
    graph.output(`next/${name}/${key}`, after, shape);
    return after;
  };
  const first = moment('m', adam.beta1, gradient);
  const second = moment('v', adam.beta2, multiply(graph, gradient, gradient));
  const denominator = add(graph, graph.node('Sqrt', [second]), scalars.epsilon);
  const step = multiply(graph, divide(graph, first, denominator), scalars.stepSize);
  graph.output(`next/${name}`, subtract(graph, value, step), shape);
}

/**
 * The scalars of Adam's step `step` (from 1). PyTorch computes
 * `lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + 1e-8)`; with the graph's M = m / (1 - beta1) and
 * V = v / (1 - beta2) that is `stepSize * M / (sqrt(V) + epsilon)`.
 */
export function adamScalars(learningRate: number, step: number): { stepSize: number; epsilon: number } {
  const correction1 = 1 - adam.beta1 ** step;
  const correction2 = Math.sqrt(1 - adam.beta2 ** step);
  const root = Math.sqrt(1 - adam.beta2);
  return {
    stepSize: ((learningRate / correction1) * (1 - adam.beta1) * correction2) / root,
    epsilon: (1e-8 * correction2) / root,
  };
}
