import { integerOf, integersOf, textOf } from '../graph/attributes.js';
import type { Operator, OperatorNode } from '../graph/contracts.js';
import { extent, windowAttributes, type WindowShape } from './convolution-shape.js';
import { convolutionWeightGradient } from './convolution-weight-gradient.js';
import { sum } from './emit.js';
import { checkFits, nodeError, required } from './shapes.js';

/** Transposed convolution: the gradient of a convolution with respect to its input. Weight `[inputs, outputs / group, ...]`. */
export const convTranspose: Operator = {
  type: 'ConvTranspose',
  infer(node) {
    const [input, weight] = [required(node, 0), required(node, 1)];
    checkFits(node, input.shape.length === weight.shape.length && input.shape[1] === weight.shape[0]);
    const { input: sizes } = convolutionOf(node);
    const groups = integerOf(node, 'group', 1);
    return [{ dataType: input.dataType, shape: [input.shape[0], weight.shape[1] * groups, ...sizes] }];
  },
  train(graph, node) {
    const [input, weight, bias] = [required(node, 0), required(node, 1), node.inputs[2]];
    const groups = integerOf(node, 'group', 1);
    const window = convolutionOf(node);
    const output = graph.add('ConvTranspose', node.inputs, { attributes: node.attributes });
    return {
      outputs: [output],
      // The convolution whose transposition this is takes the output's gradient back to the input.
      backward([gradient], [wantsInput, wantsWeight, wantsBias]) {
        if (gradient === undefined) return [];
        const attributes = { ...windowAttributes(window), group: BigInt(groups) };
        return [
          wantsInput ? graph.add('Conv', [gradient, weight], { attributes }) : undefined,
          wantsWeight ? convolutionWeightGradient(graph, gradient, input, window, groups) : undefined,
          wantsBias && bias
            ? sum(
                graph,
                gradient,
                gradient.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis])),
              )
            : undefined,
        ];
      },
    };
  },
};

/** The convolution that is transposed; its input has the sizes of this node's output. */
function convolutionOf(node: OperatorNode): WindowShape {
  const [input, weight] = [required(node, 0), required(node, 1)];
  if (textOf(node, 'auto_pad', 'NOTSET') !== 'NOTSET' || node.attributes.output_shape !== undefined) {
    throw nodeError(node, 'auto_pad or output_shape', 'state pads and output_padding instead');
  }
  const sizes = input.shape.slice(2);
  const ones = sizes.map(() => 1);
  const kernel = weight.shape.slice(2);
  const [strides, dilations] = [integersOf(node, 'strides') ?? ones, integersOf(node, 'dilations') ?? ones];
  const pads = integersOf(node, 'pads') ?? sizes.flatMap(() => [0, 0]);
  const extra = integersOf(node, 'output_padding') ?? sizes.map(() => 0);
  const [before, after] = [pads.slice(0, sizes.length), pads.slice(sizes.length)];
  const outputs = sizes.map((size, axis) => {
    const whole = (size - 1) * strides[axis] + extent(kernel[axis], dilations[axis]) + extra[axis];
    return whole - before[axis] - after[axis];
  });
  return { input: outputs, kernel, strides, dilations, before, after };
}
