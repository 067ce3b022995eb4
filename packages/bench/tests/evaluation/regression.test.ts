import { join } from 'node:path';
import { OptionError, TaskError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { encodeWav } from '@hearken/signals';
import { compareResults } from '@hearken/results/node';
import { evaluateTask } from '../../src/evaluation/evaluate-task.node.js';
import type { EmbeddedSplit } from '../../src/embeddings/embedded-split.js';
import type { EvaluationInput } from '../../src/evaluation/evaluation.js';
import { taskScoring } from '../../src/kinds/registry.js';
import { Random } from '@hearken/metrics';
import { hasFailed } from '../../src/run/benchmark.js';
import { runBenchmark } from '../../src/run/run-benchmark.node.js';
import { writeTask } from '../../../../tests/support/task-folder.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { tone } from '../../../../tests/support/tone-task.js';
import { sceneTask } from './made-up-task.js';

const temporaryFolder = temporaryFolders();

/** Two targets of unlike units, linear in the embeddings but for noise. */
function numbersTask(evaluation = ['mae', 'r2']): EvaluationInput {
  const random = new Random(3);
  const { metadata } = sceneTask();
  const size = 8;
  const splits = new Map<string, EmbeddedSplit>();
  for (const [name, count] of Object.entries({ train: 200, valid: 80, test: 80 })) {
    const embeddings = Float32Array.from({ length: count * size }, () => random.normal());
    const values = new Float64Array(count * 2);
    for (let row = 0; row < count; row += 1) {
      const [first, second, third] = embeddings.subarray(row * size);
      values[2 * row] = 4 + 0.5 * first - 0.2 * second + 0.05 * random.normal();
      values[2 * row + 1] = 2000 + 300 * third + 30 * random.normal();
    }
    const clipNames = Array.from({ length: count }, (_, row) => `${name}-${row}.wav`);
    const clipOf = Uint32Array.from(clipNames.keys());
    splits.set(name, { embeddings, count, size, targets: new Uint8Array(), values, clipNames, clipOf });
  }
  return {
    metadata: { ...metadata, predictionType: 'regression', evaluation },
    labels: ['fev1', 'millilitres'],
    splits,
  };
}

const options = { grid: 'faster', gridPoints: 2, seed: 0, threads: 1, lanes: 1 } as const;

describe('regression', () => {
  it.each(['mlp', 'linear'])('is learned by the %s probe, in the targets own units', async (probe) => {
    const task = numbersTask(['r2', 'mae']);
    const { scores, folds } = await evaluateTask(task, {
      ...options,
      probe,
      grid: probe === 'mlp' ? 'fast' : 'faster',
    });
    expect(scores.r2.mean).toBeGreaterThan(probe === 'mlp' ? 0.7 : 0.97);
    const [{ predictions }] = folds;
    const litres = predictions.filter((_, index) => index % 2 === 0);
    const millilitres = predictions.filter((_, index) => index % 2 === 1);
    expect(litres.reduce((sum, value) => sum + value, 0) / litres.length).toBeCloseTo(4, 0);
    expect(Math.abs(millilitres.reduce((sum, value) => sum + value, 0) / millilitres.length - 2000)).toBeLessThan(100);
  });

  it('takes the smallest error, not the largest, for the best', async () => {
    const { gridPoints, folds } = await evaluateTask(numbersTask(), { ...options, gridPoints: 3, probe: 'mlp' });
    expect(folds[0].validationScore).toBe(Math.min(...gridPoints.map(({ validationScore }) => validationScore)));
  });

  it('is beyond the logreg probe', async () => {
    const refused = evaluateTask(numbersTask(), { ...options, probe: 'logreg' });
    await expect(refused).rejects.toThrow(OptionError);
    await expect(refused).rejects.toThrow("choose 'mlp' or 'linear'");
  });

  it.each([
    ['multiclass', 'mae', /top1_acc/],
    ['regression', 'top1_acc', /mae, rmse, r2, pearson/],
    ['multiclass', 'event_onset_200ms_fms', /top1_acc/],
    ['multilabel', 'icbhi_score', /multiclass/],
    ['multilabel', 'sensitivity', /positive_label/],
    ['multilabel', 'cinc2020', /cinc2020_weights\.csv/],
  ] as const)('%s tasks have no %s, and are told what to do', (predictionType, metric, message) => {
    const { metadata, labels } = sceneTask({ predictionType, evaluation: [metric] });
    expect(() => taskScoring(metadata, labels)).toThrow(TaskError);
    expect(() => taskScoring(metadata, labels)).toThrow(message);
  });
});

describe('thresholds', () => {
  it('are chosen on validation and go with the test scores', async () => {
    const task = sceneTask({
      predictionType: 'multilabel',
      evaluation: ['aucroc', 'f1_macro', 'sensitivity'],
      evaluationParams: { positive_label: 'label1' },
      noise: 1.5,
    });
    const { folds } = await evaluateTask(task, { ...options, probe: 'linear' });
    const { decision, scores } = folds[0];
    const { thresholds } = decision as { thresholds: Record<string, number[]> };
    expect(Object.keys(thresholds)).toEqual(['f1_macro', 'sensitivity']);
    expect(thresholds.f1_macro).toHaveLength(3);
    const other = new Map([...task.splits, ['test', { ...task.splits.get('valid')! }]]);
    const elsewhere = await evaluateTask({ ...task, splits: other }, { ...options, probe: 'linear' });
    expect(elsewhere.folds[0].decision).toEqual(decision);
    expect(scores.sensitivity).toBeGreaterThan(0.5);
  });
});

describe('runBenchmark', () => {
  it('scores a regression task of tones from its files to its result, which can be compared', async () => {
    const folder = await temporaryFolder();
    const random = new Random(1);
    const files: Record<string, Uint8Array> = {};
    const splits: Record<string, Record<string, unknown>> = {};
    for (const [split, count] of Object.entries({ train: 60, valid: 20, test: 30 })) {
      splits[split] = {};
      for (let clip = 0; clip < count; clip += 1) {
        const octaves = random.uniform(0, 3);
        const step = (2 * Math.PI * 300 * 2 ** octaves) / 8000;
        files[`8000/${split}/${clip}.wav`] = encodeWav(tone(step, clip), 8000);
        splits[split][`${clip}.wav`] = clip % 2 === 0 ? octaves : { octaves };
      }
    }
    const task = await writeTask(join(folder, 'task'), {
      metadata: { task_name: 'pitch', prediction_type: 'regression', evaluation: ['mae', 'rmse', 'r2', 'pearson'] },
      vocabulary: 'idx,label\n0,octaves\n',
      splits,
      files,
    });
    const evaluation = { probe: 'linear', grid: 'default', gridPoints: 1, seed: 0 } as const;
    const run = { model: 'baseline', tasks: [task], cache: join(folder, 'cache'), evaluation };
    const [outcome] = await runBenchmark({ ...run, out: join(folder, 'out') });
    if (hasFailed(outcome)) throw outcome.error;
    const { scores, metric } = outcome.result;
    expect(metric).toBe('mae');
    expect(scores.r2.mean).toBeGreaterThan(0.9);
    expect(scores.mae.interval?.low).toBeLessThan(scores.mae.mean!);
    expect(scores.mae.interval?.high).toBeGreaterThan(scores.mae.mean!);
    const { comparisons, failures } = await compareResults([outcome.path, outcome.path]);
    expect(failures).toEqual([]);
    expect(comparisons[0]).toMatchObject({ metric: 'mae', difference: 0, pValue: 1 });
  });
});
