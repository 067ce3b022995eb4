import { describe, expect, it } from 'vitest';
import { sharedSplits } from '../../src/evaluation/lanes/shared-splits.js';
import type { ProbeConfiguration } from '@hearken/results';
import type { MlpShape } from '../../src/probes/mlp/parameters.js';
import { predictionGraph } from '../../src/probes/mlp/prediction-graph.js';
import { createProbeSession } from '../../src/probes/probe-session.node.js';
import { createProbe } from '../../src/probes/registry.js';
import { Rows } from '../../src/probes/rows.js';
import { sceneTask } from '../evaluation/made-up-task.js';
import { lossValidation } from './rows-of.js';

const configurations: Record<string, ProbeConfiguration> = {
  mlp: {
    hiddenLayers: 2,
    hiddenDimension: 57,
    dropout: 0.1,
    learningRate: 1e-3,
    patience: 10,
    maxEpochs: 4,
    checkEveryEpochs: 2,
    batchSize: 64,
    hiddenNorm: 'batch',
    initialization: 'xavierUniform',
  },
  linear: { folds: 3 },
  logreg: { steps: 20 },
};

const shape: MlpShape = {
  inputs: 3,
  outputs: 2,
  hiddenLayers: 1,
  hiddenDimension: 4,
  hiddenNorm: 'batch',
  predictionType: 'multiclass',
};
const task = sceneTask({ rows: { train: 151, valid: 53, test: 71 }, size: 31, labelCount: 7, noise: 3 });
const own = new Map(task.splits);
const shared = sharedSplits(task.splits);

async function trainAndPredict(name: string, splits: typeof shared, pca?: number) {
  const context = { createSession: createProbeSession, predictionType: 'multiclass' } as const;
  const probe = await createProbe(name, context, { pca });
  try {
    const [train, valid, test] = ['train', 'valid', 'test'].map((split) => new Rows([splits.get(split)!]));
    const validation = lossValidation(valid, 'multiclass');
    const trained = await probe.train(train, valid, validation, configurations[name], { seed: 3 });
    return { arrays: trained.arrays, ...(await probe.predict(trained, test)) };
  } finally {
    await probe.dispose();
  }
}

describe('the session of a probe', () => {
  it('has one thread, so that sums are the same on any machine of its kind', async () => {
    const session = await createProbeSession(predictionGraph(shape));
    expect(session.backend).toMatch(/, 1 thread$/);
    await session.dispose();
  });
});

describe.each(Object.keys(configurations))('the %s probe', (name) => {
  it('learns from rows in shared memory as from any others', async () => {
    expect(await trainAndPredict(name, shared)).toEqual(await trainAndPredict(name, own));
    expect(await trainAndPredict(name, shared, 20)).toEqual(await trainAndPredict(name, own, 20));
  });

  it('keeps arrays of its own, which may be given away', async () => {
    const createSession = createProbeSession;
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
