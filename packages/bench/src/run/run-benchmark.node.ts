import type { Task } from '../tasks/task.js';
import type { BenchmarkOptions, TaskOutcome } from './benchmark.js';
import { cacheFolders } from './cache-folder.node.js';
import { LoadedModel } from './loaded-model.node.js';
import { openEachTask } from './open-tasks.node.js';
import { runTask, type ModelInUse } from './run-task.node.js';
import { checkWritable } from './write-file.node.js';

/**
 * Scores one model on tasks, one after the other, and writes a result file for each.
 * A task that fails leaves the others' results whole: its error is in its outcome. What is finished is not computed
 * again, and what an interrupted run had done is taken up.
 *
 * @returns how each task ended, in the order in which they were named
 * @throws HearkenError when the model cannot be loaded or `out` or the cache cannot be written: then no task ran;
 *   the abort signal's reason when that stopped it
 */
export async function runBenchmark(options: BenchmarkOptions): Promise<TaskOutcome[]> {
  const cache = cacheFolders(options.cache);
  await checkWritable(options.out);
  await checkWritable(cache.root);
  const model = await LoadedModel.load(options);
  const { plugin, description } = model;
  options.onEvent?.({ kind: 'model', model: model.name, plugin, provenance: description.provenance });
  try {
    const opened = await openEachTask(options.tasks, cache.tasks);
    const outcomes: TaskOutcome[] = [];
    for (const [index, item] of opened.entries()) {
      const task = 'task' in item ? item.task.id : item.path;
      options.onEvent?.({ kind: 'task', task, index, total: opened.length });
      const outcome: TaskOutcome =
        'task' in item
          ? await attemptTask(item.task, { model, isLast: index === opened.length - 1 }, options)
          : { task, model: model.name, error: item.error };
      options.onEvent?.({ kind: 'outcome', outcome });
      outcomes.push(outcome);
    }
    return outcomes;
  } finally {
    await model.release();
  }
}

async function attemptTask(task: Task, use: ModelInUse, options: BenchmarkOptions): Promise<TaskOutcome> {
  try {
    return await runTask(task, use, options);
  } catch (error) {
    // An interrupted task has not failed.
    options.abortSignal?.throwIfAborted();
    return { task: task.id, model: use.model.name, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
