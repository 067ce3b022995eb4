import type { Task } from '@hearken/tasks';
import type { BenchmarkOptions, TaskOutcome } from './benchmark.js';
import { checkWritable } from '@hearken/core/node';
import type { EvaluationIdentity } from '@hearken/results/node';
import type { HeadRequest } from './head-answers.js';
import { LoadedModel, type ModelInUse } from './loaded-model.node.js';
import { openEachTask, type OpenedTask } from './open-tasks.node.js';
import { resolveRun, type RunContext } from './run-context.node.js';
import { runTask } from './run-task.node.js';

/**
 * Scores one model on tasks, one after another, and writes a result file for each. A failing task does not affect the
 * others' results: its error is in its outcome. Finished work is not computed again, and interrupted work is continued.
 *
 * @returns how each task ended, in the order in which they were named
 * @throws HearkenError if the model cannot be loaded, there is no such probe, an extension has another's name, or
 *   `out` or the cache cannot be written: then no task has run; the abort signal's reason if it stopped the run
 */
export async function runBenchmark(options: BenchmarkOptions): Promise<TaskOutcome[]> {
  return runModel(options, [{}], ({ cache, skipUnreadable }) =>
    openEachTask(options.tasks, cache.tasks, { allowMissing: skipUnreadable }),
  );
}

/** One way of scoring, and the tasks that it is for. */
export interface WayOfScoring {
  /** What rows and messages call it; absent if there is only one. */
  readonly name?: string;
  /** Default: that of the run. */
  readonly evaluation?: EvaluationIdentity;
  /** Probe `head`: how the model's own head is scored; default: that of the run. */
  readonly head?: HeadRequest;
  /** Which tasks; default: all. */
  readonly accepts?: (task: Task) => boolean;
}

/**
 * {@link runBenchmark} for several ways of scoring and tasks that may be open already: the model is loaded once, and a
 * task's ways of scoring follow each other.
 */
export async function runModel(
  options: BenchmarkOptions,
  ways: readonly WayOfScoring[],
  openTasks: (context: RunContext) => Promise<readonly OpenedTask[]>,
): Promise<TaskOutcome[]> {
  const context = resolveRun(options);
  const { cache, report } = context;
  await checkWritable(context.out);
  await checkWritable(cache.root);
  const model = await LoadedModel.load(options);
  const { plugin, description } = model;
  report({ kind: 'model', model: model.name, plugin, provenance: description.provenance });
  try {
    const jobs = (await openTasks(context))
      .filter((item) => !('task' in item) || options.accepts === undefined || options.accepts(item.task))
      .flatMap((item) => jobsOf(item, ways, options));
    const outcomes: TaskOutcome[] = [];
    for (const [index, { item, way, trainFraction, discardCache }] of jobs.entries()) {
      const task = 'task' in item ? item.task.id : item.path;
      const { name, evaluation, head = options.head } = way;
      const parts = [...(name === undefined ? [] : [name]), ...fractionText(trainFraction)];
      report({ kind: 'task', task: [task, ...parts].join(', '), index, total: jobs.length });
      const isLast = index === jobs.length - 1;
      const of = evaluation === undefined ? context : resolveRun({ ...options, evaluation, head });
      const ended: TaskOutcome =
        'task' in item
          ? await attemptTask(item.task, { model, isLast, trainFraction, discardCache }, of)
          : { task, model: model.name, error: item.error };
      const outcome = name === undefined ? ended : { ...ended, evaluation: name };
      report({ kind: 'outcome', outcome });
      outcomes.push(outcome);
    }
    return outcomes;
  } finally {
    await model.release();
  }
}

/** A task scored in one way, with a share of its training clips. */
interface Job {
  readonly item: OpenedTask;
  readonly way: WayOfScoring;
  readonly trainFraction?: number;
  /** All ways and shares use the embeddings computed for the first one. */
  readonly discardCache: boolean;
}

function jobsOf(
  item: OpenedTask,
  ways: readonly WayOfScoring[],
  { trainFractions = [], force = false }: BenchmarkOptions,
): Job[] {
  // What cannot be opened fails once.
  if (!('task' in item)) return [{ item, way: {}, discardCache: false }];
  const fractions = trainFractions.length === 0 ? [1] : [...new Set(trainFractions)];
  return ways
    .filter(({ accepts }) => accepts === undefined || accepts(item.task))
    .flatMap((way) => fractions.map((fraction) => ({ way, fraction })))
    .map(({ way, fraction }, index) => ({
      ...{ item, way },
      ...(fraction === 1 ? {} : { trainFraction: fraction }),
      discardCache: force && index === 0,
    }));
}

function fractionText(trainFraction: number | undefined): string[] {
  return trainFraction === undefined ? [] : [`${trainFraction} of the training clips`];
}

async function attemptTask(task: Task, use: ModelInUse, context: RunContext): Promise<TaskOutcome> {
  try {
    return await runTask(task, use, context);
  } catch (error) {
    // An interrupted task has not failed.
    context.abortSignal?.throwIfAborted();
    return {
      task: task.id,
      model: use.model.name,
      ...(use.trainFraction === undefined ? {} : { trainFraction: use.trainFraction }),
      error: error instanceof Error ? error : new Error(String(error)),
    };
  }
}
