import { textOf } from '../graph/attributes.js';
import type { Operator, OperatorNode } from '../graph/contracts.js';
import { sizeOf } from '../graph/tensor-elements.js';
import { product, reshape, transposeLast } from './emit.js';
import { checkFits, knownElements, nodeError, required } from './shapes.js';

/** How one axis is resized. */
interface AxisResize {
  readonly axis: number;
  readonly from: number;
  readonly to: number;
  readonly factor: number;
}

/**
 * Linear interpolation along some axes, without antialiasing. It is linear in its input, one axis after the other, so
 * the gradient is multiplied by the transposed interpolation matrix of each axis.
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
    const mode = textOf(node, 'mode', 'nearest');
    if (mode !== 'linear' || node.attributes.antialias === 1n || node.attributes.exclude_outside === 1n) {
      throw nodeError(node, `mode '${mode}', or antialiasing`, 'use linear interpolation without antialiasing');
    }
    const resizes = resizesOf(node).filter(({ from, to }) => from !== to);
    const output = graph.add('Resize', node.inputs, { attributes: node.attributes });
    return {
      outputs: [output],
      backward([gradient]) {
        let value = gradient;
        for (const one of resizes) {
          if (value === undefined) break;
          const matrix = graph.constant(interpolation(node, one), [one.to, one.from]);
          const { shape } = value;
          const [before, after] = [sizeOf(shape.slice(0, one.axis)), sizeOf(shape.slice(one.axis + 1))];
          const found =
            after === 1
              ? product(graph, reshape(graph, value, [before, one.to]), matrix)
              : product(graph, transposeLast(graph, matrix), reshape(graph, value, [before, one.to, after]));
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
  const listed = Array.isArray(axes) ? axes.map(Number) : given.map((_, axis) => axis);
  checkFits(node, given.length === listed.length && textOf(node, 'keep_aspect_ratio_policy', 'stretch') === 'stretch');
  return listed.map((axis, index) => {
    const from = shape[axis];
    const to = usesSizes ? given[index] : Math.floor(from * given[index]);
    return { axis, from, to, factor: usesSizes ? to / from : given[index] };
  });
}

/** `[to, from]`: the weights of the two inputs that each output lies between. */
function interpolation(node: OperatorNode, { from, to, factor }: AxisResize): number[] {
  const coordinates = textOf(node, 'coordinate_transformation_mode', 'half_pixel');
  const weights = new Array<number>(to * from).fill(0);
  for (let index = 0; index < to; index += 1) {
    const place = Math.min(Math.max(placeOf(node, coordinates, index, { from, to, factor }), 0), from - 1);
    const [low, share] = [Math.floor(place), place - Math.floor(place)];
    weights[index * from + low] += 1 - share;
    weights[index * from + Math.min(low + 1, from - 1)] += share;
  }
  return weights;
}

function placeOf(
  node: OperatorNode,
  coordinates: string,
  index: number,
  { from, to, factor }: Omit<AxisResize, 'axis'>,
): number {
  switch (coordinates) {
    case 'half_pixel':
      return (index + 0.5) / factor - 0.5;
    case 'pytorch_half_pixel':
      return to > 1 ? (index + 0.5) / factor - 0.5 : 0;
    case 'align_corners':
      return to > 1 ? (index * (from - 1)) / (to - 1) : 0;
    case 'asymmetric':
      return index / factor;
    default:
      throw nodeError(node, `coordinate_transformation_mode '${coordinates}'`, 'use half_pixel or align_corners');
  }
}
