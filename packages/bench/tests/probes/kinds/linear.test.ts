import { describe, expect, it } from 'vitest';
import { Random } from '@hearken/metrics';
import { sceneTask, type SceneOptions } from '../../evaluation/made-up-task.js';
import { accuracy, lossValidation, rowsOf, splitRows } from '../rows-of.js';
import { testProbe } from '../sessions.js';

async function train(options: SceneOptions, seed = 1) {
  const task = sceneTask(options);
  const { predictionType } = task.metadata;
  const [own, valid, test] = ['train', 'valid', 'test'].map((name) => splitRows(task, name));
  const probe = await testProbe('linear', predictionType);
  const [configuration, ...others] = probe.configurations(
    'default',
    { taskName: 'any', evaluationParams: {} },
    8,
    new Random(0),
  );
  expect(others).toEqual([]);
  const trained = await probe.train(own, valid, lossValidation(valid, predictionType), configuration, { seed });
  return { probe, trained, own, test, predictions: await probe.predict(trained, test) };
}

describe('the linear probe', () => {
  it.each([2, 3, 7])('learns %d classes', async (labelCount) => {
    const { trained, predictions, test } = await train({ labelCount, noise: 0.4, size: 12 });
    expect(accuracy(predictions, test)).toBeGreaterThan(0.95);
    expect(trained.details).toMatchObject({ converged: true });
    for (let row = 0; row < test.count; row += 1) {
      const sum = predictions.probabilities.subarray(row * labelCount, (row + 1) * labelCount).reduce((a, b) => a + b);
      expect(sum).toBeCloseTo(1, 5);
    }
  });

  it('learns several labels a row, each with a strength of its own', async () => {
    const { trained, predictions, test } = await train({ predictionType: 'multilabel', noise: 0.3, size: 12 });
    expect(trained.details?.C).toHaveLength(3);
    const targets = test.targets();
    const right = predictions.probabilities.filter((value, index) => value > 0.5 === (targets[index] === 1));
    expect(right.length / targets.length).toBeGreaterThan(0.95);
  });

  it('penalises more where there is nothing to learn', async () => {
    const strength = async (noise: number) => (await train({ noise })).trained.details?.C as number;
    expect(await strength(50)).toBeLessThan(await strength(0.8));
  });

  it('is the same for the same seed; another one deals other folds', async () => {
    const options = { noise: 2.5, size: 12 };
    const [first, again, other] = [await train(options), await train(options), await train(options, 2)];
    expect(again.trained.arrays).toEqual(first.trained.arrays);
    expect(again.predictions).toEqual(first.predictions);
    expect(other.trained.arrays.weight).not.toEqual(first.trained.arrays.weight);
  });

  it('learns nothing from validation rows', async () => {
    const { probe, trained, own, test } = await train({ noise: 2 });
    const zeros = rowsOf(new Float32Array(5 * own.size), Uint8Array.of(1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0), 5);
    const [configuration] = probe.configurations('fast', { taskName: '', evaluationParams: {} }, 1, new Random(0));
    const other = await probe.train(own, zeros, lossValidation(zeros, 'multiclass'), configuration, { seed: 1 });
    expect(other.arrays).toEqual(trained.arrays);
    expect(other.validationScore).not.toBe(trained.validationScore);
    expect(await probe.predict(other, test)).toEqual(await probe.predict(trained, test));
  });

  it('does not mind scales, or a value that never varies', async () => {
    const task = sceneTask({ noise: 1.5 });
    const [own, valid, test] = ['train', 'valid', 'test'].map((name) => splitRows(task, name));
    const stretch = (rows: typeof own) => {
      const { embeddings, count } = rows.splits[0];
      const wide = Float32Array.from({ length: count * (own.size + 1) }, (_, index) => {
        const column = index % (own.size + 1);
        const row = Math.floor(index / (own.size + 1));
        return column === own.size ? 3 : embeddings[row * own.size + column] * 10 ** (column - 3) + column;
      });
      return rows.withEmbeddings(wide, own.size + 1);
    };
    const probe = await testProbe('linear', 'multiclass');
    const [configuration] = probe.configurations('default', { taskName: '', evaluationParams: {} }, 1, new Random(0));
    const run = async ([train, check, unseen]: (typeof own)[]) => {
      const trained = await probe.train(train, check, lossValidation(check, 'multiclass'), configuration, { seed: 1 });
      return (await probe.predict(trained, unseen)).probabilities;
    };
    const plain = await run([own, valid, test]);
    const stretched = await run([own, valid, test].map(stretch));
    plain.forEach((value, index) => expect(stretched[index]).toBeCloseTo(value, 3));
  });

  it('copes with one training row, and with one clip', async () => {
    const probe = await testProbe('linear', 'multiclass');
    const [configuration] = probe.configurations('default', { taskName: '', evaluationParams: {} }, 1, new Random(0));
    const one = rowsOf([1, 2], [0, 1], 1);
    const trained = await probe.train(one, one, lossValidation(one, 'multiclass'), configuration, { seed: 1 });
    const { probabilities } = await probe.predict(trained, one);
    expect(probabilities[1]).toBeGreaterThan(0.5);
    const clip = rowsOf([0, 1, 2, 3], [1, 0, 1, 0, 0, 1, 0, 1], 4, [0, 0, 0, 0]);
    const ofClip = await probe.train(clip, clip, lossValidation(clip, 'multiclass'), configuration, { seed: 1 });
    // Nothing to hold out: scikit-learn's default strength.
    expect(ofClip.details?.C).toBe(1);
    expect(accuracy(await probe.predict(ofClip, clip), clip)).toBe(1);
  });

  it('stops when it is told to', async () => {
    const task = sceneTask({ noise: 1 });
    const [own, valid] = ['train', 'valid'].map((name) => splitRows(task, name));
    const probe = await testProbe('linear', 'multiclass');
    const [configuration] = probe.configurations('default', { taskName: '', evaluationParams: {} }, 1, new Random(0));
    const controller = new AbortController();
    const training = probe.train(own, valid, lossValidation(valid, 'multiclass'), configuration, {
      seed: 1,
      abortSignal: controller.signal,
      onEpoch: (fits, allFits) => {
        expect(allFits).toBe(51);
        if (fits === 3) controller.abort(new Error('enough'));
      },
    });
    await expect(training).rejects.toThrow('enough');
  });
});
