// A whole training of EfficientAT against PyTorch.
import { join } from 'node:path';
import { it } from 'vitest';
import { openModelFiles } from '@hearken/onnx/node';
import { describeTrainingFixtures, type FloatTensor, readJson } from '../../../tests/support/training-fixtures.js';
import { expectRun } from '../../../tests/support/training-run.js';
import { trainingBatches } from './training-batches.js';

interface Run {
  readonly steps: number;
  readonly learningRate: number;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly schedule: {
    readonly warmUp: number;
    readonly rampDownStart: number;
    readonly rampDownLength: number;
    readonly lastValue: number;
  };
  readonly learningRates: readonly number[];
  readonly losses: readonly number[];
  readonly final: string;
  readonly evaluationLogits: readonly (readonly number[])[];
  readonly zeroInExactArithmetic: readonly string[];
}

interface Case {
  readonly trainClips: number;
  readonly evaluationClips: number;
  readonly batchSize: number;
  readonly run: Run;
}

describeTrainingFixtures('efficientat', 'EfficientAT, a whole training', (folder) => {
  const { run, trainClips, evaluationClips, batchSize } = readJson<Case>(join(folder, 'case.json'));
  const batches = trainingBatches(folder);
  const clips = Array.from({ length: evaluationClips }, (_, index) => trainClips + index);

  it('repeats it', async () => {
    const start = await batches.batch('train');
    await expectRun({
      start: { ...start, zeros: run.zeroInExactArithmetic },
      trainer: { optimiser: { kind: 'adam', betas: run.betas, epsilon: run.epsilon } },
      decayOf: () => run.weightDecay,
      learningRate: run.learningRate,
      schedule: { kind: 'epoch-ramp', ...run.schedule, stepsPerEpoch: trainClips / batchSize },
      inputs: batches.inputsOf,
      evaluation: batches.evaluation(clips),
      expected: { ...run, final: await readCheckpoint(join(folder, run.final)) },
      limits: { losses: 2e-4, final: 2e-2, evaluation: 5e-4 },
    });
  });
});

/** The floating-point tensors of a checkpoint. */
async function readCheckpoint(path: string): Promise<ReadonlyMap<string, FloatTensor>> {
  const files = await openModelFiles(path);
  const entries = [...files.checkpoint.tensors].filter(([, { dataType }]) => dataType === 'float32');
  return new Map(
    await Promise.all(
      entries.map(
        async ([name, entry]) => [name, { data: await files.readFloat32(entry), shape: entry.shape }] as const,
      ),
    ),
  );
}
