import { createNodeSession, type Session, type Tensor } from '@hearken/onnx/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '@hearken/metrics';
import { initialParameters, type MlpShape, type Parameters } from '../../src/probes/mlp/parameters.js';
import { predictionGraph } from '../../src/probes/mlp/prediction-graph.js';
import { adamScalars, trainingGraph } from '../../src/probes/mlp/training-graph.js';
import { TrainingState } from '../../src/probes/mlp/training-state.js';
import { lossOf, type Reference } from './reference-mlp.js';

const rows = 7;
const dropout = 0.25;

const shapes: MlpShape[] = (['multiclass', 'multilabel'] as const).flatMap((predictionType) =>
  (['batch', 'none'] as const).flatMap((hiddenNorm) =>
    [0, 1, 2].map((hiddenLayers) => ({
      inputs: 5,
      hiddenLayers,
      hiddenDimension: 6,
      outputs: 3,
      hiddenNorm,
      predictionType,
    })),
  ),
);

describe.each(shapes)('training step %j', (shape) => {
  let session: Session;
  let reference: Reference;
  let state: TrainingState;

  beforeAll(async () => {
    session = await createNodeSession(trainingGraph(shape, dropout), { threads: 1 });
    const random = new Random(7);
    const parameters = initialParameters(shape, 'xavierNormal', random);
    // Away from their starting values, so that a gradient that ignores them is seen.
    for (const name of Object.keys(parameters)) {
      if (/scale|shift|bias/.test(name))
        parameters[name].forEach((_, index, all) => (all[index] += random.uniform(0.2, 0.6)));
    }
    const targets = new Float32Array(rows * shape.outputs);
    for (let row = 0; row < rows; row += 1) {
      targets[row * shape.outputs + random.integer(shape.outputs)] = 1;
      if (shape.predictionType === 'multilabel') targets[row * shape.outputs] = row % 2;
    }
    reference = {
      shape,
      rows,
      embeddings: Float32Array.from({ length: rows * shape.inputs }, () => random.normal()),
      targets,
      masks: Array.from({ length: shape.hiddenLayers }, () =>
        Float32Array.from({ length: shape.hiddenDimension * rows }, () =>
          random.uniform() < dropout ? 0 : 1 / (1 - dropout),
        ),
      ),
    };
    state = new TrainingState(shape, parameters);
  });
  afterAll(() => session.dispose());

  async function step(number: number, learningRate: number): Promise<void> {
    const scalar = (value: number): Tensor => ({ data: Float32Array.of(value), shape: [] });
    const { stepSize, epsilon } = adamScalars(learningRate, number);
    const inputs: Record<string, Tensor> = {
      ...state.inputs,
      embeddings: { data: reference.embeddings, shape: [rows, shape.inputs] },
      targets: { data: reference.targets, shape: [rows, shape.outputs] },
      stepSize: scalar(stepSize),
      epsilon: scalar(epsilon),
      unbias: scalar(rows / (rows - 1)),
    };
    reference.masks.forEach((data, layer) => (inputs[`mask${layer}`] = { data, shape: [shape.hiddenDimension, rows] }));
    await session.run(inputs, state.outputs);
    state.advance();
  }

  const values = (name: string) => state.inputs[name].data as Float32Array;

  it('follows the gradient by Adam', async () => {
    const before = state.copyParameters();
    const learningRate = 0.01;
    await step(1, learningRate);
    for (const name of Object.keys(before).filter((key) => !key.includes('running'))) {
      const gradient = numericalGradient(reference, before, name);
      // The first moment is kept divided by (1 - beta1), so after one step it is the gradient itself.
      expectClose(values(`${name}/m`), gradient, 2e-3);
      // Adam's first step is the learning rate, whatever the size of the gradient.
      values(name).forEach((value, index) => {
        if (Math.abs(gradient[index]) < 1e-3) return;
        expect(value).toBeCloseTo(before[name][index] - learningRate * Math.sign(gradient[index]), 4);
      });
    }
  });

  it("matches PyTorch's Adam over several steps", async () => {
    const name = 'projection.weight';
    const learningRate = 0.003;
    const [m, v] = [values(`${name}/m`), values(`${name}/v`)].map((moment) => Float64Array.from(moment));
    m.forEach((value, index) => (m[index] = value * 0.1));
    v.forEach((value, index) => (v[index] = value * 0.001));
    for (const number of [2, 3, 4]) {
      const before = Float64Array.from(values(name));
      const gradient = numericalGradient(reference, state.copyParameters(), name);
      await step(number, learningRate);
      before.forEach((value, index) => {
        m[index] = 0.9 * m[index] + 0.1 * gradient[index];
        v[index] = 0.999 * v[index] + 0.001 * gradient[index] ** 2;
        const denominator = Math.sqrt(v[index]) / Math.sqrt(1 - 0.999 ** number) + 1e-8;
        const expected = value - ((learningRate / (1 - 0.9 ** number)) * m[index]) / denominator;
        if (Math.abs(gradient[index]) > 1e-3) expect(values(name)[index]).toBeCloseTo(expected, 4);
      });
    }
  });

  it('predicts with the running statistics', async () => {
    const prediction = await createNodeSession(predictionGraph(shape), { threads: 1 });
    const parameters = state.copyParameters();
    const inputs = Object.fromEntries(Object.entries(state.inputs).filter(([name]) => name in parameters));
    const embeddings = { data: reference.embeddings, shape: [rows, shape.inputs] };
    const { logits, probabilities } = await prediction.run({ ...inputs, embeddings });
    const expected = lossOf(reference, parameters, 'evaluation');
    expectClose(logits.data as Float32Array, expected.logits, 1e-4);
    expectClose(probabilities.data as Float32Array, expected.probabilities, 1e-4);
    await prediction.dispose();
  });
});

/** Central differences of the reference's loss. */
function numericalGradient(reference: Reference, parameters: Parameters, name: string): Float64Array {
  const exact = Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, Float64Array.from(value)]));
  const step = 1e-5;
  return Float64Array.from(exact[name], (value, index) => {
    const losses = [step, -step].map((change) => {
      exact[name][index] = value + change;
      return lossOf(reference, exact, 'training').loss;
    });
    exact[name][index] = value;
    return (losses[0] - losses[1]) / (2 * step);
  });
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let index = 0; index < actual.length; index += 1) {
    expect(Math.abs(actual[index] - expected[index])).toBeLessThanOrEqual(tolerance * (1 + Math.abs(expected[index])));
  }
}
