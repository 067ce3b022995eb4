import { OptionError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import type { GridName } from '@hearken/results';
import { Random } from '@hearken/metrics';
import { TrainingMatrix } from '../../../src/probes/logreg/training-matrix.js';
import { sceneTask } from '../../evaluation/made-up-task.js';
import { accuracy, lossValidation, rowsOf, splitRows } from '../rows-of.js';
import { testProbe } from '../sessions.js';

describe('the logreg probe', () => {
  it('learns classes, and gives probabilities that sum to one', async () => {
    const task = sceneTask({ noise: 0.4 });
    const [train, valid, test] = ['train', 'valid', 'test'].map((name) => splitRows(task, name));
    const probe = await testProbe('logreg', 'multiclass');
    const validation = lossValidation(valid, 'multiclass');
    const trained = await probe.train(train, valid, validation, { steps: 100 }, { seed: 1 });
    const { probabilities, logits } = await probe.predict(trained, test);
    expect(accuracy({ probabilities, logits }, test)).toBeGreaterThan(0.95);
    for (let row = 0; row < test.count; row += 1) {
      expect(probabilities.subarray(row * 3, row * 3 + 3).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    }
    const again = await probe.train(train, valid, validation, { steps: 100 }, { seed: 1 });
    expect(again.arrays).toEqual(trained.arrays);
    // More steps fit the training rows closer.
    const more = await probe.train(train, train, lossValidation(train, 'multiclass'), { steps: 300 }, { seed: 1 });
    const fewer = await probe.train(train, train, lossValidation(train, 'multiclass'), { steps: 30 }, { seed: 1 });
    expect(more.validationScore).toBeLessThan(fewer.validationScore);
  });

  it('learns several labels a row', async () => {
    const task = sceneTask({ predictionType: 'multilabel', noise: 0.3, size: 12 });
    const [train, valid, test] = ['train', 'valid', 'test'].map((name) => splitRows(task, name));
    const probe = await testProbe('logreg', 'multilabel');
    const trained = await probe.train(train, valid, lossValidation(valid, 'multilabel'), { steps: 300 }, { seed: 1 });
    const { probabilities } = await probe.predict(trained, test);
    const targets = test.targets();
    const right = probabilities.filter((value, index) => value > 0.5 === (targets[index] === 1));
    expect(right.length / targets.length).toBeGreaterThan(0.95);
  });

  it('leaves labels out that no training row has', async () => {
    const targets = [1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1];
    const rows = rowsOf([0, 1, 4, 5], targets, 4);
    for (const predictionType of ['multiclass', 'multilabel'] as const) {
      const probe = await testProbe('logreg', predictionType);
      const trained = await probe.train(rows, rows, lossValidation(rows, predictionType), { steps: 100 }, { seed: 1 });
      const predictions = await probe.predict(trained, rows);
      expect(accuracy(predictions, rows)).toBe(1);
      for (let row = 0; row < 4; row += 1) {
        expect(predictions.probabilities[row * 3 + 1]).toBeGreaterThan(0);
        expect(predictions.probabilities[row * 3 + 1]).toBeLessThan(0.15);
      }
    }
  });

  it('descends with the largest safe step: the eigenvalue is the right one', () => {
    const rows = rowsOf([1, 2, 3, 4, 0, -2], new Uint8Array(3).fill(1), 3);
    const matrix = TrainingMatrix.ofRows(rows, { mean: Float32Array.of(0, 0), factor: Float32Array.of(1, 1) });
    expect(matrix.to2DArray()).toEqual([
      [1, 2, 1],
      [3, 4, 1],
      [0, -2, 1],
    ]);
    // Of [[10, 14, 4], [14, 24, 4], [4, 4, 3]], by NumPy.
    expect(matrix.largestEigenvalue()).toBeCloseTo(33.643317, 5);
  });

  it('tries numbers of steps', async () => {
    const probe = await testProbe('logreg', 'multiclass');
    const draw = (grid: string, count: number) =>
      probe.configurations(grid as GridName, { taskName: '', evaluationParams: {} }, count, new Random(1));
    expect(draw('default', 8)).toHaveLength(4);
    expect(draw('faster', 1)).toHaveLength(1);
    expect(() => draw('quick', 1)).toThrow(OptionError);
  });
});
