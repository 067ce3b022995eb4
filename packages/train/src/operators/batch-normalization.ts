import { floatOf, integerOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator, OperatorNode, TrainingForm } from '../graph/contracts.js';
import { sizeOf } from '../graph/tensor-elements.js';
import { add, mean, multiply, reshape, scale, shift, square, subtract, sum, sumOfProducts } from './emit.js';
import { required } from './shapes.js';

/**
 * Batch norm (Ioffe and Szegedy 2015, arXiv 1502.03167): with the running statistics, whose gradients are not computed,
 * or in training mode with the batch's mean and population variance.
 */
export const batchNormalization: Operator = {
  type: 'BatchNormalization',
  infer(node) {
    const { dataType, shape } = required(node, 0);
    const channels = [shape[1]];
    return [
      { dataType, shape },
      { dataType, shape: channels },
      { dataType, shape: channels },
    ];
  },
  train: (graph, node) =>
    integerOf(node, 'training_mode', 0) === 0 ? withRunningStatistics(graph, node) : withBatchStatistics(graph, node),
};

/** Values per channel, shaped so that they broadcast over `[n, channels, ...]`. */
function perChannel(graph: Emitter, value: GraphValue, { shape }: GraphValue): GraphValue {
  return reshape(graph, value, [shape[1], ...shape.slice(2).map(() => 1)]);
}

/** All axes but that of the channels. */
function otherAxes({ shape }: GraphValue): number[] {
  return shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
}

/** 1 / sqrt(variance + epsilon), per channel. */
function inverseDeviation(graph: Emitter, variance: GraphValue, node: OperatorNode): GraphValue {
  const root = graph.add('Sqrt', [shift(graph, variance, floatOf(node, 'epsilon', 1e-5))]);
  return graph.add('Reciprocal', [root]);
}

function withRunningStatistics(graph: Emitter, node: OperatorNode): TrainingForm {
  const [input, weight, , average, variance] = [0, 1, 2, 3, 4].map((index) => required(node, index));
  const output = graph.add('BatchNormalization', node.inputs.slice(0, 5), { attributes: node.attributes });
  return {
    outputs: [output],
    backward([gradient], [wantsInput, wantsWeight, wantsBias]) {
      if (gradient === undefined) return [];
      const inverse = inverseDeviation(graph, variance, node);
      const factor = () => perChannel(graph, multiply(graph, weight, inverse), input);
      const ofWeight = () => {
        const centred = subtract(graph, input, perChannel(graph, average, input));
        return multiply(graph, sumOfProducts(graph, gradient, centred, otherAxes(input)), inverse);
      };
      return [
        wantsInput ? multiply(graph, gradient, factor()) : undefined,
        wantsWeight ? ofWeight() : undefined,
        wantsBias ? sum(graph, gradient, otherAxes(input)) : undefined,
      ];
    },
  };
}

/**
 * With c the centred input, s the deviation, n the values per channel and g the output's gradient, the input's is
 * (w / s) (g - mean(g) - c mean(g c) / s^2). What is scaled and shifted per channel is one pass as a batch norm with
 * other statistics.
 */
function withBatchStatistics(graph: Emitter, node: OperatorNode): TrainingForm {
  const [input, weight, bias, oldMean, oldVariance] = [0, 1, 2, 3, 4].map((index) => required(node, index));
  const axes = otherAxes(input);
  const [, channels] = input.shape;
  const count = sizeOf(input.shape) / channels;
  const all = (value: number) => graph.constant(new Array<number>(channels).fill(value), [channels]);
  /** `value * factor + term` for each channel. */
  const affine = (value: GraphValue, factor: GraphValue, term: GraphValue) =>
    graph.add('BatchNormalization', [value, factor, term, all(0), all(1)], { attributes: { epsilon: 0 } });
  const average = mean(graph, input, axes);
  const centred = subtract(graph, input, perChannel(graph, average, input));
  const variance = scale(graph, sumOfProducts(graph, centred, centred, axes), 1 / count);
  const inverse = inverseDeviation(graph, variance, node);
  const factor = multiply(graph, weight, inverse);
  const output = affine(centred, factor, bias);
  // ONNX's momentum is the share of the old statistics, and it keeps the population variance.
  const momentum = floatOf(node, 'momentum', 0.9);
  const updated = (old: GraphValue, now: GraphValue) =>
    add(graph, scale(graph, old, momentum), scale(graph, now, 1 - momentum));
  return {
    outputs: node.outputCount > 1 ? [output, updated(oldMean, average), updated(oldVariance, variance)] : [output],
    backward([gradient], [wantsInput, wantsWeight, wantsBias]) {
      if (gradient === undefined) return [];
      const total = sum(graph, gradient, axes);
      const tilt = sumOfProducts(graph, gradient, centred, axes);
      const ofWeight = wantsWeight ? multiply(graph, tilt, inverse) : undefined;
      if (!wantsInput) return [undefined, ofWeight, wantsBias ? total : undefined];
      const slope = scale(graph, multiply(graph, multiply(graph, tilt, square(graph, inverse)), factor), 1 / count);
      const level = scale(graph, multiply(graph, total, factor), -1 / count);
      const along = multiply(graph, centred, perChannel(graph, slope, input));
      const ofInput = subtract(graph, affine(gradient, factor, level), along);
      return [ofInput, ofWeight, wantsBias ? total : undefined];
    },
  };
}
