import type { Task } from '@hearken/tasks';
import type { BenchmarkOptions, TaskOutcome } from './benchmark.js';
import { checkWritable } from '@hearken/core/node';
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
  const context = resolveRun(options);
  const { cache, report, skipUnreadable } = context;
  await checkWritable(context.out);
  await checkWritable(cache.root);
  const model = await LoadedModel.load(options);
  const { plugin, description } = model;
  report({ kind: 'model', model: model.name, plugin, provenance: description.provenance });
  try {
    const jobs = (await openEachTask(options.tasks, cache.tasks, { allowMissing: skipUnreadable }))
      .filter((item) => !('task' in item) || options.accepts === undefined || options.accepts(item.task))
      .flatMap((item) => jobsOf(item, options));
    const outcomes: TaskOutcome[] = [];
    for (const [index, { item, trainFraction, discardCache }] of jobs.entries()) {
      const task = 'task' in item ? item.task.id : item.path;
      const named = trainFraction === undefined ? task : `${task}, ${trainFraction} of the training clips`;
      report({ kind: 'task', task: named, index, total: jobs.length });
      const isLast = index === jobs.length - 1;
      const outcome: TaskOutcome =
        'task' in item
          ? await attemptTask(item.task, { model, isLast, trainFraction, discardCache }, context)
          : { task, model: model.name, error: item.error };
      report({ kind: 'outcome', outcome });
      outcomes.push(outcome);
    }
    return outcomes;
  } finally {
    await model.release();
  }
}

/** A task with a share of its training clips. */
interface Job {
  readonly item: OpenedTask;
  readonly trainFraction?: number;
  /** All shares use the embeddings computed for the first one. */
  readonly discardCache: boolean;
}

function jobsOf(item: OpenedTask, { trainFractions = [], force = false }: BenchmarkOptions): Job[] {
  if (!('task' in item)) return [{ item, discardCache: false }];
  const fractions = trainFractions.length === 0 ? [1] : [...new Set(trainFractions)];
  return fractions.map((fraction, index) => ({
    item,
    ...(fraction === 1 ? {} : { trainFraction: fraction }),
    discardCache: force && index === 0,
  }));
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
