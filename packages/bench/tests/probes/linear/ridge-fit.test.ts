import { describe, expect, it } from 'vitest';
import { Random } from '@hearken/metrics';
import {
  choosePenalties,
  fitRidge,
  penaltyGrid,
  type HeldOut,
  type RidgeData,
} from '../../../src/probes/linear/ridge-fit.js';

const outputs = 3;

/** Uncorrelated features; the outputs are a feature without noise, one with noise, and noise alone. */
function rows(count: number, size: number, seed: number): HeldOut {
  const random = new Random(seed);
  const features = Float32Array.from({ length: count * size }, () => random.normal());
  const targets = new Float64Array(count * outputs);
  for (let row = 0; row < count; row += 1) {
    targets[row * outputs] = features[row * size];
    targets[row * outputs + 1] = features[row * size + 1] + 2 * random.normal();
    targets[row * outputs + 2] = random.normal();
  }
  return { features, targets, count };
}

/** Centred, in the coordinates of principal components: by Gram and Schmidt. */
function trainingData(count: number, size: number): RidgeData {
  const { features, targets } = rows(count, size, 1);
  const columns: number[][] = [];
  for (let index = 0; index < size; index += 1) {
    let column = Array.from({ length: count }, (_, row) => features[row * size + index]);
    const mean = column.reduce((sum, value) => sum + value, 0) / count;
    column = column.map((value) => value - mean);
    for (const other of columns) {
      const square = other.reduce((sum, value) => sum + value * value, 0);
      const share = column.reduce((sum, value, row) => sum + value * other[row], 0) / square;
      column = column.map((value, row) => value - share * other[row]);
    }
    columns.push(column);
  }
  const variances = Float64Array.from(columns, (column) => column.reduce((sum, value) => sum + value ** 2, 0) / count);
  const centred = Float32Array.from({ length: count * size }, (_, at) => columns[at % size][Math.floor(at / size)]);
  const means = Array.from({ length: outputs }, (_, output) =>
    targets.reduce((sum, value, at) => sum + (at % outputs === output ? value / count : 0), 0),
  );
  return {
    features: centred,
    variances,
    targets: targets.map((value, at) => value - means[at % outputs]),
    count,
    size,
    outputs,
  };
}

/** Squared error of one output on held-out rows, by the fit itself. */
function errorOf(data: RidgeData, heldOut: HeldOut, penalty: number, output: number): number {
  const weights = fitRidge(data, new Array<number>(outputs).fill(penalty));
  let error = 0;
  for (let row = 0; row < heldOut.count; row += 1) {
    let residual = heldOut.targets[row * outputs + output];
    for (let index = 0; index < data.size; index += 1) {
      residual -= heldOut.features[row * data.size + index] * weights[output * (data.size + 1) + index];
    }
    error += residual ** 2;
  }
  return error;
}

describe('the penalty of ridge regression', () => {
  const data = trainingData(60, 12);
  const heldOut = rows(40, 12, 2);

  it('is for each output the one with the least error on the validation rows', async () => {
    const chosen = await choosePenalties(data, heldOut);
    const best = chosen.map((_, output) =>
      penaltyGrid.reduce((least, penalty) =>
        errorOf(data, heldOut, penalty, output) < errorOf(data, heldOut, least, output) ? penalty : least,
      ),
    );
    expect(chosen).toEqual(best);
    // The more noise, the more is held back.
    expect(chosen[0]).toBeLessThan(chosen[1]);
    expect(chosen[1]).toBeLessThan(chosen[2]);
  });

  it('is the largest where none is better, and stops when it is told to', async () => {
    const nothing: HeldOut = { features: new Float32Array(12), targets: new Float64Array(outputs), count: 1 };
    expect(await choosePenalties(data, nothing)).toEqual(
      [1e4, 1e4, 1e4].map((value) => expect.closeTo(value, 6) as number),
    );
    await expect(choosePenalties(data, heldOut, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
