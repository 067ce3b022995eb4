import { expect, it } from 'vitest';
import { GraphBuilder } from '@hearken/onnx';
import { differentiate } from '../../src/index.js';
import { runOnce } from '../support/run-training.js';

it('gives the gradient to the elements that were taken, of equal ones to the first', async () => {
  const graph = new GraphBuilder('top');
  const [values] = graph.nodes('TopK', [graph.input('x', [2, 4]), graph.integers([2])], 2);
  const weights = graph.constant([1, 10], [1, 2]);
  const weighted = graph.node('Mul', [values, weights]);
  graph.output('loss', graph.node('ReduceSum', [weighted], { attributes: { keepdims: 0n } }), []);
  const training = differentiate(graph.build(), { loss: 'loss', parameters: ['x'] });
  const x = { data: Float32Array.of(1, 4, 3, 2, 5, 0, 5, 5), shape: [2, 4] };
  const found = await runOnce(training.model, { x });
  expect([...found['grad/x'].data]).toEqual([0, 1, 10, 0, 1, 0, 10, 0]);
});

it('refuses more elements than there are, and a number of them that depends on data', () => {
  const act = (count: (graph: GraphBuilder) => { name: string }) => () => {
    const graph = new GraphBuilder('top');
    const [values] = graph.nodes('TopK', [graph.input('x', [2, 4]), count(graph)], 2);
    graph.output('loss', graph.node('ReduceSum', [values], { attributes: { keepdims: 0n } }), []);
    differentiate(graph.build(), { loss: 'loss', parameters: ['x'] });
  };
  expect(act((graph) => graph.integers([5]))).toThrow(/\(TopK\).*\[2,4\].*don't fit/);
  expect(act((graph) => graph.input('k', [1], 'int64'))).toThrow(/\(TopK\).*k computed from data/);
});
