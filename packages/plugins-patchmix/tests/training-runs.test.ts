// Whole trainings of Patch-Mix against PyTorch, by each of its three methods.
import { join } from 'node:path';
import { it } from 'vitest';
import { describeTrainingFixtures, readJson, readTensors } from '../../../tests/support/training-fixtures.js';
import { expectRun } from '../../../tests/support/training-run.js';
import { type Method, trainingBatches } from './training-batches.js';

interface Run {
  readonly method: Method;
  readonly learningRate: number;
  readonly steps: number;
  readonly epochs: number;
  readonly weightDecay: number;
  readonly movingAverageBeta: number;
  readonly learningRates: readonly number[];
  readonly losses: readonly number[];
  readonly final: string;
  readonly evaluationLogits: readonly (readonly number[])[];
  readonly zeroInExactArithmetic: readonly string[];
}

interface Case {
  readonly trainClips: number;
  readonly evaluationClips: number;
  readonly runs: Readonly<Record<string, Run>>;
}

describeTrainingFixtures('patchmix', 'Patch-Mix, whole trainings', (folder) => {
  const { runs, trainClips, evaluationClips } = readJson<Case>(join(folder, 'case.json'));
  const batches = trainingBatches(folder);
  const clips = Array.from({ length: evaluationClips }, (_, index) => trainClips + index);

  it.each(Object.entries(runs))('repeats %s', async (_name, run) => {
    const { method, epochs, steps } = run;
    const start = await batches.batch(method);
    const isContrast = method === 'patchmix_cl';
    const final = [...readTensors(join(folder, run.final))];
    await expectRun({
      start: { ...start, zeros: run.zeroInExactArithmetic },
      trainer: { optimiser: { kind: 'adam' }, keep: run.movingAverageBeta },
      decayOf: () => run.weightDecay,
      learningRate: run.learningRate,
      schedule: { kind: 'epoch-cosine', epochs, stepsPerEpoch: steps / epochs, lowest: 0.1 ** 3 },
      inputs: (step) => batches.inputsOf(method, step),
      evaluation: batches.evaluation(method, clips),
      // The other methods keep the projector's statistics as they are in the checkpoint.
      expected: { ...run, final: new Map(final.filter(([name]) => isContrast || !name.startsWith('projector.'))) },
      limits: { losses: 2e-5, final: 3e-2, evaluation: 1e-4 },
    });
  });
});
