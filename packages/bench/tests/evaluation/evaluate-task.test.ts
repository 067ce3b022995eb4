import { OptionError, TaskError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { evaluateTask } from '../../src/evaluation/evaluate-task.node.js';
import type { Evaluation } from '@hearken/results';
import type { EvaluationOptions, EvaluationInput } from '../../src/evaluation/evaluation.js';
import { probeNames } from '../../src/probes/registry.js';
import { mean, standardDeviation } from '@hearken/metrics';
import { sceneTask, type SceneOptions } from './made-up-task.js';
import { MemoryJournal } from './memory-journal.js';
import { numbers } from './quick-evaluation.js';

/** Quick to train on tens of rows. */
const quickGrid = {
  hidden_layers: [1],
  hidden_dim: [16],
  lr: [1e-2, 3e-2],
  max_epochs: [20],
  patience: [5],
  batch_size: [32],
};

function task(options: SceneOptions = {}): EvaluationInput {
  return sceneTask({ evaluationParams: { task_specific_param_grid: quickGrid }, ...options });
}

function evaluate(input: EvaluationInput, options: Partial<EvaluationOptions> = {}): Promise<Evaluation> {
  return evaluateTask(input, { probe: 'mlp', grid: 'faster', gridPoints: 3, seed: 0, threads: 1, ...options });
}

const folds: SceneOptions = { splitMode: 'presplit_kfold', rows: { fold00: 45, fold01: 36, fold02: 36 } };

describe('evaluateTask', () => {
  it.each(probeNames())('scores over 0.95 where labels lie apart: %s', async (probe) => {
    const { scores, folds: results } = await evaluate(task({ noise: 0.3, size: 12 }), { probe });
    expect(scores.top1_acc.mean).toBeGreaterThan(0.95);
    expect(scores.top1_acc.deviation).toBeNull();
    expect(scores.top1_acc).not.toHaveProperty('seedDeviation');
    expect(results).toHaveLength(1);
    expect(results[0].predictions).toHaveLength(45 * 3);
  });

  it.each(probeNames())('scores about a third where nothing tells three labels apart: %s', async (probe) => {
    const { scores } = await evaluate(task({ noise: 1e3, rows: { train: 90, valid: 90, test: 300 } }), { probe });
    expect(Math.abs(scores.top1_acc.mean! - 1 / 3)).toBeLessThan(0.12);
  });

  it('gives the same numbers for the same seed, and others for another', async () => {
    const input = task({ noise: 2 });
    const first = numbers(await evaluate(input, { seed: 3 }));
    expect(numbers(await evaluate(input, { seed: 3 }))).toEqual(first);
    expect(numbers(await evaluate(input, { seed: 4 }))).not.toEqual(first);
  });

  it('gives the same numbers on any number of cores', async () => {
    // Few rows and odd sizes: the runtime would divide these products between threads, and add in another order.
    const grid = { hidden_layers: [2], hidden_dim: [257], lr: [1e-3], max_epochs: [3], batch_size: [512] };
    const input = task({
      rows: { train: 77, valid: 61, test: 45 },
      labelCount: 7,
      size: 131,
      evaluationParams: { task_specific_param_grid: grid },
    });
    const one = numbers(await evaluate(input, { threads: 1, gridPoints: 1 }));
    for (const threads of [2, 3]) expect(numbers(await evaluate(input, { threads, gridPoints: 1 }))).toEqual(one);
  });

  it('tries the grid on the first split, and trains its best on the others', async () => {
    const seen: string[] = [];
    const evaluation = await evaluate(task({ ...folds, noise: 1.5 }), {
      gridPoints: 4,
      onProgress: ({ stage, index, total }) => {
        const line = `${stage} ${index}/${total}`;
        if (seen.at(-1) !== line) seen.push(line);
      },
    });
    expect(seen).toEqual(['grid 0/4', 'grid 1/4', 'grid 2/4', 'grid 3/4', 'split 0/2', 'split 1/2']);
    const { gridPoints, configuration, folds: results, scores } = evaluation;
    const best = Math.max(...gridPoints.map(({ validationScore }) => validationScore));
    const chosen = gridPoints.find(({ validationScore }) => validationScore === best)!;
    expect(configuration).toEqual(chosen.configuration);
    expect(results.map(({ test }) => test)).toEqual(['fold00', 'fold01', 'fold02']);
    expect(results[0].validationScore).toBe(best);
    const values = results.map((fold) => fold.scores.top1_acc!);
    expect(scores.top1_acc).toEqual({ mean: mean(values), deviation: standardDeviation(values) });
    const trained = [...gridPoints, ...results.slice(1)].map(({ epochsTrained }) => epochsTrained);
    expect(evaluation.epochsTrained).toBe(trained.reduce((sum, epochs) => sum + epochs, 0));
  });

  it('selects by the validation loss where the task asks for it', async () => {
    const { gridPoints, configuration } = await evaluate(task({ noise: 1.5, useScoringForEarlyStopping: false }));
    const least = Math.min(...gridPoints.map(({ validationScore }) => validationScore));
    expect(gridPoints.find(({ validationScore }) => validationScore === least)!.configuration).toEqual(configuration);
    // Accuracies of 45 rows are multiples of 1/45; losses are not.
    expect(gridPoints.every(({ validationScore }) => Math.abs(((validationScore * 45 + 0.5) % 1) - 0.5) > 1e-9)).toBe(
      true,
    );
  });

  it('scores every metric of the task', async () => {
    const { scores } = await evaluate(task({ predictionType: 'multilabel', evaluation: ['mAP', 'aucroc', 'd_prime'] }));
    expect(Object.keys(scores)).toEqual(['mAP', 'aucroc', 'd_prime']);
    expect(scores.mAP.mean).toBeGreaterThan(0.8);
  });

  it.each([
    [{ probe: 'linar' }, "did you mean 'linear'?"],
    [{ grid: 'fastest' as 'fast' }, "did you mean 'faster'?"],
    [{ gridPoints: 0 }, '0 grid points'],
    [{ seeds: 0 }, '0 seeds'],
    [{ seeds: 1.5 }, '1.5 seeds'],
    [{ lanes: 0 }, '0 lanes'],
    [{ threads: 0.5 }, '0.5 threads'],
    [{ pca: -1 }, 'pca -1'],
  ] as const)('refuses %j', async (options, message) => {
    await expect(evaluate(task(), options)).rejects.toThrow(message);
    await expect(evaluate(task(), options)).rejects.toThrow(OptionError);
  });

  it('refuses a task without rows in one of its splits', async () => {
    const input = task({ rows: { train: 9, valid: 0, test: 9 } });
    await expect(evaluate(input)).rejects.toThrow(TaskError);
    await expect(evaluate(input)).rejects.toThrow("split 'valid'");
  });

  it('reduces to principal components first', async () => {
    const input = task({ noise: 0.3, size: 12 });
    for (const probe of probeNames()) {
      const { scores, folds: results } = await evaluate(input, { probe, pca: 0.95 });
      expect(scores.top1_acc.mean).toBeGreaterThan(0.95);
      const { components, keptVariance } = results[0].details!.pca as { components: number; keptVariance: number };
      expect(components).toBeLessThan(12);
      expect(keptVariance).toBeGreaterThanOrEqual(0.95);
    }
  });
});

describe('several seeds', () => {
  it('train the chosen configuration again, and are all reported', async () => {
    const input = task({ ...folds, noise: 2 });
    const one = await evaluate(input, { seed: 7 });
    const { scores, seeds, folds: results, gridPoints, configuration } = await evaluate(input, { seed: 7, seeds: 3 });
    expect(one.seeds).toBeUndefined();
    expect(seeds!.map(({ seed }) => seed)).toEqual([7, 8, 9]);
    expect(numbers({ ...one, folds: results })).toEqual(numbers(one));
    expect(seeds![0].folds).toBe(results);
    expect(configuration).toEqual(one.configuration);
    expect(gridPoints).toHaveLength(3);
    expect(seeds![0].scores.top1_acc).toBe(one.scores.top1_acc.mean);

    const table = seeds!.map((seed) => seed.folds.map((fold) => fold.scores.top1_acc!));
    const seedMeans = table.map((row) => mean(row));
    expect(seeds!.map((seed) => seed.scores.top1_acc)).toEqual(seedMeans);
    expect(scores.top1_acc.mean).toBeCloseTo(mean(seedMeans), 12);
    expect(scores.top1_acc.seedDeviation).toBeCloseTo(standardDeviation(seedMeans), 12);
    expect(scores.top1_acc.seedDeviation).toBeGreaterThan(0);
    const foldMeans = [0, 1, 2].map((fold) => mean(table.map((row) => row[fold])));
    expect(scores.top1_acc.deviation).toBeCloseTo(standardDeviation(foldMeans), 12);
    expect(seeds![1].folds[0].predictions).not.toEqual(seeds![0].folds[0].predictions);
  });
});

describe('a journal', () => {
  it.each(probeNames())('spares what is finished, and changes no number: %s', async (probe) => {
    const input = task({ ...folds, noise: 1.5 });
    const options = { probe, seeds: 2, pca: probe === 'linear' ? 4 : undefined };
    const journal = new MemoryJournal();
    const whole = await evaluate(input, { ...options, journal });
    const keys = [...journal.records.keys()];
    // The grid, and three folds of two seeds less the one that the grid has trained.
    expect(keys).toHaveLength(whole.gridPoints.length + 5);
    expect(new Set(keys).size).toBe(keys.length);
    expect(numbers(await evaluate(input, options))).toEqual(numbers(whole));

    for (let finished = 0; finished <= keys.length; finished += 2) {
      const interrupted = new MemoryJournal();
      for (const key of keys.slice(0, finished)) interrupted.records.set(key, journal.records.get(key)!);
      const trained = new Set<string>();
      const resumed = await evaluate(input, {
        ...options,
        journal: interrupted,
        onProgress: ({ stage, index }) => trained.add(`${stage} ${index}`),
      });
      expect(numbers(resumed)).toEqual(numbers(whole));
      expect(trained.size).toBe(keys.length - finished);
      expect([...interrupted.records.keys()]).toEqual(keys);
    }
  });

  it('keeps times, so that what is spared is still counted', async () => {
    const input = task({ noise: 1.5 });
    const journal = new MemoryJournal();
    const whole = await evaluate(input, { journal });
    const resumed = await evaluate(input, { journal });
    expect(resumed.seconds).toBe(whole.seconds);
    expect(resumed.folds[0].seconds).toBe(whole.folds[0].seconds);
  });

  it('does not pass off one configuration as another', async () => {
    const journal = new MemoryJournal();
    await evaluate(task({ noise: 1.5 }), { journal });
    const changed = { ...quickGrid, hidden_dim: [8] };
    const input = task({ noise: 1.5, evaluationParams: { task_specific_param_grid: changed } });
    expect(numbers(await evaluate(input, { journal }))).toEqual(numbers(await evaluate(input)));
  });

  it('keeps a score that is undefined as the worst one', async () => {
    // Without a positive row in validation there is no area under the curve.
    const input = task({ predictionType: 'multilabel', evaluation: ['aucroc'] });
    const valid = input.splits.get('valid')!;
    const splits = new Map(input.splits).set('valid', { ...valid, targets: new Uint8Array(valid.targets.length) });
    const journal = new MemoryJournal();
    const first = await evaluate({ ...input, splits }, { journal });
    expect(first.gridPoints[0].validationScore).toBe(-Infinity);
    const resumed = await evaluate({ ...input, splits }, { journal });
    expect(resumed.gridPoints[0].validationScore).toBe(-Infinity);
    expect(resumed.configuration).toEqual(first.configuration);
  });

  it('is left as it was by an evaluation that is stopped', async () => {
    const input = task({ noise: 1.5 });
    const journal = new MemoryJournal();
    const controller = new AbortController();
    const stopped = evaluate(input, {
      journal,
      abortSignal: controller.signal,
      onProgress: ({ index }) => {
        if (index === 2) controller.abort(new Error('enough'));
      },
    });
    await expect(stopped).rejects.toThrow('enough');
    expect([...journal.records.keys()]).toEqual(['grid-0-seed-0', 'grid-1-seed-0']);
    expect(numbers(await evaluate(input, { journal }))).toEqual(numbers(await evaluate(input)));
  });
});
