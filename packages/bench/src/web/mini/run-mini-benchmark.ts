import type { Embedder } from '@hearken/core';
import { evaluateWith } from '../../evaluation/evaluate-with.js';
import type { SessionFactory } from '../../probes/probe.js';
import { fits } from '../../embeddings/check-fits.js';
import { chooseMiniTasks } from '@hearken/tasks/internal';
import { embedMadeTask } from './embed-made-task.js';
import { makeTask } from './made-task.js';

/** What to run on the mini tasks. */
export interface MiniBenchmarkOptions {
  /** Any embedder, including one in another worker. */
  readonly embedder: Embedder;
  /** Some of `miniTaskNames`; default: those whose signals the embedder takes. */
  readonly tasks?: readonly string[];
  /** One of the evaluation's probes; default: `linear`, which takes seconds in a browser. */
  readonly probe?: string;
  /** Number of points of heareval's grid to try, for probes with a grid; default: 2. */
  readonly gridPoints?: number;
  /** Seed of the clips and the probe; default: 0. */
  readonly seed?: number;
  /** Called with the progress of the benchmark. */
  readonly onProgress?: (progress: MiniProgress) => void;
  /** Stops the benchmark; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}

/** Progress of a mini benchmark. */
export interface MiniProgress {
  /** One of `miniTaskNames`. */
  readonly task: string;
  /** Making the task's clips, embedding them, or training the probe. */
  readonly stage: 'make' | 'embed' | 'probe';
  /** Progress of this stage, from 0 to `total`: clips, or trainings including the finished shares of running ones. */
  readonly done: number;
  /** The largest value of `done`. */
  readonly total: number;
}

/** A model's score on a mini task. */
export interface MiniResult {
  /** One of `miniTaskNames`. */
  readonly task: string;
  /** Name of the task's first metric. */
  readonly metric: string;
  /** Mean over folds; null if the metric is undefined. */
  readonly score: number | null;
  /** Sample standard deviation over folds; null if there is only one. */
  readonly deviation: number | null;
  /** Time spent. */
  readonly seconds: {
    /** Seconds for embedding. */
    readonly embed: number;
    /** Seconds for training and scoring. */
    readonly probe: number;
  };
  /** Number of clips in all splits. */
  readonly clips: number;
}

/**
 * Scores a model on the mini tasks without files: the clips are made in memory, embedded, and evaluated as on Node.js.
 *
 * @param createSession creates the sessions that run the probe's graphs
 * @throws OptionError for an unknown task, probe or seed; TaskError for a task with signals that the embedder does
 *   not take; what the embedder throws; the abort signal's reason
 */
export async function runMiniBenchmarkWith(
  createSession: SessionFactory,
  options: MiniBenchmarkOptions,
): Promise<MiniResult[]> {
  const { embedder, probe = 'linear', gridPoints = 2, seed = 0, onProgress, abortSignal } = options;
  const results: MiniResult[] = [];
  for (const chosen of chooseMiniTasks(options.tasks, seed)) {
    const { name } = chosen;
    const modality = chosen.task.metadata.leads === undefined ? 'audio' : 'ecg';
    const kind = { modality, leads: chosen.task.metadata.leads ?? [] } as const;
    if (options.tasks === undefined && !fits(kind, embedder)) continue;
    abortSignal?.throwIfAborted();
    onProgress?.({ task: name, stage: 'make', done: 0, total: 1 });
    const made = await makeTask(chosen, seed, abortSignal);
    const { metadata, labels } = made.task;
    const clips = made.signals.size;
    const start = performance.now();
    const splits = await embedMadeTask(made, embedder, {
      onClips: (done) => onProgress?.({ task: name, stage: 'embed', done, total: clips }),
      abortSignal,
    });
    const embed = (performance.now() - start) / 1000;
    const evaluation = await evaluateWith(
      createSession,
      { metadata, labels, splits },
      {
        probe,
        grid: 'default',
        gridPoints,
        seed,
        abortSignal,
        onProgress: ({ done = 0, total }) => onProgress?.({ task: name, stage: 'probe', done, total }),
      },
    );
    const metric = metadata.evaluation[0];
    const { mean: score, deviation } = evaluation.scores[metric];
    results.push({ task: name, metric, score, deviation, seconds: { embed, probe: evaluation.seconds }, clips });
  }
  return results;
}
