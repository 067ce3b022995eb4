import { parseModelSpecifier, type Embedder, type Plugin } from '@hearken/core';
import { guardTask } from '../guards/guard-task.node.js';
import { normalizedScore } from '../hear/normalized-score.js';
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
import { withFileLock } from './file-lock.node.js';
import { harnessVersion } from './harness-version.js';
import {
  evaluationIdentity,
  hashIdentity,
  modelIdentity,
  type EvaluationIdentity,
  type RunIdentity,
} from './identity.node.js';
import { openJournal, type DiskJournal } from './journal.node.js';
import { peakMemoryBytes, thisMachine } from './machine.node.js';
import { makeResult } from './make-result.js';
import { openEachTask } from './open-tasks.node.js';
import { createNodeRegistry } from './plugins.node.js';
import { findResult, writeResult, type FinishedResult } from './result-file.node.js';
import { summarizeTest } from './test-summary.js';
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
  abortSignal?.throwIfAborted();
  // The clips that are read decide the score; those of other rates do not.
  const sampleRate = chooseSampleRate(task, model.embedder.sampleRate);
  const contentHash = await taskContentHash(task, [sampleRate]);
  const identity: RunIdentity = {
    model: modelIdentity(model.embedder.provenance),
    task: { id: task.id, contentHash },
    evaluation: evaluationIdentity(options.evaluation ?? defaultEvaluation),
  };
  const note = (message: string) => onEvent?.({ kind: 'note', task: task.id, message });
  const journal = openJournal(cacheFolders(options.cache).journals, identity, (path) => {
    note(`finished work: '${path}' is damaged and computed again`);
  });
  const plain = isDefault(identity.evaluation, options);
  const work = async (): Promise<FinishedTask> => {
    const place = await findResult(options.out, identity, plain);
    if (place.existing !== undefined && options.force !== true) {
      return { task: task.id, model: model.name, result: place.existing, path: place.path, reused: true };
    }
    if (options.force === true) await journal.remove();
    const finished = await scoreTask({ task, model, sampleRate, identity, journal, note }, options);
    const written = await writeResult(options.out, identity, plain, finished, {
      abortSignal,
      onWait: ({ process }) => note(`waiting for process ${process}, which writes its result`),
    });
    await journal.remove();
    return { task: task.id, model: model.name, ...written, reused: false };
  };
  return withFileLock(journal.lockFile, work, {
    what: `task '${task.id}' with ${model.name}`,
    abortSignal,
    onWait: ({ process }) => note(`waiting for process ${process}, which computes the same result`),
  });
}

interface TaskRun {
  readonly task: Task;
  readonly model: LoadedModel;
  /** Hz of the folder of clips that is read. */
  readonly sampleRate: number;
  readonly identity: RunIdentity;
  readonly journal: DiskJournal;
  readonly note: (message: string) => void;
}

async function scoreTask(run: TaskRun, options: BenchmarkOptions): Promise<FinishedResult> {
  const { task, model, identity, journal } = run;
  const { abortSignal, onEvent } = options;
  const { contentHash } = identity.task;
  const startedAt = new Date();
  const cache = cacheFolders(options.cache);
  const embedded = await embedTask(task, model, {
    cacheFolder: cache.embeddings,
    contentHash,
    discardCache: options.force,
    abortSignal,
    onProgress: (progress) => onEvent?.({ kind: 'embed', task: task.id, ...progress }),
    onNote: run.note,
  });
  const warnings = await guardTask(task, embedded.splits, {
    sampleRate: model.embedder.sampleRate,
    cacheFolder: cache.inspections,
    contentHash,
    abortSignal,
  });
  const input = { metadata: task.metadata, labels: task.labels, splits: embedded.splits };
  const evaluate = options.evaluate ?? (await defaultEvaluate());
  const evaluation = await evaluate(input, {
    ...identity.evaluation,
    threads: options.runtime?.threads,
    journal,
    abortSignal,
    onProgress: (progress) => onEvent?.({ kind: 'probe', task: task.id, ...progress }),
  });
  const { summary, answers } = summarizeTest(input, evaluation, identity.evaluation.seed);
  const { taskName, mode, evaluation: metrics } = task.metadata;
  const result = makeResult({
    harnessVersion,
    task,
    contentHash,
    sampleRate: run.sampleRate,
    embedder: model.embedder,
    options: identity.evaluation,
    evaluation,
    testSummary: summary,
    normalizedScore: normalizedScore(taskName, mode, evaluation.scores[metrics[0]].mean, metrics[0]),
    embedSeconds: embedded.seconds,
    cachedClips: embedded.cachedClips,
    machine: thisMachine(),
    peakMemoryBytes: peakMemoryBytes(),
    startedAt,
    finishedAt: new Date(),
    warnings: warnings.map(({ message }) => message),
  });
  return { result, evaluation, answers, labels: task.labels };
}

function isDefault(evaluation: EvaluationIdentity, options: BenchmarkOptions): boolean {
  const plainModel = Object.keys(options.modelOptions ?? {}).length === 0;
  return plainModel && hashIdentity(evaluation) === hashIdentity(evaluationIdentity(defaultEvaluation));
}

async function defaultEvaluate(): Promise<Evaluate> {
  // Loaded late: a run that finds everything finished needs no probe.
  const { evaluateTask } = await import('../evaluation/evaluate-task.js');
  return evaluateTask;
}
