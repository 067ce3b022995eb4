import { OptionError, TaskError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import type { GridName } from '@hearken/results';
import { Random } from '@hearken/metrics';
import { drawConfigurations } from '../../../src/probes/mlp/grid.js';

function all(grid: string, taskName = 'any', given?: unknown) {
  const evaluationParams = given === undefined ? {} : { task_specific_param_grid: given };
  return drawConfigurations(grid as GridName, { taskName, evaluationParams }, Infinity, new Random(0));
}

function values(grid: ReturnType<typeof all>, axis: keyof ReturnType<typeof all>[number]): unknown[] {
  return [...new Set(grid.map((point) => point[axis]))].sort();
}

describe("heareval's grids", () => {
  it('have its points', () => {
    expect(all('default')).toHaveLength(2 * 4 * 2);
    expect(all('fast')).toHaveLength(2 * 4 * 2 * 2 * 2);
    expect(all('faster')).toHaveLength(2 * 2 * 4 * 2 * 2);
    for (const grid of ['default', 'fast', 'faster'].map((name) => all(name))) {
      expect(new Set(grid.map((point) => JSON.stringify(point))).size).toBe(grid.length);
      expect(values(grid, 'learningRate')).toEqual([1e-4, 3.2e-4, 1e-3, 3.2e-3]);
      expect(values(grid, 'dropout')).toEqual([0.1]);
      expect(values(grid, 'batchSize')).toEqual([1024]);
      expect(values(grid, 'hiddenNorm')).toEqual(['batch']);
      expect(values(grid, 'initialization')).toEqual(['xavierNormal', 'xavierUniform']);
    }
    expect(all('default')[0]).toMatchObject({ hiddenDimension: 1024, patience: 20, maxEpochs: 500 });
    expect(values(all('default'), 'checkEveryEpochs')).toEqual([3]);
    expect(values(all('fast'), 'maxEpochs')).toEqual([10, 50]);
    expect(values(all('fast'), 'checkEveryEpochs')).toEqual([10, 3]);
    expect(values(all('faster'), 'hiddenLayers')).toEqual([0, 1]);
    expect(values(all('faster'), 'patience')).toEqual([1, 3]);
    expect(values(all('faster'), 'checkEveryEpochs')).toEqual([1]);
  });

  it('check the DCASE task every 10 epochs, in each grid', () => {
    for (const name of ['default', 'fast', 'faster']) {
      expect(values(all(name, 'dcase2016_task2'), 'checkEveryEpochs')).toEqual([10]);
    }
  });

  it('are changed as the task says', () => {
    const grid = all('default', 'dcase2016_task2', { check_val_every_n_epoch: [5], hidden_dim: [8, 16], dropout: [0] });
    expect(grid).toHaveLength(2 * 2 * 4 * 2);
    expect(values(grid, 'checkEveryEpochs')).toEqual([5]);
    expect(values(grid, 'hiddenDimension')).toEqual([16, 8]);
    expect(values(grid, 'dropout')).toEqual([0]);
  });

  it('know no other names', () => {
    expect(() => all('fastr')).toThrow("did you mean 'fast'?");
    expect(() => all('fastr')).toThrow(OptionError);
    expect(() => all('default', 'any', { hiden_dim: [8] })).toThrow("did you mean 'hidden_dim'?");
    expect(() => all('default', 'any', { toString: [8] })).toThrow(TaskError);
  });

  it.each([
    [{ hidden_dim: [1e9] }, '1 to 16384'],
    [{ hidden_dim: [] }, 'hidden_dim'],
    [{ hidden_layers: [0.5] }, 'whole numbers'],
    [{ dropout: [1] }, '0 to 0.99'],
    [{ lr: ['0.1'] }, '"0.1"'],
    [{ batch_size: 64 }, 'a list'],
    [{ max_epochs: [-1] }, 'from 1'],
    [7, 'an object of lists'],
    [{ lr: new Array<number>(200).fill(0.1), patience: new Array<number>(200).fill(3) }, '40000 points'],
  ])('refuse %j', (given, message) => {
    expect(() => all('default', 'any', given)).toThrow(message);
    expect(() => all('default', 'any', given)).toThrow(TaskError);
  });
});
