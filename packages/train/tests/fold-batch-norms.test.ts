import { fromBinary } from '@bufbuild/protobuf';
import { GraphBuilder, type Tensor } from '@hearken/onnx';
import { ModelProtoSchema } from '@hearken/onnx/internal';
import { expect, it } from 'vitest';
import { deviation } from '../../../tests/support/training-fixtures.js';
import { differentiate } from '../src/index.js';
import { noise } from './support/random-model.js';
import { runOnce } from './support/run-training.js';

/** A convolution with bias and a batch norm on running statistics; what is an output as well is not folded. */
function model(isFolded: boolean) {
  const random = noise(4);
  const graph = new GraphBuilder('norm');
  const parameters = new Map<string, Tensor>();
  const constant = (name: string, shape: readonly number[], least = -1) => {
    const data = random(shape.reduce((size, one) => size * one, 1)).map((value) => (least > 0 ? 1.5 + value : value));
    const value = graph.constant(data, shape, name);
    parameters.set(value.name, { data, shape });
    return value;
  };
  const convolved = graph.node('Conv', [
    graph.input('x', [2, 3, 9]),
    constant('kernel', [4, 3, 2]),
    constant('bias', [4]),
  ]);
  const norm = [constant('weight', [4]), constant('shift', [4]), constant('mean', [4]), constant('variance', [4], 1)];
  const normalised = graph.node('BatchNormalization', [convolved, ...norm], { attributes: { epsilon: 0.001 } });
  const squares = graph.node('Mul', [normalised, graph.node('Sigmoid', [normalised])]);
  graph.output('loss', graph.node('ReduceMean', [squares], { attributes: { keepdims: 0n } }), []);
  if (!isFolded) graph.output('convolved', convolved, [2, 4, 8]);
  return { bytes: graph.build(), parameters, trained: [...parameters.keys()].slice(0, 4) };
}

it('gives the same loss and gradients with one pass less over the features', async () => {
  const [folded, plain] = await Promise.all(
    [true, false].map(async (isFolded) => {
      const { bytes, parameters, trained } = model(isFolded);
      const training = differentiate(bytes, { loss: 'loss', parameters: trained });
      const nodes = fromBinary(ModelProtoSchema, training.model).graph!.node;
      const given = trained.map((name) => [name, parameters.get(name)!]);
      const x = { data: noise(9)(54), shape: [2, 3, 9] };
      const found = await runOnce(training.model, { x, ...(Object.fromEntries(given) as Record<string, Tensor>) });
      const gradients = training.parameters.map(({ gradient }) => found[gradient].data as Float32Array);
      return { types: nodes.map(({ opType }) => opType), values: [found.loss.data as Float32Array, ...gradients] };
    }),
  );
  expect(plain.types).toContain('BatchNormalization');
  expect(folded.types).not.toContain('BatchNormalization');
  expect(folded.values).toHaveLength(5);
  folded.values.forEach((value, index) => {
    expect(deviation(value, plain.values[index])).toBeLessThan(2e-5);
  });
});
