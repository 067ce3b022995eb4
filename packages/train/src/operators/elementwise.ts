import type { Emitter, GraphValue, Operator, OperatorNode } from '../graph/contracts.js';
import { sizeOf } from '../graph/tensor-elements.js';
import { broadcastShapes, required, sameAsInput } from './shapes.js';

/** Adds what computes the gradient of an elementwise operator's input from that of its output. */
export type UnaryGradient = (
  graph: Emitter,
  values: { readonly input: GraphValue; readonly output: GraphValue; readonly gradient: GraphValue },
  node: OperatorNode,
) => GraphValue;

/** An operator with one input that works on each element by itself. */
export function unaryOperator(type: string, gradientOf: UnaryGradient, fold?: (value: number) => number): Operator {
  return {
    type,
    infer: sameAsInput,
    ...(fold === undefined ? {} : { fold: (node) => node.inputs[0]?.elements?.map(fold) }),
    train(graph, node) {
      const input = required(node, 0);
      const output = graph.add(type, node.inputs, { attributes: node.attributes });
      return {
        outputs: [output],
        backward: ([gradient]) => [gradient && gradientOf(graph, { input, output, gradient }, node)],
      };
    },
  };
}

/** Applies a function of two numbers to known elements, broadcast like NumPy. */
export function foldBinary(node: OperatorNode, fold: (left: number, right: number) => number): number[] | undefined {
  const [left, right] = node.inputs;
  if (left?.elements === undefined || right?.elements === undefined) return undefined;
  const shape = broadcastShapes(node, [left.shape, right.shape]);
  const [one, other] = [repeated(left, shape), repeated(right, shape)];
  return one.map((value, index) => fold(value, other[index]));
}

/** Known elements, repeated to a shape. */
export function repeated({ elements = [], shape }: GraphValue, to: readonly number[]): number[] {
  return Array.from({ length: sizeOf(to) }, (_, index) => {
    let rest = index;
    let place = 0;
    let stride = 1;
    for (let axis = to.length - 1; axis >= 0; axis -= 1) {
      const size = shape[axis - to.length + shape.length] ?? 1;
      if (size !== 1) place += (rest % to[axis]) * stride;
      rest = Math.floor(rest / to[axis]);
      stride *= size;
    }
    return elements[place];
  });
}
