import { textOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator, OperatorNode } from '../graph/contracts.js';
import { sizeOf } from '../graph/tensor-elements.js';
import { product, reshape } from './emit.js';
import { oneHot } from './gather.js';
import { checkFits, knownElements, nodeError, positiveAxis, required } from './shapes.js';

/** How one axis is resized. */
interface AxisResize {
  readonly axis: number;
  readonly from: number;
  readonly to: number;
  readonly factor: number;
}

/** The most elements of an axis's matrix. */
const mostWeights = 2 ** 24;

/**
 * Interpolation along some axes: nearest, linear or cubic. It is linear in its input, one axis after the other, so the
 * gradient is multiplied by the transposed interpolation matrix of each axis. That matrix is a resized identity matrix:
 * whatever coordinates, borders and rounding the runtime uses, the gradient has the same.
 */
export const resize: Operator = {
  type: 'Resize',
  infer(node) {
    const { dataType, shape } = required(node, 0);
    const sizes = [...shape];
    for (const { axis, to } of resizesOf(node)) sizes[axis] = to;
    return [{ dataType, shape: sizes }];
  },
  train(graph, node) {
    const coordinates = textOf(node, 'coordinate_transformation_mode', 'half_pixel');
    if (coordinates === 'tf_crop_and_resize') {
      throw nodeError(node, `coordinate_transformation_mode '${coordinates}'`, 'use half_pixel, and crop by Slice');
    }
    const resizes = resizesOf(node).filter(({ from, to, factor }) => from !== to || factor !== 1);
    const output = graph.add('Resize', node.inputs, { attributes: node.attributes });
    return {
      outputs: [output],
      backward([gradient]) {
        let value = gradient;
        for (const one of resizes) {
          if (value === undefined) break;
          const matrix = interpolation(graph, node, one);
          const { shape } = value;
          const [before, after] = [sizeOf(shape.slice(0, one.axis)), sizeOf(shape.slice(one.axis + 1))];
          const found =
            after === 1
              ? product(graph, reshape(graph, value, [before, one.to]), matrix, { transB: true })
              : product(graph, matrix, reshape(graph, value, [before, one.to, after]));
          value = reshape(
            graph,
            found,
            shape.map((size, axis) => (axis === one.axis ? one.from : size)),
          );
        }
        return [value];
      },
    };
  },
};

function resizesOf(node: OperatorNode): AxisResize[] {
  const { shape } = required(node, 0);
  const usesSizes = node.inputs[3] !== undefined;
  const given = knownElements(node, usesSizes ? 3 : 2, usesSizes ? 'sizes' : 'scales');
  const axes = node.attributes.axes;
  const listed = Array.isArray(axes)
    ? axes.map((axis) => positiveAxis(node, Number(axis), shape.length))
    : given.map((_, axis) => axis);
  checkFits(node, given.length === listed.length && textOf(node, 'keep_aspect_ratio_policy', 'stretch') === 'stretch');
  return listed.map((axis, index) => {
    const from = shape[axis];
    const to = usesSizes ? given[index] : Math.floor(from * given[index]);
    return { axis, from, to, factor: usesSizes ? to / from : given[index] };
  });
}

/** `[from, to]`: the weight of each input in each output. */
function interpolation(graph: Emitter, node: OperatorNode, { from, to, factor }: AxisResize): GraphValue {
  if (from * to > mostWeights) throw nodeError(node, `an axis resized from ${from} to ${to}`, 'use shorter axes');
  const places = graph.integers(Array.from({ length: from }, (_, place) => place));
  const identity = oneHot(graph, places, from);
  const { axes: _, ...attributes } = node.attributes;
  const size = node.inputs[3] === undefined ? [graph.constant([1, factor])] : [undefined, graph.integers([from, to])];
  return graph.add('Resize', [identity, undefined, ...size], { attributes });
}
