import { concat, GraphBuilder, mean, multiply, relu } from '@hearken/onnx';

/** A small model with an initializer, several operators and named dimensions. */
export function addTensor(): Uint8Array {
  const graph = new GraphBuilder('seed');
  const signal = graph.input('waveform', ['n', 'samples']);
  const later = graph.node('Slice', [signal, graph.integers([1]), graph.integers([2 ** 30]), graph.integers([1])]);
  const parts = [multiply(graph, later, later), relu(graph, later)].map((value) => mean(graph, value, [1], true));
  graph.output('embedding', concat(graph, parts, 1), ['n', 2]);
  return graph.build();
}
