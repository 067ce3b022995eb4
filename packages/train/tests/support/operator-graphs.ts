import {
  add,
  concat,
  divide,
  fastGelu,
  gelu,
  type GraphBuilder,
  layerNorm,
  linear,
  matmul,
  multiply,
  relu,
  reshape,
  slice,
  subtract,
  sum,
  transpose,
  type Value,
} from '@hearken/onnx';
import { attentionGraph } from './attention-graphs.js';
import { lossGraphs } from './loss-graphs.js';
import { numberOf, numbersOf, type OperatorCase, type OperatorGraph, wholeNumbers } from './operator-case.js';

const unary: Readonly<Record<string, (graph: GraphBuilder, x: Value, one: OperatorCase) => Value>> = {
  exp: (graph, x) => graph.node('Exp', [x]),
  log: (graph, x) => graph.node('Log', [x]),
  sqrt: (graph, x) => graph.node('Sqrt', [x]),
  reciprocal: (graph, x) => graph.node('Reciprocal', [x]),
  erf: (graph, x) => graph.node('Erf', [x]),
  square: (graph, x) => graph.node('Pow', [x, graph.constant(2)]),
  clip: (graph, x, one) =>
    graph.node('Clip', [x, graph.constant(numberOf(one, 'min')), graph.constant(numberOf(one, 'max'))]),
};
const binary = { add, subtract, multiply, divide };
const reductions = { mean: 'ReduceMean', sum: 'ReduceSum', max: 'ReduceMax' };

function activation(type: string): OperatorGraph {
  return (graph, { x }) => graph.node(type, [x]);
}

const convolution: OperatorGraph = (graph, { x, weight, bias }, one) =>
  graph.node('Conv', [x, weight, bias], {
    attributes: {
      strides: wholeNumbers(one, 'strides'),
      dilations: wholeNumbers(one, 'dilations'),
      pads: wholeNumbers(one, 'pads'),
      group: BigInt(numberOf(one, 'group')),
    },
  });

const normAxis: OperatorGraph = (graph, { x }, one) =>
  graph.node(one.op === 'softmax' ? 'Softmax' : 'LogSoftmax', [x], {
    attributes: { axis: BigInt(numberOf(one, 'axis')) },
  });

/** v scaled to length g, the length over all axes but `dim`. */
function weightNorm(
  graph: GraphBuilder,
  { weight_g: g, weight_v: v }: Readonly<Record<string, Value>>,
  one: OperatorCase,
) {
  const axes = one.inputs.weight_v.map((_, axis) => axis).filter((axis) => axis !== numberOf(one, 'dim'));
  const length = graph.node('Sqrt', [sum(graph, multiply(graph, v, v), axes, true)]);
  return multiply(graph, v, divide(graph, g, length));
}

/** How each operator of the fixtures is written with ONNX's operators. */
export const operatorGraphs: Readonly<Record<string, OperatorGraph>> = {
  ...lossGraphs,
  linear(graph, { x, weight, bias }, one) {
    const shape = one.inputs.x;
    const rows = linear(graph, reshape(graph, x, [-1, shape[shape.length - 1]]), weight, bias);
    return reshape(graph, rows, one.output);
  },
  gemm: (graph, { a, b, c }, one) =>
    graph.node('Gemm', [a, b, c], {
      attributes: {
        transA: BigInt(numberOf(one, 'transA')),
        transB: BigInt(numberOf(one, 'transB')),
        alpha: numberOf(one, 'alpha'),
        beta: numberOf(one, 'beta'),
      },
    }),
  matmul: (graph, { a, b }) => matmul(graph, a, b),
  conv1d: convolution,
  conv2d: convolution,
  convTranspose: (graph, { x, weight, bias }, one) =>
    graph.node('ConvTranspose', [x, weight, bias], {
      attributes: {
        strides: wholeNumbers(one, 'strides'),
        dilations: wholeNumbers(one, 'dilations'),
        pads: wholeNumbers(one, 'pads'),
        output_padding: wholeNumbers(one, 'output_padding'),
        group: BigInt(numberOf(one, 'group')),
      },
    }),
  layerNorm: (graph, { x, weight, bias }, one) =>
    layerNorm(graph, x, { scale: weight, bias }, numberOf(one, 'epsilon')),
  groupNorm(graph, { x, weight, bias }, one) {
    const attributes = { epsilon: numberOf(one, 'epsilon') };
    const groups = numberOf(one, 'groups');
    if (groups === one.inputs.x[1]) return graph.node('InstanceNormalization', [x, weight, bias], { attributes });
    return graph.node('GroupNormalization', [x, weight, bias], {
      attributes: { ...attributes, num_groups: BigInt(groups) as never },
    });
  },
  batchNorm: (graph, { x, weight, bias, runningMean, runningVar }, one) =>
    graph.node('BatchNormalization', [x, weight, bias, runningMean, runningVar], {
      attributes: { epsilon: numberOf(one, 'epsilon') },
    }),
  softmax: normAxis,
  logSoftmax: normAxis,
  gelu: (graph, { x }) => gelu(graph, x),
  geluTanh: (graph, { x }) => fastGelu(graph, x),
  silu: (graph, { x }) => multiply(graph, x, graph.node('Sigmoid', [x])),
  relu: (graph, { x }) => relu(graph, x),
  hardswish: activation('HardSwish'),
  hardsigmoid: (graph, { x }) => graph.node('HardSigmoid', [x], { attributes: { alpha: 1 / 6, beta: 0.5 } }),
  sigmoid: activation('Sigmoid'),
  tanh: activation('Tanh'),
  unary: (graph, { x }, one) => unary[String(one.attributes.function)](graph, x, one),
  reduce: (graph, { x }, one) =>
    graph.node(
      reductions[one.attributes.function as keyof typeof reductions],
      [x, graph.integers(numbersOf(one, 'axes'))],
      { attributes: { keepdims: BigInt(numberOf(one, 'keepdims')) } },
    ),
  pool2d: (graph, { x }, one) =>
    graph.node(one.attributes.function === 'max' ? 'MaxPool' : 'AveragePool', [x], {
      attributes: {
        kernel_shape: wholeNumbers(one, 'kernel'),
        strides: wholeNumbers(one, 'strides'),
        pads: wholeNumbers(one, 'pads'),
      },
    }),
  broadcast: (graph, { a, b }, one) => binary[one.attributes.function as keyof typeof binary](graph, a, b),
  slice: (graph, { x }, one) =>
    graph.node('Slice', [
      x,
      ...['starts', 'ends', 'axes', 'steps'].map((name) => graph.integers(numbersOf(one, name))),
    ]),
  concat: (graph, inputs, one) => {
    const times = (one.attributes.repeat as number | undefined) ?? 1;
    const parts = Object.values(inputs).flatMap((value) => new Array<Value>(times).fill(value));
    return concat(graph, parts, numberOf(one, 'axis'));
  },
  gather: (graph, { x }, one) =>
    graph.node('Gather', [x, graph.integers(numbersOf(one, 'indices'))], {
      attributes: { axis: BigInt(numberOf(one, 'axis')) },
    }),
  transpose: (graph, { x }, one) => transpose(graph, x, numbersOf(one, 'perm')),
  reshape: (graph, { x }, one) => reshape(graph, x, numbersOf(one, 'shape')),
  expand: (graph, { x }, one) => graph.node('Expand', [x, graph.integers(numbersOf(one, 'shape'))]),
  pad: (graph, { x }, one) =>
    graph.node('Pad', [x, graph.integers(numbersOf(one, 'pads'))], {
      attributes: { mode: String(one.attributes.mode) },
    }),
  dropout: (graph, { x, mask }, one) =>
    multiply(graph, multiply(graph, x, mask), graph.constant(1 / (1 - numberOf(one, 'p')))),
  weightNorm,
  positionalConvolution(graph, inputs, one) {
    const weight = weightNorm(graph, inputs, { ...one, attributes: { dim: numberOf(one, 'dim') } });
    const convolved = graph.node('Conv', [inputs.x, weight, inputs.bias], {
      attributes: { pads: wholeNumbers(one, 'pads'), group: BigInt(numberOf(one, 'group')) },
    });
    return gelu(graph, slice(graph, convolved, 2, 0, -1));
  },
  attention: attentionGraph,
  resizeBilinear(graph, { x }, one) {
    const size = [...one.inputs.x.slice(0, 2), ...numbersOf(one, 'size')];
    return graph.node('Resize', [x, undefined, undefined, graph.integers(size)], {
      attributes: { mode: 'linear', coordinate_transformation_mode: 'half_pixel' },
    });
  },
  lowRank(graph, { x, weight, bias, lora_A: a, lora_B: b }, one) {
    const rows = reshape(graph, x, [-1, one.inputs.x[one.inputs.x.length - 1]]);
    const adapted = linear(graph, linear(graph, rows, a), b);
    const both = add(
      graph,
      linear(graph, rows, weight, bias),
      multiply(graph, adapted, graph.constant(numberOf(one, 'scale'))),
    );
    return reshape(graph, both, one.output);
  },
};
