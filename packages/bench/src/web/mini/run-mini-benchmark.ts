import type { Embedder } from '@hearken/core';
import { evaluateWith } from '../../evaluation/evaluate-with.js';
import type { SessionFactory } from '../../probes/probe.js';
import { fits } from '../../embeddings/check-fits.js';
import { chooseMiniTasks } from '@hearken/tasks/internal';
import { embedMadeTask } from './embed-made-task.js';
import { makeTask } from './made-task.js';

/** A model on mini tasks. */
export interface MiniBenchmarkOptions {
  /** Any embedder, also one in another worker. */
  readonly embedder: Embedder;
  /** Some of `miniTaskNames`; default: those whose signals the embedder takes. */
  readonly tasks?: readonly string[];
  /** A probe of the evaluation; default `linear`, which takes seconds in a browser. */
  readonly probe?: string;
  /** How many points of heareval's grid to try, for probes that have one; default 2. */
  readonly gridPoints?: number;
  /** Of the clips and of the probe; default 0. */
  readonly seed?: number;
  /** Called as the benchmark goes on. */
  readonly onProgress?: (progress: MiniProgress) => void;
  /** Ends the benchmark; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}

/** How far a mini benchmark is. */
export interface MiniProgress {
  /** One of `miniTaskNames`. */
  readonly task: string;
  /** Making its clips, embedding them, or training the probe. */
  readonly stage: 'make' | 'embed' | 'probe';
  /** Of this stage, from 0 to `total`: clips, or trainings with the share of those under way. */
  readonly done: number;
  /** What `done` goes up to. */
  readonly total: number;
}

/** What a model scored on a mini task. */
export interface MiniResult {
  /** One of `miniTaskNames`. */
  readonly task: string;
  /** Name of the task's first metric. */
  readonly metric: string;
  /** Mean over the folds; null where the metric is undefined. */
  readonly score: number | null;
  /** Sample deviation over the folds; null where there is one. */
  readonly deviation: number | null;
  /** Time spent. */
  readonly seconds: {
    /** Seconds of embedding. */
    readonly embed: number;
    /** Seconds of training and scoring. */
    readonly probe: number;
  };
  /** Clips of all splits. */
  readonly clips: number;
}

/**
 * Scores a model on the mini tasks without a file: the clips are made in memory, embedded and evaluated as on Node.js.
 *
 * @param createSession what runs the probe's graphs
 * @throws OptionError for an unknown task, probe or seed; TaskError for a task of other signals than the embedder's; what
 *   the embedder throws; the abort signal's reason
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
