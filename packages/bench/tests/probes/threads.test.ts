import { createNodeSession } from '@hearken/onnx';
import { describe, expect, it } from 'vitest';
import { sharedSplits } from '../../src/probes/lanes/shared-splits.js';
import type { ProbeConfiguration } from '../../src/probes/configuration.js';
import { createProbe } from '../../src/probes/registry.js';
import { Rows } from '../../src/probes/rows.js';
import { unsharedInputs } from '../../src/probes/unshared-inputs.js';
import { sceneTask } from '../evaluation/made-up-task.js';
import { lossValidation } from './rows-of.js';

const configurations: Record<string, ProbeConfiguration> = {
  mlp: {
    hiddenLayers: 2,
    hiddenDimension: 257,
    dropout: 0.1,
    learningRate: 1e-3,
    patience: 10,
    maxEpochs: 4,
    checkEveryEpochs: 2,
    batchSize: 512,
    hiddenNorm: 'batch',
    initialization: 'xavierUniform',
  },
  linear: { folds: 3 },
  logreg: { steps: 20 },
};

// Large and odd enough for the runtime to divide products between threads, unevenly.
const task = sceneTask({ rows: { train: 701, valid: 203, test: 301 }, size: 131, labelCount: 7, noise: 3 });
const shared = sharedSplits(task.splits);

async function trainAndPredict(name: string, threads: number, splits = task.splits, pca?: number) {
  const createSession = async (model: Uint8Array) => unsharedInputs(await createNodeSession(model, { threads }));
  const probe = await createProbe(name, { createSession, predictionType: 'multiclass' }, { pca });
  try {
    const [train, valid, test] = ['train', 'valid', 'test'].map((split) => new Rows([splits.get(split)!]));
    const validation = lossValidation(valid, 'multiclass');
    const trained = await probe.train(train, valid, validation, configurations[name], { seed: 3 });
    return { arrays: trained.arrays, ...(await probe.predict(trained, test)) };
  } finally {
    await probe.dispose();
  }
}

// What lets trainings be done side by side: a score that depended on threads could not be repeated elsewhere.
describe.each(Object.keys(configurations))('the %s probe', (name) => {
  it('gives the same bits with any number of threads', async () => {
    const one = await trainAndPredict(name, 1);
    for (const threads of [2, 3, 4]) expect(await trainAndPredict(name, threads)).toEqual(one);
    const reduced = await trainAndPredict(name, 1, task.splits, 20);
    expect(await trainAndPredict(name, 2, task.splits, 20)).toEqual(reduced);
  });

  it('learns from rows in shared memory as from any others', async () => {
    expect(await trainAndPredict(name, 1, shared)).toEqual(await trainAndPredict(name, 1));
    expect(await trainAndPredict(name, 1, shared, 20)).toEqual(await trainAndPredict(name, 1, task.splits, 20));
  });

  it('keeps arrays of its own, which may be given away', async () => {
    const createSession = (model: Uint8Array) => createNodeSession(model, { threads: 1 });
    for (const pca of [undefined, 20]) {
      const probe = await createProbe(name, { createSession, predictionType: 'multiclass' }, { pca });
      const [train, valid] = ['train', 'valid'].map((split) => new Rows([task.splits.get(split)!]));
      const run = () =>
        probe.train(train, valid, lossValidation(valid, 'multiclass'), configurations[name], { seed: 3 });
      const { arrays } = await run();
      const transfer = new Set(Object.values(arrays).map(({ buffer }) => buffer as ArrayBuffer));
      const given = structuredClone(arrays, { transfer: [...transfer] });
      expect((await run()).arrays).toEqual(given);
      await probe.dispose();
    }
  });
});
