import { OptionError } from '@hearken/core';
import type { GraphValue, OperatorNode, ValueType } from '../graph/contracts.js';

/** Why a node cannot be part of the graph, as an error that names it. */
export function nodeError(node: Pick<OperatorNode, 'name' | 'type'>, found: string, fix: string): OptionError {
  return new OptionError({ asked: `node '${node.name}' (${node.type})`, found, fix });
}

const fixModel = 'correct the model, or the sizes given in dimensions';

/**
 * The input at an index.
 *
 * @throws OptionError if the node lacks it
 */
export function required(node: OperatorNode, index: number): GraphValue {
  const value = node.inputs[index];
  if (value === undefined) throw nodeError(node, `no input ${index}`, 'correct the model');
  return value;
}

/**
 * The elements of an input that must be known when the graph is made.
 *
 * @param what it is, for the error
 * @throws OptionError if it is computed from data
 */
export function knownElements(node: OperatorNode, index: number, what: string): readonly number[] {
  const { elements } = required(node, index);
  if (elements === undefined) {
    throw nodeError(
      node,
      `${what} computed from data`,
      `use a model whose ${what} are constants or follow from shapes`,
    );
  }
  return elements;
}

/** The shape of an elementwise result, broadcast like NumPy. @throws OptionError for shapes that don't fit */
export function broadcastShapes(
  node: Pick<OperatorNode, 'name' | 'type'>,
  shapes: readonly (readonly number[])[],
): number[] {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const shape of shapes) {
      const own = shape[axis - rank + shape.length] ?? 1;
      if (own === 1) continue;
      if (size !== 1 && size !== own) {
        throw nodeError(node, `inputs of shapes ${shapes.map(shapeText).join(' and ')}`, fixModel);
      }
      size = own;
    }
    return size;
  });
}

/** `[2,3]` */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(',')}]`;
}

export function sameShape(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((size, axis) => size === right[axis]);
}

/** An axis counted from the front. @throws OptionError for one that the shape doesn't have */
export function positiveAxis(node: Pick<OperatorNode, 'name' | 'type'>, axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (positive >= 0 && positive < rank) return positive;
  throw nodeError(node, `axis ${axis} of a tensor with ${rank} axes`, 'correct the model');
}

/** The type and shape of the first input. */
export function sameAsInput(node: OperatorNode): ValueType[] {
  const { dataType, shape } = required(node, 0);
  return [{ dataType, shape }];
}

/** Refuses an impossible shape. */
export function checkFits(node: OperatorNode, fits: boolean): void {
  if (fits) return;
  const shapes = node.inputs.map((input) => (input === undefined ? 'none' : shapeText(input.shape)));
  throw nodeError(node, `inputs of shapes ${shapes.join(', ')}, which don't fit together`, fixModel);
}
