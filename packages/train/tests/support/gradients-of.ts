import { GraphBuilder, multiply, type Tensor, type Value } from '@hearken/onnx';
import { differentiate } from '../../src/index.js';
import { noise } from './random-model.js';
import { runOnce } from './run-training.js';
import { sizeOf } from './shapes.js';

/** Builds what is differentiated from inputs of given shapes. */
export type MakeOutput = (graph: GraphBuilder, inputs: readonly Value[]) => Value;

export interface Gradients {
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  /** The gradient that the output is given. */
  readonly upstream: Tensor;
  readonly gradients: readonly Tensor[];
}

/** Runs a graph on numbers from -1 to 1, the same for the same shapes, and its gradients. */
export async function gradientsOf(
  shapes: readonly (readonly number[])[],
  output: readonly number[],
  make: MakeOutput,
): Promise<Gradients> {
  const random = noise(11);
  const made = (shape: readonly number[]) => ({ data: random(sizeOf(shape)), shape });
  const graph = new GraphBuilder('gradients');
  const inputs = shapes.map(made);
  const upstream = made(output);
  const names = shapes.map((_, index) => `x${index}`);
  const value = make(
    graph,
    names.map((name, index) => graph.input(name, shapes[index])),
  );
  graph.output('y', value, output);
  const weighted = multiply(graph, value, graph.input('upstream', output));
  graph.output('loss', graph.node('ReduceSum', [weighted], { attributes: { keepdims: 0n } }), []);
  const training = differentiate(graph.build(), { loss: 'loss', outputs: ['y'], parameters: names });
  const given = Object.fromEntries(names.map((name, index) => [name, inputs[index]]));
  const found = await runOnce(training.model, { ...given, upstream });
  return { inputs, upstream, output: found.y, gradients: names.map((name) => found[`grad/${name}`]) };
}

/** The sum of products of the elements of two tensors. */
export function dot(left: Tensor, right: Tensor): number {
  const other = right.data as Float32Array;
  return (left.data as Float32Array).reduce((sum, value, at) => sum + value * other[at], 0);
}
