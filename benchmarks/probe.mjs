import { createNodeSession } from '@hearken/onnx/node';
import { Random } from '@hearken/metrics';
// Not part of the package's public interface, because only a part of the probe is measured here.
import { DropoutMasks } from '../packages/bench/dist/probes/mlp/dropout-mask.js';
import { initialParameters } from '../packages/bench/dist/probes/mlp/parameters.js';
import { adamScalars, trainingGraph } from '../packages/bench/dist/probes/mlp/training-graph.js';
import { TrainingState } from '../packages/bench/dist/probes/mlp/training-state.js';
import { measure, testSignal } from './measure.mjs';

const rows = 1024;
const dropout = 0.1;
const shape = {
  inputs: 768,
  hiddenLayers: 2,
  hiddenDimension: 1024,
  outputs: 50,
  hiddenNorm: 'batch',
  predictionType: 'multiclass',
};

/** One training step as in the probe: drawing masks, forward, backward, Adam. */
export async function* probeRows() {
  const session = await createNodeSession(trainingGraph(shape, dropout), { spin: false });
  const random = new Random(0);
  const state = new TrainingState(shape, initialParameters(shape, 'xavierUniform', random));
  const masks = [0, 1].map(() => new Float32Array(shape.hiddenDimension * rows));
  const drawn = new DropoutMasks(dropout);
  const targets = new Float32Array(rows * shape.outputs);
  for (let row = 0; row < rows; row += 1) targets[row * shape.outputs + (row % shape.outputs)] = 1;
  const scalar = (value) => ({ data: Float32Array.of(value), shape: [] });
  const batch = {
    embeddings: { data: testSignal(rows * shape.inputs), shape: [rows, shape.inputs] },
    targets: { data: targets, shape: [rows, shape.outputs] },
    unbias: scalar(rows / (rows - 1)),
  };
  let number = 0;
  const { median } = await measure(async () => {
    number += 1;
    const { stepSize, epsilon } = adamScalars(1e-3, number);
    const inputs = { ...state.inputs, ...batch, stepSize: scalar(stepSize), epsilon: scalar(epsilon) };
    masks.forEach((data, layer) => {
      drawn.fill(data, random);
      inputs[`mask${layer}`] = { data, shape: [shape.hiddenDimension, rows] };
    });
    await session.run(inputs, state.outputs);
    state.advance();
  });
  yield { what: 'MLP probe step 768-1024-1024-50, batch 1024', value: median, unit: 'ms', target: 37, pytorch: 55 };
  await session.dispose();
}
