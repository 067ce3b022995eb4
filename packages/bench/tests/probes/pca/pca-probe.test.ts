import { describe, expect, it } from 'vitest';
import { Random } from '@hearken/metrics';
import { principalComponents } from '../../../src/probes/pca/principal-components.js';
import { centring } from '../../../src/probes/standardization.js';
import { sceneTask } from '../../evaluation/made-up-task.js';
import { accuracy, lossValidation, rowsOf, splitRows } from '../rows-of.js';
import { createSession, testProbe } from '../sessions.js';

/** Rows of deviation 10, 3, 1 and 0.1 along four axes that are rotated in pairs, around a mean far from 0. */
function ellipsoid(count: number, size = 4) {
  const random = new Random(8);
  const values = new Float32Array(count * size);
  for (let row = 0; row < count; row += 1) {
    const [a, b, c, d] = [10, 3, 1, 0.1].map((deviation) => deviation * random.normal());
    values.set([0.6 * a - 0.8 * b, 0.8 * a + 0.6 * b, 0.6 * c - 0.8 * d, 0.8 * c + 0.6 * d], row * size);
    for (let index = 0; index < size; index += 1) values[row * size + index] += 5 * index;
  }
  return rowsOf(
    values,
    Uint8Array.from({ length: 2 * count }, (_, index) => Number((index >> 1) % 2 === (index & 1))),
    count,
  );
}

describe('principal components', () => {
  it('are the axes of an ellipsoid, the longest first', async () => {
    const rows = ellipsoid(4000);
    const { axes, variances, count } = await principalComponents(rows, centring(rows), createSession);
    expect(count).toBe(4);
    [100, 9, 1, 0.01].forEach((variance, index) => expect(variances[index] / variance).toBeCloseTo(1, 0));
    [0.6, 0.8, 0, 0].forEach((value, index) => expect(axes[index]).toBeCloseTo(value, 1));
    for (let left = 0; left < 4; left += 1) {
      for (let right = 0; right < 4; right += 1) {
        const product = [0, 1, 2, 3].reduce((sum, index) => sum + axes[left * 4 + index] * axes[right * 4 + index], 0);
        expect(product).toBeCloseTo(Number(left === right), 5);
      }
    }
  });

  it('of few rows span what the rows vary along', async () => {
    const rows = ellipsoid(3, 40);
    const { axes, variances, count } = await principalComponents(rows, centring(rows), createSession);
    expect(count).toBe(2);
    const { mean } = centring(rows);
    const { embeddings } = rows.splits[0];
    for (let row = 0; row < 3; row += 1) {
      const centred = Array.from({ length: 40 }, (_, index) => embeddings[row * 40 + index] - mean[index]);
      const projected = new Array<number>(40).fill(0);
      for (let component = 0; component < count; component += 1) {
        const along = centred.reduce((sum, value, index) => sum + value * axes[component * 40 + index], 0);
        projected.forEach((_, index) => (projected[index] += along * axes[component * 40 + index]));
      }
      centred.forEach((value, index) => expect(projected[index]).toBeCloseTo(value, 3));
    }
    expect(variances[0]).toBeGreaterThanOrEqual(variances[1]);
  });

  it('of rows that are all the same are there, and zero', async () => {
    const rows = rowsOf(new Float32Array(12).fill(7), Uint8Array.of(1, 1, 1), 3);
    const { axes, count } = await principalComponents(rows, centring(rows), createSession);
    expect(count).toBe(1);
    expect(axes.every((value) => value === 0)).toBe(true);
  });
});

describe('a probe on principal components', () => {
  const { metadata } = sceneTask();
  const task = sceneTask({ noise: 0.4, size: 20 });
  const [train, valid, test] = ['train', 'valid', 'test'].map((name) => splitRows(task, name));
  const validation = lossValidation(valid, 'multiclass');

  it.each(['linear', 'logreg', 'mlp'])('learns: %s', async (name) => {
    const probe = await testProbe(name, 'multiclass', { pca: 3 });
    const [configuration] = probe.configurations('faster', metadata, 1, new Random(2));
    const longer =
      name === 'mlp' ? { ...configuration, learningRate: 1e-2, maxEpochs: 60, patience: 60 } : configuration;
    const trained = await probe.train(train, valid, validation, longer, { seed: 1 });
    expect(trained.details?.pca).toMatchObject({ components: 3 });
    expect(accuracy(await probe.predict(trained, test), test)).toBeGreaterThan(0.95);
  });

  it('keeps as many as the share of the variance takes', async () => {
    const rows = ellipsoid(200);
    const components = async (pca: number) => {
      const probe = await testProbe('logreg', 'multiclass', { pca });
      const trained = await probe.train(rows, rows, lossValidation(rows, 'multiclass'), { steps: 3 }, { seed: 1 });
      return trained.details?.pca as { components: number; keptVariance: number };
    };
    expect((await components(0.8)).components).toBe(1);
    expect((await components(0.95)).components).toBe(2);
    expect((await components(0.999)).components).toBe(3);
    expect((await components(4)).keptVariance).toBeCloseTo(1, 6);
  });

  it('is fitted on training rows alone', async () => {
    const probe = await testProbe('linear', 'multiclass', { pca: 2 });
    const [configuration] = probe.configurations('default', metadata, 1, new Random(0));
    const first = await probe.train(train, valid, validation, configuration, { seed: 1 });
    const moved = valid.withEmbeddings(
      valid.splits[0].embeddings.map((value) => value * 9 + 4),
      valid.size,
    );
    const second = await probe.train(train, moved, lossValidation(moved, 'multiclass'), configuration, { seed: 1 });
    expect(second.arrays).toEqual(first.arrays);
  });

  it('predicts from what a journal keeps of it', async () => {
    const probe = await testProbe('linear', 'multiclass', { pca: 3 });
    const [configuration] = probe.configurations('default', metadata, 1, new Random(0));
    const { values, arrays } = await probe.train(train, valid, validation, configuration, { seed: 1 });
    const other = await testProbe('linear', 'multiclass', { pca: 3 });
    const kept = { values: JSON.parse(JSON.stringify(values)) as typeof values, arrays };
    expect(await other.predict(kept, test)).toEqual(await probe.predict({ values, arrays }, test));
  });

  it('refuses more components than there are', async () => {
    const probe = await testProbe('linear', 'multiclass', { pca: 21 });
    const [configuration] = probe.configurations('default', metadata, 1, new Random(0));
    const training = probe.train(train, valid, validation, configuration, { seed: 1 });
    await expect(training).rejects.toThrow('which have 20 at most');
  });
});
