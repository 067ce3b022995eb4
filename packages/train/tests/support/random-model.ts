import { GraphBuilder, multiply, type Tensor } from '@hearken/onnx';
import { layers, type RandomGraph, type Shaped } from './random-graphs.js';
import { sizeOf } from './shapes.js';

/** A model with the outputs `y` and `loss`, the sum of y, and values of its inputs, which all are parameters. */
export interface RandomModel {
  readonly model: Uint8Array;
  readonly parameters: ReadonlyMap<string, Tensor>;
}

/** Numbers from -1 to 1, the same for the same seed. */
export function noise(seed: number): (count: number) => Float32Array {
  let state = seed;
  return (count) =>
    Float32Array.from({ length: count }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 31 - 1;
    });
}

/** Builds a random graph; `y` is weighted with fixed numbers. */
export function randomModel({ shape, layers: chosen, seed }: RandomGraph): RandomModel {
  const random = noise(seed);
  const graph = new GraphBuilder('random');
  const parameters = new Map<string, Tensor>();
  const parameter = (sizes: readonly number[]) => {
    const value = graph.input(`parameter${parameters.size}`, sizes);
    parameters.set(value.name, { data: random(sizeOf(sizes)), shape: sizes });
    return value;
  };
  let current: Shaped = { value: parameter(shape), shape };
  for (const { name, choice } of chosen) current = layers[name](graph, current, parameter, choice);
  const upstream = random(sizeOf(current.shape));
  const weighted = multiply(graph, current.value, graph.constant(upstream, current.shape));
  graph.output('y', weighted, current.shape);
  graph.output('loss', graph.node('ReduceSum', [weighted], { attributes: { keepdims: 0n } }), []);
  return { model: graph.build(), parameters };
}
