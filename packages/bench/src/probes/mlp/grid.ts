import { didYouMean, TaskError } from '@hearken/core';
import type { GridName } from '@hearken/results';
import type { Random } from '@hearken/metrics';
import { checkGridName } from '@hearken/results/internal';
import type { ProbeTask } from '../probe.js';
import type { MlpConfiguration } from './parameters.js';

type Grid = { readonly [Name in keyof MlpConfiguration]: readonly MlpConfiguration[Name][] };

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

/** Scoring its events is slow, so heareval checks this task less often. */
const taskGrids: Readonly<Record<string, Partial<Grid>>> = { dcase2016_task2: { checkEveryEpochs: [10] } };

/** An axis that a task may set: its values are from `low` to `high`, which limits memory and time. */
interface TaskAxis {
  readonly axis: keyof Grid;
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
}

/** heareval's names for the axes that a task may set in `evaluation_params.task_specific_param_grid`. */
const taskAxes: Readonly<Record<string, TaskAxis>> = {
  hidden_layers: { axis: 'hiddenLayers', low: 0, high: 8, whole: true },
  hidden_dim: { axis: 'hiddenDimension', low: 1, high: 16_384, whole: true },
  dropout: { axis: 'dropout', low: 0, high: 0.99, whole: false },
  lr: { axis: 'learningRate', low: 1e-9, high: 100, whole: false },
  patience: { axis: 'patience', low: 1, high: 1e6, whole: true },
  max_epochs: { axis: 'maxEpochs', low: 1, high: 1e6, whole: true },
  check_val_every_n_epoch: { axis: 'checkEveryEpochs', low: 1, high: 1e6, whole: true },
  batch_size: { axis: 'batchSize', low: 2, high: 2 ** 20, whole: true },
};

/** More points than anyone would try. */
const largestGrid = 10_000;

/**
 * The configurations to try: the grid, modified by the task, shuffled, and its first `count` points.
 *
 * @throws OptionError for an unknown grid, TaskError for an unsupported grid axis
 */
export function drawConfigurations(name: GridName, task: ProbeTask, count: number, random: Random): MlpConfiguration[] {
  checkGridName(name);
  const grid = { ...grids[name], ...taskGrids[task.taskName], ...taskSpecificGrid(task) };
  return random.shuffle(points(grid)).slice(0, count);
}

function points(grid: Grid): MlpConfiguration[] {
  let partial: Record<string, unknown>[] = [{}];
  for (const [axis, values] of Object.entries(grid)) {
    partial = partial.flatMap((point) => (values as readonly unknown[]).map((value) => ({ ...point, [axis]: value })));
  }
  return partial as unknown as MlpConfiguration[];
}

function taskSpecificGrid(task: ProbeTask): Partial<Grid> {
  const given = task.evaluationParams.task_specific_param_grid;
  if (given === undefined) return {};
  const refuse = (found: string, fix: string) =>
    new TaskError({ asked: `evaluation_params.task_specific_param_grid of task '${task.taskName}'`, found, fix });
  if (typeof given !== 'object' || given === null) throw refuse(JSON.stringify(given), 'make it an object of lists');
  let pointCount = 1;
  const axes = Object.entries(given).map(([name, values]: [string, unknown]) => {
    const axis = Object.hasOwn(taskAxes, name) ? taskAxes[name] : undefined;
    if (axis === undefined) {
      const known = Object.keys(taskAxes);
      throw refuse(`axis '${name}'`, `${didYouMean(name, known)}known: ${known.join(', ')}`);
    }
    const { low, high, whole } = axis;
    const fits = (value: unknown) =>
      typeof value === 'number' && value >= low && value <= high && (!whole || Number.isInteger(value));
    if (!Array.isArray(values) || values.length === 0 || !values.every(fits)) {
      const kind = whole ? 'whole numbers' : 'numbers';
      throw refuse(`${name}: ${shortened(JSON.stringify(values))}`, `give a list of ${kind} from ${low} to ${high}`);
    }
    pointCount *= values.length;
    return [axis.axis, values as number[]];
  });
  if (pointCount > largestGrid)
    throw refuse(`${pointCount} points`, `give shorter lists: at most ${largestGrid} points`);
  return Object.fromEntries(axes) as Partial<Grid>;
}

function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
