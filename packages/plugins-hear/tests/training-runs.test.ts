// Whole trainings of HeAR against PyTorch: the last block, adapters, and both.
import { join } from 'node:path';
import { it } from 'vitest';
import { describeTrainingFixtures, readJson, readTensors } from '../../../tests/support/training-fixtures.js';
import { expectRun } from '../../../tests/support/training-run.js';
import { trainingBatches } from './training-batches.js';

interface Run {
  readonly steps: number;
  readonly batchSize: number;
  readonly order: readonly (readonly number[])[];
  readonly learningRate: number;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
  readonly warmupSteps: number;
  readonly learningRates: readonly number[];
  readonly losses: readonly number[];
  readonly gradientNorms: readonly number[];
  readonly final: string;
  readonly evaluationLogits: readonly (readonly number[])[];
  readonly zeroInExactArithmetic: readonly string[];
}

interface Case {
  readonly trainClips: number;
  readonly evaluationClips: number;
  readonly runs: Readonly<Record<string, Run>>;
}

describeTrainingFixtures('hear', 'HeAR, whole trainings', (folder) => {
  const { runs, trainClips, evaluationClips } = readJson<Case>(join(folder, 'case.json'));
  const batches = trainingBatches(folder);
  const evaluation = Array.from({ length: evaluationClips }, (_, index) => trainClips + index);

  it.each(Object.entries(runs))('repeats %s', async (mode, run) => {
    const batch = await batches.batch(mode);
    await expectRun({
      start: {
        ...batch,
        options: { ...batch.options, dimensions: { n: run.batchSize } },
        zeros: run.zeroInExactArithmetic,
      },
      trainer: {
        optimiser: { kind: 'adamw', betas: run.betas, epsilon: run.epsilon },
        clipNorm: run.clipNorm,
      },
      decayOf: (axes) => (axes >= 2 ? run.weightDecay : 0),
      learningRate: run.learningRate,
      schedule: { kind: 'cosine', warmup: run.warmupSteps, total: run.steps },
      inputs: (step) => batches.inputsOf(run.order[step]),
      evaluation: batches.inputsOf(evaluation),
      expected: { ...run, final: readTensors(join(folder, run.final)) },
      limits: { losses: 1e-5, final: 1e-3, evaluation: 3e-5 },
    });
  });
});
