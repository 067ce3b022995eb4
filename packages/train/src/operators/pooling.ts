import { integerOf } from '../graph/attributes.js';
import type { Operator, OperatorNode } from '../graph/contracts.js';
import { sizeOf } from '../graph/tensor-elements.js';
import { extent, windowAttributes, windowCounts, type WindowShape, windowShape } from './convolution-shape.js';
import { expandTo, multiply, reshape, scale } from './emit.js';
import { nodeError, required } from './shapes.js';

/** Averages and maxima over windows, and over all positions. */
export const poolingOperators: readonly Operator[] = [
  {
    type: 'GlobalAveragePool',
    infer(node) {
      const { dataType, shape } = required(node, 0);
      return [{ dataType, shape: shape.map((size, axis) => (axis < 2 ? size : 1)) }];
    },
    train(graph, node) {
      const { shape } = required(node, 0);
      return {
        outputs: [graph.add('GlobalAveragePool', node.inputs)],
        backward: ([gradient]) => [
          gradient && expandTo(graph, scale(graph, gradient, 1 / sizeOf(shape.slice(2))), shape),
        ],
      };
    },
  },
  {
    type: 'AveragePool',
    infer: pooledType,
    train(graph, node) {
      const { shape } = required(node, 0);
      const window = windowShape(node);
      const counts = windowCounts(node, window);
      const output = graph.add('AveragePool', node.inputs, { attributes: node.attributes });
      return {
        outputs: [output],
        // Each window gives its share to each of its places: a transposed convolution of each channel with ones.
        backward([gradient]) {
          if (gradient === undefined) return [];
          const shares = graph.constant(windowShares(node, window, counts), counts);
          const channels = sizeOf(shape.slice(0, 2));
          const apart = reshape(graph, multiply(graph, gradient, shares), [channels, 1, ...counts]);
          const ones = graph.constant(new Array<number>(sizeOf(window.kernel)).fill(1), [1, 1, ...window.kernel]);
          const { input, kernel, strides, dilations, before, after } = window;
          const missing = input.map((size, axis) => {
            const reached = (counts[axis] - 1) * strides[axis] + extent(kernel[axis], dilations[axis]);
            return size + before[axis] + after[axis] - reached;
          });
          if (missing.some((count) => count < 0)) {
            throw nodeError(node, 'windows that reach beyond the padding (ceil_mode)', 'pad the end explicitly');
          }
          const spread = graph.add('ConvTranspose', [apart, ones], {
            attributes: { ...windowAttributes(window), output_padding: missing.map(BigInt) },
          });
          return [reshape(graph, spread, shape)];
        },
      };
    },
  },
  {
    type: 'MaxPool',
    infer: (node) => [...pooledType(node), { dataType: 'int64', shape: pooledType(node)[0].shape }],
    train(graph, node) {
      const input = required(node, 0);
      const [output, places] = graph.addAll('MaxPool', [input], 2, { attributes: node.attributes });
      return {
        outputs: [output],
        // The runtime gives the place of each maximum in the flat input; windows may share one.
        backward([gradient]) {
          if (gradient === undefined) return [];
          const zeros = expandTo(graph, graph.constant(0), [sizeOf(input.shape)]);
          const flat = [sizeOf(gradient.shape)];
          const inputs = [zeros, reshape(graph, places, flat), reshape(graph, gradient, flat)];
          const added = graph.add('ScatterElements', inputs, { attributes: { axis: 0n, reduction: 'add' } });
          return [reshape(graph, added, input.shape)];
        },
      };
    },
  },
];

function pooledType(node: OperatorNode) {
  const { dataType, shape } = required(node, 0);
  return [{ dataType, shape: [...shape.slice(0, 2), ...windowCounts(node, windowShape(node))] }];
}

/** One over the number of elements that each window averages. */
function windowShares(node: OperatorNode, window: WindowShape, counts: readonly number[]): number[] {
  const countsPadding = integerOf(node, 'count_include_pad', 0) !== 0;
  const { input, kernel, strides, dilations, before, after } = window;
  const along = counts.map((count, axis) =>
    Array.from({ length: count }, (_, index) => {
      const start = index * strides[axis] - before[axis];
      const places = Array.from({ length: kernel[axis] }, (__, place) => start + place * dilations[axis]);
      const [low, high] = countsPadding ? [-before[axis], input[axis] + after[axis]] : [0, input[axis]];
      return places.filter((place) => place >= low && place < high).length;
    }),
  );
  return along.reduce<number[]>((shares, numbers) => shares.flatMap((share) => numbers.map((one) => share / one)), [1]);
}
