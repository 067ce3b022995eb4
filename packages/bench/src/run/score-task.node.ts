import { guardTask } from '../guards/guard-task.node.js';
import { normalizedScore } from '../hear/normalized-score.js';
import type { Task } from '../tasks/task.js';
import type { BenchmarkOptions, Evaluate } from './benchmark.js';
import { cacheFolders } from './cache-folder.node.js';
import { embedTask, largeEmbeddingBytes, type EmbeddedTask } from './embed-task.node.js';
import { harnessVersion } from './harness-version.js';
import type { RunIdentity } from './identity.node.js';
import type { DiskJournal } from './journal.node.js';
import { peakMemoryBytes, thisMachine } from './machine.node.js';
import { makeResult } from './make-result.js';
import type { FinishedResult } from './result-file.node.js';
import type { ModelInUse } from './run-task.node.js';
import { summarizeTest } from './test-summary.js';

/** A task to be scored, and what its result will be known by. */
export interface TaskRun extends ModelInUse {
  readonly task: Task;
  /** Hz of the folder of clips that is read. */
  readonly sampleRate: number;
  readonly identity: RunIdentity;
  readonly journal: DiskJournal;
  readonly note: (message: string) => void;
}

/** Embeds a task, looks it over, trains the probe and puts the result together. */
export async function scoreTask(run: TaskRun, options: BenchmarkOptions): Promise<FinishedResult> {
  const { task, model } = run;
  const { abortSignal, onEvent } = options;
  const { contentHash } = run.identity.task;
  const startedAt = new Date();
  const cache = cacheFolders(options.cache);
  const { plugin } = model;
  const embedded = await embedTask(
    task,
    { plugin, embedder: await model.open() },
    {
      cacheFolder: cache.embeddings,
      contentHash,
      discardCache: options.force,
      abortSignal,
      onProgress: (progress) => onEvent?.({ kind: 'embed', task: task.id, ...progress }),
      onNote: run.note,
    },
  );
  try {
    return await scoreEmbedded(run, embedded, startedAt, options);
  } finally {
    embedded.close();
  }
}

async function scoreEmbedded(
  run: TaskRun,
  embedded: EmbeddedTask,
  startedAt: Date,
  options: BenchmarkOptions,
): Promise<FinishedResult> {
  const { task, model, identity, journal } = run;
  const { abortSignal, onEvent } = options;
  const { contentHash } = identity.task;
  // Of a large task the memory is worth more than the time to load the model again.
  if (run.isLast || embedded.bytes > largeEmbeddingBytes) await model.release();
  const warnings = await guardTask(task, embedded.splits, {
    sampleRate: model.description.sampleRate,
    cacheFolder: cacheFolders(options.cache).inspections,
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
    embedder: model.description,
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

async function defaultEvaluate(): Promise<Evaluate> {
  // Loaded late: a run that finds everything finished needs no probe.
  const { evaluateTask } = await import('../evaluation/evaluate-task.node.js');
  return evaluateTask;
}
