import { textOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator, OperatorNode } from '../graph/contracts.js';
import { add, sum } from './emit.js';
import { checkFits, knownElements, nodeError, positiveAxis, required } from './shapes.js';
import { pad, reversed } from './slice.js';

/** How many elements are added around one axis. */
interface Padding {
  readonly axis: number;
  readonly before: number;
  readonly after: number;
}

/** Adds elements around axes: constants, mirrored ones, or the outermost. */
export const padding: Operator = {
  type: 'Pad',
  infer(node) {
    const { dataType, shape } = required(node, 0);
    const sizes = [...shape];
    for (const { axis, before, after } of paddingsOf(node)) sizes[axis] += before + after;
    checkFits(
      node,
      sizes.every((size) => size >= 0),
    );
    return [{ dataType, shape: sizes }];
  },
  train(graph, node) {
    const { shape } = required(node, 0);
    const mode = textOf(node, 'mode', 'constant');
    if (!['constant', 'reflect', 'edge'].includes(mode)) {
      throw nodeError(node, `mode '${mode}', which has no gradient here`, 'use constant, reflect or edge');
    }
    const paddings = paddingsOf(node);
    const output = graph.add('Pad', node.inputs, { attributes: node.attributes });
    return {
      outputs: [output],
      backward([gradient]) {
        if (gradient === undefined) return [];
        let value = gradient;
        for (const one of paddings) value = fold(graph, value, one, shape[one.axis], mode);
        return [value];
      },
    };
  },
};

function paddingsOf(node: OperatorNode): Padding[] {
  const rank = required(node, 0).shape.length;
  const pads = knownElements(node, 1, 'pads');
  const axes =
    node.inputs[3] === undefined
      ? pads.slice(0, pads.length / 2).map((_, axis) => axis)
      : knownElements(node, 3, 'axes');
  const all = axes.map((axis, index) => ({
    axis: positiveAxis(node, axis, rank),
    before: pads[index],
    after: pads[index + axes.length],
  }));
  return all.filter(({ before, after }) => before !== 0 || after !== 0);
}

/** Takes the added elements away from an axis of `size`, and adds their gradients to what they were copied from. */
function fold(graph: Emitter, value: GraphValue, padding: Padding, size: number, mode: string): GraphValue {
  const { axis, before, after } = padding;
  const at = (count: number) => value.shape.map((_, index) => (index === axis ? count : 0));
  const inner = pad(graph, value, at(-before), at(-after));
  if (mode === 'constant') return inner;
  const part = (start: number, length: number) => pad(graph, value, at(-start), at(start + length - value.shape[axis]));
  const place = (copied: GraphValue, start: number) =>
    pad(graph, copied, at(start), at(size - start - copied.shape[axis]));
  const last = (copied: GraphValue) =>
    mode === 'edge' ? sum(graph, copied, [axis], true) : reversed(graph, copied, axis);
  let total = inner;
  if (before > 0) total = add(graph, total, place(last(part(0, before)), mode === 'edge' ? 0 : 1));
  if (after > 0) {
    const start = mode === 'edge' ? size - 1 : size - 1 - after;
    total = add(graph, total, place(last(part(before + size, after)), start));
  }
  return total;
}
