import {
  add,
  divide,
  GraphBuilder,
  matmul,
  mean,
  multiply,
  relu,
  sigmoid,
  subtract,
  sum,
  transpose,
  type Value,
} from '@hearken/onnx';
import { type MlpShape, parameterSpecs } from './parameters.js';

const batchNormEpsilon = 1e-5;
const batchNormMomentum = 0.1;
const adam = { beta1: 0.9, beta2: 0.999 };

/** What the backward pass needs of a hidden layer's forward pass. */
interface HiddenLayer {
  /** Input of the layer: `[b, inputs]` for the first, `[inputs, b]` after it. */
  readonly input: Value;
  readonly activated: Value;
  readonly normalised?: Value;
  readonly inverseDeviation?: Value;
}

/**
 * One training step of the MLP probe as a graph: forward, backward, Adam (Kingma and Ba 2015, with PyTorch's epsilon).
 *
 * Activations are kept feature-major, `[features, b]`: then batch norm over the batch is the runtime's fused layer
 * norm over the last axis, its statistics are sums along rows, and no product needs a transposed copy.
 *
 * Inputs: `embeddings` `[b, inputs]`, `targets` `[b, outputs]`, `mask0`.. `[hiddenDimension, b]` (0, or
 * 1 / (1 - dropout)), scalars `stepSize`, `epsilon` (both corrected for Adam's bias, see {@link adamScalars}) and `unbias`
 * (b / (b - 1)), each parameter `p`, and for trained ones Adam's moments `p/m` and `p/v`. Outputs: their next values,
 * named `next/p`, `next/p/m`, `next/p/v`.
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
    let normalised: Value | undefined;
    let inverseDeviation: Value | undefined;
    let shifted: Value;
    if (shape.hiddenNorm === 'batch') {
      const norm = batchNorm(graph, product, layer, parameter, scalars.unbias, carried);
      ({ normalised, inverseDeviation } = norm);
      shifted = norm.output;
    } else {
      shifted = add(graph, product, parameter(`hidden${layer}.bias`));
    }
    hidden = relu(graph, shifted);
    if (dropout > 0) hidden = multiply(graph, hidden, masks[layer]);
    layers.push({ input, activated: hidden, normalised, inverseDeviation });
  }
  const logits = add(
    graph,
    timesInput(graph, parameter('projection.weight'), hidden, shape.hiddenLayers),
    parameter('projection.bias'),
  );

  // Backward.
  const gradients = new Map<string, Value>();
  let delta = lossGradient(graph, shape, logits, transpose(graph, targets, [1, 0]));
  gradients.set('projection.weight', timesInputTransposed(graph, delta, hidden, shape.hiddenLayers));
  gradients.set('projection.bias', sum(graph, delta, [1], true));
  let weight = parameter('projection.weight');
  for (let layer = shape.hiddenLayers - 1; layer >= 0; layer -= 1) {
    const { input, activated, normalised, inverseDeviation } = layers[layer];
    const upstream = graph.node('Gemm', [weight, delta], { attributes: { transA: 1n } });
    // A unit passes its gradient where it was positive and kept; what the mask scales it by follows further on, where
    // arrays are small.
    delta = multiply(graph, upstream, isPositive(graph, activated));
    const maskScale = 1 / (1 - dropout);
    if (normalised !== undefined && inverseDeviation !== undefined) {
      const norm = { normalised, inverseDeviation, maskScale };
      delta = batchNormGradient(graph, delta, norm, layer, parameter, gradients);
    } else {
      if (maskScale !== 1) delta = multiply(graph, delta, graph.constant(maskScale));
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

/** 1 where an activation is over 0, else 0: the runtime's Sign, Greater and Where take several times as long. */
function isPositive(graph: GraphBuilder, input: Value): Value {
  return graph.node('HardSigmoid', [input], { attributes: { alpha: 1e30, beta: 0 } });
}

/** `weight @ input`, whichever way round the layer's input lies. */
function timesInput(graph: GraphBuilder, weight: Value, input: Value, layer: number): Value {
  return layer === 0
    ? graph.node('Gemm', [weight, input], { attributes: { transB: 1n } })
    : matmul(graph, weight, input);
}

/** `delta @ input^T`: the gradient of a layer's weight. */
function timesInputTransposed(graph: GraphBuilder, delta: Value, input: Value, layer: number): Value {
  return layer === 0 ? matmul(graph, delta, input) : graph.node('Gemm', [delta, input], { attributes: { transB: 1n } });
}

function batchNorm(
  graph: GraphBuilder,
  input: Value,
  layer: number,
  parameter: (name: string) => Value,
  unbias: Value,
  carried: Map<string, Value>,
) {
  const [normalised, batchMean, inverseDeviation] = graph.nodes('LayerNormalization', [input, graph.constant([1])], 3, {
    attributes: { axis: -1n, epsilon: batchNormEpsilon },
  });
  const scaled = multiply(graph, normalised, parameter(`hidden${layer}.scale`));
  const output = add(graph, scaled, parameter(`hidden${layer}.shift`));

  // PyTorch keeps a running mean and an unbiased running variance for evaluation.
  const squared = multiply(graph, inverseDeviation, inverseDeviation);
  const variance = subtract(graph, graph.node('Reciprocal', [squared]), graph.constant(batchNormEpsilon));
  const follow = (name: string, value: Value) => {
    const key = `hidden${layer}.${name}`;
    const kept = multiply(graph, parameter(key), graph.constant(1 - batchNormMomentum));
    carried.set(key, add(graph, kept, multiply(graph, value, graph.constant(batchNormMomentum))));
  };
  follow('runningMean', batchMean);
  follow('runningVariance', multiply(graph, variance, unbias));
  return { normalised, inverseDeviation, output };
}

/**
 * Ioffe and Szegedy 2015, section 3: the gradient through the batch's own mean and variance.
 * `delta` lacks the factor `maskScale`; all of this is linear in it.
 */
function batchNormGradient(
  graph: GraphBuilder,
  delta: Value,
  norm: { normalised: Value; inverseDeviation: Value; maskScale: number },
  layer: number,
  parameter: (name: string) => Value,
  gradients: Map<string, Value>,
): Value {
  const { normalised, inverseDeviation } = norm;
  const maskScale = graph.constant(norm.maskScale);
  const product = multiply(graph, delta, normalised);
  gradients.set(`hidden${layer}.scale`, multiply(graph, sum(graph, product, [1], true), maskScale));
  gradients.set(`hidden${layer}.shift`, multiply(graph, sum(graph, delta, [1], true), maskScale));
  const along = multiply(graph, normalised, mean(graph, product, [1], true));
  const centred = subtract(graph, subtract(graph, delta, along), mean(graph, delta, [1], true));
  const factor = multiply(graph, inverseDeviation, parameter(`hidden${layer}.scale`));
  return multiply(graph, centred, multiply(graph, factor, maskScale));
}

/** Gradient of the mean loss by the logits `[outputs, b]`: cross entropy over labels, or binary ones averaged. */
function lossGradient(graph: GraphBuilder, shape: MlpShape, logits: Value, targets: Value): Value {
  const multiclass = shape.predictionType === 'multiclass';
  const probabilities = multiclass
    ? graph.node('Softmax', [logits], { attributes: { axis: 0n } })
    : sigmoid(graph, logits);
  const count = graph.node('Cast', [graph.node('Shape', [targets], { attributes: { start: 1n, end: 2n } })], {
    attributes: { to: 1n },
  });
  const terms = multiclass ? count : multiply(graph, count, graph.constant(shape.outputs));
  return divide(graph, subtract(graph, probabilities, targets), terms);
}

/** The moments are kept divided by (1 - beta), which saves a pass over each. */
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
