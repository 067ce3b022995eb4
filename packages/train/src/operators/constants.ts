import { integerOf, integersOf } from '../graph/attributes.js';
import type { Operator, OperatorNode, ValueType } from '../graph/contracts.js';
import { dataTypeOf, elementsOf, sizeOf } from '../graph/tensor-elements.js';
import { foldBinary } from './elementwise.js';
import { broadcastShapes, knownElements, nodeError, positiveAxis, required, sameAsInput } from './shapes.js';

/** Operators without gradients: constants, shapes, comparisons, and what only backward forms contain. */
export const operatorsWithoutGradient: readonly Operator[] = [
  { type: 'Constant', infer: (node) => [constantOf(node)], fold: (node) => constantOf(node).elements },
  {
    type: 'Shape',
    infer: (node) => [{ dataType: 'int64', shape: [shapeOf(node).length] }],
    fold: shapeOf,
  },
  {
    type: 'Size',
    infer: () => [{ dataType: 'int64', shape: [] }],
    fold: (node) => [sizeOf(required(node, 0).shape)],
  },
  {
    type: 'ConstantOfShape',
    infer: (node) => [{ dataType: fillOf(node).dataType, shape: knownElements(node, 0, 'shape') }],
    fold(node) {
      const size = sizeOf(knownElements(node, 0, 'shape'));
      return size > 4096 ? undefined : new Array<number>(size).fill(fillOf(node).value);
    },
  },
  {
    type: 'Range',
    infer: (node) => [{ dataType: required(node, 0).dataType, shape: [rangeOf(node).length] }],
    fold: rangeOf,
  },
  comparison('Equal', (left, right) => left === right),
  comparison('Greater', (left, right) => left > right),
  comparison('GreaterOrEqual', (left, right) => left >= right),
  comparison('Less', (left, right) => left < right),
  comparison('LessOrEqual', (left, right) => left <= right),
  comparison('And', (left, right) => left !== 0 && right !== 0),
  comparison('Or', (left, right) => left !== 0 || right !== 0),
  { type: 'Not', infer: sameAsInput, fold: (node) => node.inputs[0]?.elements?.map((value) => (value === 0 ? 1 : 0)) },
  { type: 'Sign', infer: sameAsInput },
  { type: 'Floor', infer: sameAsInput, fold: (node) => node.inputs[0]?.elements?.map(Math.floor) },
  { type: 'Ceil', infer: sameAsInput, fold: (node) => node.inputs[0]?.elements?.map(Math.ceil) },
  { type: 'ScatterElements', infer: sameAsInput },
  { type: 'ArgMax', infer: placesAlongAxis },
  { type: 'ArgMin', infer: placesAlongAxis },
];

function placesAlongAxis(node: OperatorNode): ValueType[] {
  const { shape } = required(node, 0);
  const axis = positiveAxis(node, integerOf(node, 'axis', 0), shape.length);
  const isKept = integerOf(node, 'keepdims', 1) !== 0;
  return [{ dataType: 'int64', shape: [...shape.slice(0, axis), ...(isKept ? [1] : []), ...shape.slice(axis + 1)] }];
}

function comparison(type: string, holds: (left: number, right: number) => boolean): Operator {
  return {
    type,
    infer: (node) => [
      { dataType: 'bool', shape: broadcastShapes(node, [required(node, 0).shape, required(node, 1).shape]) },
    ],
    fold: (node) => foldBinary(node, (left, right) => (holds(left, right) ? 1 : 0)),
  };
}

function shapeOf(node: OperatorNode): number[] {
  const { shape } = required(node, 0);
  return shape.slice(integerOf(node, 'start', 0), integerOf(node, 'end', shape.length));
}

function rangeOf(node: OperatorNode): number[] {
  const [start, limit, step] = [0, 1, 2].map((index) => knownElements(node, index, 'bounds')[0]);
  const count = Math.max(Math.ceil((limit - start) / step), 0);
  if (!(count <= 2 ** 20)) throw nodeError(node, `${count} elements`, 'use a shorter range');
  return Array.from({ length: count }, (_, index) => start + index * step);
}

function constantOf(node: OperatorNode): ValueType & { readonly elements?: readonly number[] } {
  const { value, value_float: float, value_int: integer } = node.attributes;
  if (typeof value === 'object' && 'dims' in value) {
    const dataType = dataTypeOf(value.dataType);
    if (dataType === undefined) throw nodeError(node, `element type ${value.dataType}`, 'use float32 or int64');
    const elements = elementsOf(value);
    return { dataType, shape: value.dims.map(Number), ...(elements === undefined ? {} : { elements }) };
  }
  if (typeof float === 'number') return { dataType: 'float32', shape: [], elements: [float] };
  if (typeof integer === 'bigint') return { dataType: 'int64', shape: [], elements: [Number(integer)] };
  const integers = integersOf(node, 'value_ints');
  if (integers !== undefined) return { dataType: 'int64', shape: [integers.length], elements: integers };
  const floats = integersOf(node, 'value_floats');
  if (floats !== undefined) return { dataType: 'float32', shape: [floats.length], elements: floats };
  throw nodeError(node, 'a constant that is not a number or a list of them', 'use a tensor');
}

function fillOf(node: OperatorNode): { readonly dataType: ValueType['dataType']; readonly value: number } {
  const { value } = node.attributes;
  if (value === undefined) return { dataType: 'float32', value: 0 };
  const { dataType, elements } = constantOf(node);
  return { dataType, value: elements?.[0] ?? 0 };
}
