// Every operator and loss against PyTorch in float64: output and gradients.
import { join } from 'node:path';
import { groupBy } from '@hearken/core/internal';
import { GraphBuilder, multiply, sum, type Tensor, type Value } from '@hearken/onnx';
import { describe, expect, it } from 'vitest';
import { differentiate } from '../../src/index.js';
import type { OperatorCase } from '../support/operator-case.js';
import { operatorGraphs } from '../support/operator-graphs.js';
import { runOnce } from '../support/run-training.js';
import {
  describeTrainingFixtures,
  deviation,
  type FloatTensor,
  readJson,
  readTensors,
} from '../../../../tests/support/training-fixtures.js';

const limits = { output: 5e-6, gradient: 2e-5 };

/** An operator with the loss sum(y u): the gradient of y is u. */
function operatorModel(one: OperatorCase, tensors: ReadonlyMap<string, FloatTensor>) {
  const graph = new GraphBuilder(one.op);
  const names = Object.keys(one.inputs);
  const constants = names.map((name) => {
    const { data, shape } = tensors.get(`${one.case}/${name}`)!;
    return [name, graph.constant(data, shape, name)] as const;
  });
  const inputs: Record<string, Value> = Object.fromEntries(constants);
  const output = operatorGraphs[one.op](graph, inputs, one);
  const upstream = graph.input('upstream', one.output);
  graph.output('y', output, one.output);
  const weighted = multiply(graph, { name: output.name }, upstream);
  const axes = one.output.map((_, axis) => axis);
  graph.output('loss', axes.length === 0 ? weighted : sum(graph, weighted, axes), []);
  return { model: graph.build(), names: new Map(constants.map(([name, value]) => [name, value.name])) };
}

describeTrainingFixtures('operators', 'operators', (folder) => {
  const cases = readJson<OperatorCase[]>(join(folder, 'cases.json'));
  const byOperator = groupBy(cases, ({ op }) => op);

  it('covers the fixtures', () => {
    expect([...byOperator.keys()].filter((op) => !(op in operatorGraphs))).toEqual([]);
  });

  describe.each([...byOperator])('%s', (_, ofOperator) => {
    const tensors = readTensors(join(folder, ofOperator[0].file));
    it.each(ofOperator)('$case', async (one) => {
      const { model, names } = operatorModel(one, tensors);
      const isTraining = one.attributes.training === true;
      const parameters = one.gradients.map((name) => names.get(name)!);
      const training = differentiate(model, {
        loss: 'loss',
        outputs: ['y', 'loss'],
        parameters,
        ...(isTraining ? { batchStatistics: { momentum: one.attributes.momentum as number } } : {}),
      });
      const byName = (name: string): Tensor => tensors.get(`${one.case}/${name}`)!;
      const given: Record<string, Tensor> = { upstream: byName('grad.y') };
      for (const [name, full] of names) {
        if (parameters.includes(full) || (isTraining && name.startsWith('running'))) given[full] = byName(name);
      }
      const found = await runOnce(training.model, given);
      const far = (output: string, name: string) =>
        deviation(found[output].data as Float32Array, byName(name).data as Float32Array);
      expect(found.y.shape).toEqual(one.output);
      expect(far('y', 'y')).toBeLessThan(limits.output);
      for (const name of one.gradients) {
        const gradient = `grad/${names.get(name)!}`;
        expect(found[gradient].shape).toEqual(one.inputs[name]);
        expect([name, far(gradient, `grad.${name}`) < limits.gradient, far(gradient, `grad.${name}`)]).toEqual([
          name,
          true,
          expect.anything(),
        ]);
      }
      const statistics = { newRunningMean: 'runningMean', newRunningVar: 'runningVar' };
      for (const name of one.alsoExpected ?? []) {
        const updated = `updated/${names.get(statistics[name as keyof typeof statistics])!}`;
        expect(far(updated, name)).toBeLessThan(limits.output);
      }
    });
  });
});
