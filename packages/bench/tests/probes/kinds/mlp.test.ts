import { describe, expect, it } from 'vitest';
import { Random } from '@hearken/metrics';
import type { MlpConfiguration } from '../../../src/probes/mlp/parameters.js';
import type { Predictions, Validation } from '../../../src/probes/probe.js';
import { sceneTask } from '../../evaluation/made-up-task.js';
import { accuracy, lossValidation, splitRows } from '../rows-of.js';
import { testProbe } from '../sessions.js';

const small: MlpConfiguration = {
  hiddenLayers: 1,
  hiddenDimension: 16,
  dropout: 0.1,
  learningRate: 1e-2,
  patience: 2,
  maxEpochs: 30,
  checkEveryEpochs: 1,
  batchSize: 32,
  hiddenNorm: 'batch',
  initialization: 'xavierUniform',
};

const task = sceneTask({ noise: 1 });
const [train, valid, test] = ['train', 'valid', 'test'].map((name) => splitRows(task, name));

/** Scores that come from a list, and what was predicted at each. */
function scripted(scores: readonly number[], maximize = true) {
  const seen: Predictions[] = [];
  const validation: Validation<number> = {
    maximize,
    score: (predictions) => ({ score: scores[seen.push(predictions) - 1], decision: seen.length }),
  };
  return { validation, seen };
}

describe('the MLP probe', () => {
  it('keeps the first of equal best checks and stops after `patience` checks without a better one', async () => {
    const probe = await testProbe('mlp', 'multiclass');
    const { validation, seen } = scripted([0.5, 0.7, 0.7, 0.6, 0.9]);
    const trained = await probe.train(train, valid, validation, small, { seed: 1 });
    expect(trained).toMatchObject({ validationScore: 0.7, decision: 2, epoch: 2, epochsTrained: 4 });
    expect(seen).toHaveLength(4);
    const again = await probe.predict(trained, valid);
    expect(again.probabilities).toEqual(seen[1].probabilities);
    expect(again.probabilities).not.toEqual(seen[2].probabilities);
  });

  it('counts checks anew after each better one, and goes downwards where less is better', async () => {
    const probe = await testProbe('mlp', 'multiclass');
    const { validation } = scripted([3, 4, 2, 5, 1, 1, 1], false);
    const trained = await probe.train(train, valid, validation, small, { seed: 1 });
    expect(trained).toMatchObject({ validationScore: 1, epoch: 5, epochsTrained: 7 });
  });

  it('ends a training whose score is not finite, as heareval does, with the best parameters before', async () => {
    const probe = await testProbe('mlp', 'multiclass');
    const { validation } = scripted([0.1, 0.2, Number.NaN, 0.9]);
    const trained = await probe.train(train, valid, validation, small, { seed: 1 });
    expect(trained).toMatchObject({ validationScore: 0.2, epoch: 2, epochsTrained: 3, details: { stoppedAt: 3 } });
    const never = await probe.train(train, valid, scripted([-Infinity, 0.3]).validation, small, { seed: 1 });
    expect(never).toMatchObject({ validationScore: -Infinity, epoch: 1, epochsTrained: 1 });
  });

  it('checks only every so many epochs, and at the end if there was no check', async () => {
    const probe = await testProbe('mlp', 'multiclass');
    const { validation, seen } = scripted([0.1, 0.2, 0.3]);
    const sparse = { ...small, checkEveryEpochs: 10 };
    const trained = await probe.train(train, valid, validation, sparse, { seed: 1 });
    expect(trained).toMatchObject({ epoch: 30, epochsTrained: 30 });
    expect(seen).toHaveLength(3);
    const late = scripted([0.4]);
    const short = { ...sparse, maxEpochs: 4 };
    expect(await probe.train(train, valid, late.validation, short, { seed: 1 })).toMatchObject({
      validationScore: 0.4,
      epoch: 4,
      epochsTrained: 4,
    });
  });

  it('learns, with hidden layers and without', async () => {
    const probe = await testProbe('mlp', 'multiclass');
    const easy = sceneTask({ noise: 0.3 });
    const [own, check, unseen] = ['train', 'valid', 'test'].map((name) => splitRows(easy, name));
    for (const hiddenLayers of [0, 1, 2]) {
      const configuration = { ...small, hiddenLayers, patience: 10 };
      const validation = lossValidation(check, 'multiclass');
      const trained = await probe.train(own, check, validation, configuration, { seed: 3 });
      expect(accuracy(await probe.predict(trained, unseen), unseen)).toBeGreaterThan(0.95);
    }
  });

  it('gives the same numbers for the same seed, and others for another', async () => {
    const probe = await testProbe('mlp', 'multiclass');
    const run = async (seed: number) => {
      const trained = await probe.train(train, valid, lossValidation(valid, 'multiclass'), small, { seed });
      return (await probe.predict(trained, test)).logits;
    };
    expect(await run(5)).toEqual(await run(5));
    expect(await run(5)).not.toEqual(await run(6));
  });

  it('stops when it is told to', async () => {
    const probe = await testProbe('mlp', 'multiclass');
    const controller = new AbortController();
    const training = probe.train(train, valid, lossValidation(valid, 'multiclass'), small, {
      seed: 1,
      abortSignal: controller.signal,
      onEpoch: (epoch, maxEpochs) => {
        expect(maxEpochs).toBe(30);
        if (epoch === 2) controller.abort(new Error('enough'));
      },
    });
    await expect(training).rejects.toThrow('enough');
  });

  it('tries some of the grid, drawn by the seed', async () => {
    const probe = await testProbe('mlp', 'multiclass');
    const draw = (seed: number) =>
      probe.configurations('faster', { taskName: 'any', evaluationParams: {} }, 3, new Random(seed));
    expect(draw(1)).toHaveLength(3);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});
