import { parseModelSpecifier, type Embedder, type Plugin } from '@hearken/core';
import { chooseSampleRate } from '../tasks/clips.node.js';
import { taskContentHash } from '../tasks/content-hash.node.js';
import type { Task } from '../tasks/task.js';
import {
  defaultEvaluation,
  type BenchmarkOptions,
  type Evaluate,
  type FinishedTask,
  type TaskOutcome,
} from './benchmark.js';
import { cacheFolders } from './cache-folder.node.js';
import { embedTask } from './embed-task.node.js';
import { harnessVersion } from './harness-version.js';
import { hashIdentity, modelIdentity, type EvaluationIdentity, type RunIdentity } from './identity.node.js';
import { openJournal } from './journal.node.js';
import { peakMemoryBytes, thisMachine } from './machine.node.js';
import { openEachTask } from './open-tasks.node.js';
import { createNodeRegistry } from './plugins.node.js';
import { findResult, writeResult } from './result-file.node.js';
import { makeResult } from './result.js';
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
  const model = await loadModel(options);
  try {
    const opened = await openEachTask(options.tasks, cache.tasks);
    const outcomes: TaskOutcome[] = [];
    for (const [index, item] of opened.entries()) {
      const task = 'task' in item ? item.task.id : item.path;
      options.onEvent?.({ kind: 'task', task, index, total: opened.length });
      const outcome: TaskOutcome =
        'task' in item ? await attemptTask(item.task, model, options) : { task, model: model.name, error: item.error };
      options.onEvent?.({ kind: 'outcome', outcome });
      outcomes.push(outcome);
    }
    return outcomes;
  } finally {
    await model.embedder.dispose();
  }
}

interface LoadedModel {
  readonly name: string;
  readonly plugin: Plugin;
  readonly embedder: Embedder;
}

async function loadModel(options: BenchmarkOptions): Promise<LoadedModel> {
  const { plugin: pluginName, model } = parseModelSpecifier(options.model);
  const plugin = await (options.registry ?? createNodeRegistry()).resolve(pluginName);
  const embedder = await plugin.loadModel(options.checkpoint, {
    ...options.modelOptions,
    ...(model === undefined ? {} : { model }),
    ...(options.runtime === undefined ? {} : { runtime: options.runtime }),
  });
  const { provenance } = embedder;
  const name = `${provenance.plugin}:${provenance.model}`;
  options.onEvent?.({ kind: 'model', model: name, plugin, provenance });
  return { name, plugin, embedder };
}

async function attemptTask(task: Task, model: LoadedModel, options: BenchmarkOptions): Promise<TaskOutcome> {
  try {
    return await runTask(task, model, options);
  } catch (error) {
    // An interrupted task has not failed.
    options.abortSignal?.throwIfAborted();
    return { task: task.id, model: model.name, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

async function runTask(task: Task, model: LoadedModel, options: BenchmarkOptions): Promise<FinishedTask> {
  const { abortSignal, onEvent } = options;
  const { embedder } = model;
  const cache = cacheFolders(options.cache);
  const startedAt = new Date();
  abortSignal?.throwIfAborted();
  // The clips that are read decide the score; those of other rates do not.
  const contentHash = await taskContentHash(task, [chooseSampleRate(task, embedder.sampleRate)]);
  const evaluationIdentity = options.evaluation ?? defaultEvaluation;
  const identity: RunIdentity = {
    model: modelIdentity(embedder.provenance),
    task: { id: task.id, contentHash },
    evaluation: evaluationIdentity,
  };
  const place = await findResult(options.out, identity, isDefault(evaluationIdentity, options));
  if (place.existing !== undefined && options.force !== true) {
    return { task: task.id, model: model.name, result: place.existing, path: place.path, reused: true };
  }
  const journal = openJournal(cache.journals, identity);
  if (options.force === true) await journal.remove();
  const embedded = await embedTask(task, model, {
    cacheFolder: cache.embeddings,
    contentHash,
    discardCache: options.force,
    abortSignal,
    onProgress: (progress) => onEvent?.({ kind: 'embed', task: task.id, ...progress }),
  });
  const evaluate = options.evaluate ?? (await defaultEvaluate());
  const evaluation = await evaluate(
    { metadata: task.metadata, labels: task.labels, splits: embedded.splits },
    {
      ...evaluationIdentity,
      threads: options.runtime?.threads,
      journal,
      abortSignal,
      onProgress: (progress) => onEvent?.({ kind: 'probe', task: task.id, ...progress }),
    },
  );
  const result = makeResult({
    harnessVersion,
    task,
    contentHash,
    embedder,
    options: evaluationIdentity,
    evaluation,
    embedSeconds: embedded.seconds,
    cachedClips: embedded.cachedClips,
    machine: thisMachine(),
    peakMemoryBytes: peakMemoryBytes(),
    startedAt,
    finishedAt: new Date(),
  });
  const written = await writeResult(place.path, result, evaluation);
  await journal.remove();
  return { task: task.id, model: model.name, result: written, path: place.path, reused: false };
}

function isDefault(evaluation: EvaluationIdentity, options: BenchmarkOptions): boolean {
  const plainModel = Object.keys(options.modelOptions ?? {}).length === 0;
  return plainModel && hashIdentity(evaluation) === hashIdentity(defaultEvaluation);
}

async function defaultEvaluate(): Promise<Evaluate> {
  // Loaded late: a run that finds everything finished needs no probe.
  const { evaluateTask } = await import('../evaluation/evaluate-task.js');
  return evaluateTask;
}
