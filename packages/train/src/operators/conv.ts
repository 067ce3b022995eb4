import { integerOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator, OperatorNode } from '../graph/contracts.js';
import { sizeOf } from '../graph/tensor-elements.js';
import { convolutionInputGradient } from './convolution-input-gradient.js';
import { windowCounts, type WindowShape, windowShape } from './convolution-shape.js';
import { convolutionWeightGradient } from './convolution-weight-gradient.js';
import { product, reshape, sum } from './emit.js';
import { checkFits, required } from './shapes.js';

/** Convolution (cross-correlation) over any number of axes. */
export const conv: Operator = {
  type: 'Conv',
  infer(node) {
    const [input, weight] = [required(node, 0), required(node, 1)];
    const groups = integerOf(node, 'group', 1);
    checkFits(node, input.shape.length === weight.shape.length && input.shape[1] === weight.shape[1] * groups);
    const counts = windowCounts(node, windowShape(node, weight.shape.slice(2)));
    return [{ dataType: input.dataType, shape: [input.shape[0], weight.shape[0], ...counts] }];
  },
  train(graph, node) {
    const [input, weight, bias] = [required(node, 0), required(node, 1), node.inputs[2]];
    const groups = integerOf(node, 'group', 1);
    const window = windowShape(node, weight.shape.slice(2));
    const output = graph.add('Conv', node.inputs, { attributes: node.attributes });
    return {
      outputs: [output],
      backward([gradient], [wantsInput, wantsWeight, wantsBias]) {
        if (gradient === undefined) return [];
        const isPointwise = groups === 1 && isPlainProduct(window);
        const [ofInput, ofWeight] = isPointwise
          ? [() => pointwiseInput(graph, weight, gradient), () => pointwiseWeight(graph, input, weight, gradient)]
          : [
              () => convolutionInputGradient(graph, weight, gradient, window, groups),
              () => convolutionWeightGradient(graph, input, gradient, window, groups),
            ];
        return [
          wantsInput ? reshape(graph, ofInput(), input.shape) : undefined,
          wantsWeight ? ofWeight() : undefined,
          wantsBias && bias ? sum(graph, gradient, spatialAndBatch(node)) : undefined,
        ];
      },
    };
  },
};

function spatialAndBatch(node: OperatorNode): number[] {
  return required(node, 0).shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
}

/** Whether a convolution is a matrix product over channels at each position. */
function isPlainProduct({ kernel, strides, before, after }: WindowShape): boolean {
  return kernel.every((size, axis) => size === 1 && strides[axis] === 1 && before[axis] === 0 && after[axis] === 0);
}

/** W' g for each clip. */
function pointwiseInput(graph: Emitter, weight: GraphValue, gradient: GraphValue): GraphValue {
  const matrix = reshape(graph, weight, [weight.shape[0], weight.shape[1]]);
  return product(graph, matrix, byPosition(graph, gradient), { transA: true });
}

/** g x' for each clip, added up. */
function pointwiseWeight(graph: Emitter, input: GraphValue, weight: GraphValue, gradient: GraphValue): GraphValue {
  const all = product(graph, byPosition(graph, gradient), byPosition(graph, input), { transB: true });
  return reshape(graph, sum(graph, all, [0]), weight.shape);
}

/** `[n, channels, positions]` */
function byPosition(graph: Emitter, value: GraphValue): GraphValue {
  const [batch, channels, ...positions] = value.shape;
  return reshape(graph, value, [batch, channels, sizeOf(positions)]);
}
