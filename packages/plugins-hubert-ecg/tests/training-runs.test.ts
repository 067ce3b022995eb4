// Whole trainings of HuBERT-ECG against PyTorch: without dropout, as the authors' script drops, and with skipped blocks.
import { join } from 'node:path';
import { it } from 'vitest';
import type { StepInputs } from '@hearken/train';
import { describeTrainingFixtures, readJson, readTensors } from '../../../tests/support/training-fixtures.js';
import { expectRun, runSteps } from '../../../tests/support/training-run.js';
import { trainingBatches, unpackMask } from './training-batches.js';

interface Run {
  readonly mode: string;
  readonly steps: number;
  readonly order: readonly (readonly number[])[];
  readonly learningRate: number;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly warmupSteps: number;
  readonly attentionDropout: number;
  readonly moduleDropout: number;
  readonly classifierDropout: number;
  readonly learningRates: readonly number[];
  readonly losses: readonly number[];
  readonly final: string;
  readonly evaluationLogits: readonly (readonly number[])[];
  readonly zeroInExactArithmetic: readonly string[];
  readonly maskSets?: string;
  readonly maskSetOfStep?: readonly number[];
  readonly skippedBlocks?: readonly (readonly number[])[];
}

interface Case {
  readonly trainRecords: number;
  readonly evaluationRecords: number;
  readonly maskShapes: Readonly<Record<string, readonly number[]>>;
  readonly runs: Readonly<Record<string, Run>>;
}

describeTrainingFixtures('hubert-ecg', 'HuBERT-ECG, whole trainings', (folder) => {
  const { runs, trainRecords, evaluationRecords, maskShapes } = readJson<Case>(join(folder, 'case.json'));
  const batches = trainingBatches(folder);
  const records = Array.from({ length: evaluationRecords }, (_, index) => trainRecords + index);

  /** The masks of a step, by the names of the graph's inputs. */
  function masksOf(run: Run): (step: number) => StepInputs {
    const { maskSets, maskSetOfStep } = run;
    if (maskSets === undefined || maskSetOfStep === undefined) return () => ({});
    const packed = readTensors(join(folder, maskSets));
    const probabilityOf = (place: string) => {
      if (place === 'classifier') return run.classifierDropout;
      return place.endsWith('.attention') ? run.attentionDropout : run.moduleDropout;
    };
    const masksOfSet = (set: string) =>
      [...packed]
        .filter(([name]) => name.startsWith(set))
        .map(([name, tensor]) => {
          const place = name.slice(set.length);
          const shape = maskShapes[place];
          return [`dropout/${place}`, { data: unpackMask(tensor, shape, probabilityOf(place)), shape }] as const;
        });
    // Few sets are used again and again.
    const sets = new Map<number, StepInputs>();
    return (step) => {
      const set = maskSetOfStep[step];
      if (!sets.has(set)) sets.set(set, Object.fromEntries(masksOfSet(`set${set}.`)));
      return sets.get(set)!;
    };
  }

  it.each(Object.entries(runs))('repeats %s', async (_name, run) => {
    const skipped = run.skippedBlocks;
    const options = {
      dropout: {
        attention: run.attentionDropout > 0,
        modules: run.moduleDropout > 0,
        classifier: run.classifierDropout > 0,
      },
      layerDrop: skipped !== undefined,
    };
    const start = await batches.start(run.mode, run.order[0], options);
    const keptLayers = (blocks: readonly number[]) => ({
      keptLayers: { data: Float32Array.from(blocks, (isSkipped) => 1 - isSkipped), shape: [blocks.length] },
    });
    const masks = masksOf(run);
    const evaluation = await batches.start(run.mode, records, options);
    await expectRun(
      {
        start: { ...start, zeros: run.zeroInExactArithmetic },
        trainer: { optimiser: { kind: 'adamw', betas: run.betas, epsilon: run.epsilon } },
        decayOf: () => run.weightDecay,
        learningRate: run.learningRate,
        schedule: { kind: 'linear', warmup: run.warmupSteps, total: run.steps },
        inputs: (step) => ({
          ...batches.inputsOf(run.order[step]),
          ...masks(step),
          ...(skipped === undefined ? {} : keptLayers(skipped[step])),
        }),
        ...(skipped === undefined
          ? {}
          : { withoutGradient: (step: number) => namesOf(start.options.parameters, skipped[step]) }),
        evaluation: {
          ...evaluation.inputs,
          ...(skipped === undefined ? {} : keptLayers(skipped[0].map(() => 0))),
        },
        expected: { ...run, final: readTensors(join(folder, run.final)) },
        limits: { losses: 1e-5, final: 2e-3, evaluation: 3e-5 },
      },
      runSteps(run.steps),
    );
  });
});

/** The tensors of skipped blocks. */
function namesOf(parameters: readonly string[], skipped: readonly number[]): ReadonlySet<string> {
  return new Set(
    parameters.filter((name) => {
      const block = /encoder\.layers\.(\d+)\./.exec(name)?.[1];
      return block !== undefined && skipped[Number(block)] === 1;
    }),
  );
}
