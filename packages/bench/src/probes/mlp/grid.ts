import { didYouMean, OptionError, TaskError } from '@hearken/core';
import type { GridName } from '../../evaluation/evaluation.js';
import type { Random } from '../../files/random.js';
import type { ProbeConfiguration } from '../configuration.js';

type Grid = { readonly [Name in keyof ProbeConfiguration]: readonly ProbeConfiguration[Name][] };

/** heareval's grids (`task_predictions.py`: PARAM_GRID, FAST_PARAM_GRID, FASTER_PARAM_GRID). */
const defaultGrid: Grid = {
  hiddenLayers: [1, 2],
  hiddenDimension: [1024],
  dropout: [0.1],
  learningRate: [3.2e-3, 1e-3, 3.2e-4, 1e-4],
  patience: [20],
  maxEpochs: [500],
  checkEveryEpochs: [3],
  batchSize: [1024],
  hiddenNorm: ['batch'],
  initialization: ['xavierUniform', 'xavierNormal'],
};
const grids: Readonly<Record<GridName, Grid>> = {
  default: defaultGrid,
  fast: { ...defaultGrid, maxEpochs: [10, 50], checkEveryEpochs: [3, 10] },
  faster: {
    ...defaultGrid,
    hiddenLayers: [0, 1],
    hiddenDimension: [64, 128],
    patience: [1, 3],
    maxEpochs: [10],
    checkEveryEpochs: [1],
  },
};

export const gridNames = Object.keys(grids) as GridName[];

/** Scoring its events is slow, so heareval checks this task less often. */
const taskGrids: Readonly<Record<string, Partial<Grid>>> = { dcase2016_task2: { checkEveryEpochs: [10] } };

/** heareval's names for the axes that a task may set in `evaluation_params.task_specific_param_grid`. */
const axisNames: Readonly<Record<string, keyof Grid>> = {
  hidden_layers: 'hiddenLayers',
  hidden_dim: 'hiddenDimension',
  dropout: 'dropout',
  lr: 'learningRate',
  patience: 'patience',
  max_epochs: 'maxEpochs',
  check_val_every_n_epoch: 'checkEveryEpochs',
  batch_size: 'batchSize',
};

/**
 * The configurations to try: the grid, changed as the task asks for, shuffled, and its first `count` points.
 *
 * @throws OptionError for an unknown grid, TaskError for a grid axis that cannot be honoured
 */
export function drawConfigurations(
  name: GridName,
  task: { readonly taskName: string; readonly evaluationParams: Readonly<Record<string, unknown>> },
  count: number,
  random: Random,
): ProbeConfiguration[] {
  if (!gridNames.includes(name)) {
    throw new OptionError({
      asked: `grid '${name}'`,
      found: 'no such grid',
      fix: `${didYouMean(name, gridNames)}known: ${gridNames.join(', ')}`,
    });
  }
  const grid = { ...grids[name], ...taskGrids[task.taskName], ...taskSpecificGrid(task) };
  return random.shuffle(points(grid)).slice(0, count);
}

function points(grid: Grid): ProbeConfiguration[] {
  let partial: Record<string, unknown>[] = [{}];
  for (const [axis, values] of Object.entries(grid)) {
    partial = partial.flatMap((point) => (values as readonly unknown[]).map((value) => ({ ...point, [axis]: value })));
  }
  return partial as unknown as ProbeConfiguration[];
}

function taskSpecificGrid(task: Parameters<typeof drawConfigurations>[1]): Partial<Grid> {
  const given = task.evaluationParams.task_specific_param_grid;
  if (given === undefined) return {};
  const refuse = (found: string, fix: string) =>
    new TaskError({ asked: `evaluation_params.task_specific_param_grid of task '${task.taskName}'`, found, fix });
  if (typeof given !== 'object' || given === null) throw refuse(JSON.stringify(given), 'make it an object of lists');
  return Object.fromEntries(
    Object.entries(given).map(([name, values]: [string, unknown]) => {
      const axis = Object.hasOwn(axisNames, name) ? axisNames[name] : undefined;
      if (axis === undefined) {
        const known = Object.keys(axisNames);
        throw refuse(`axis '${name}'`, `${didYouMean(name, known)}known: ${known.join(', ')}`);
      }
      const numbers = Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === 'number');
      if (!numbers) throw refuse(`${name}: ${JSON.stringify(values)}`, 'give a list of numbers');
      return [axis, values];
    }),
  );
}
