import type { Embedder, Provenance } from '@hearken/core';
import type { Evaluation, FoldResult, GridPointResult } from '../evaluation/evaluation.js';
import type { ProbeConfiguration } from '../probes/configuration.js';
import type { Task, TaskMetadata } from '../tasks/task.js';
import type { EvaluationIdentity } from './identity.node.js';
import type { Machine } from './machine.node.js';

/** Raised when a field changes its meaning or goes; new fields do not raise it. */
export const resultSchemaVersion = 1;

/** Where the test predictions of a result are: a `.npy` beside it, `[rows, labels]`, the folds one after the other. */
export interface PredictionsFile {
  readonly file: string;
  readonly shape: readonly [number, number];
}

/** The result of one model on one task, as its JSON file says it. */
export interface Result {
  readonly schemaVersion: number;
  readonly harness: { readonly name: 'hearken'; readonly version: string };
  readonly task: Pick<
    TaskMetadata,
    'version' | 'mode' | 'embeddingType' | 'predictionType' | 'splitMode' | 'modality'
  > & {
    readonly id: string;
    readonly name: string;
    readonly contentHash: string;
    readonly labels: number;
    readonly clips: number;
  };
  readonly model: Provenance & {
    readonly sampleRate: number;
    readonly channels: number;
    /** Of the embeddings that were scored. */
    readonly embeddingSize: number;
  };
  readonly evaluation: EvaluationIdentity;
  /** The metric that decides: the task's first. */
  readonly metric: string;
  /** Mean and sample deviation over the folds by metric; the deviation is null for a single fold. */
  readonly scores: Evaluation['scores'];
  readonly folds: readonly (Omit<FoldResult, 'predictions'> & { readonly rows: number })[];
  readonly configuration: ProbeConfiguration;
  readonly gridPoints: readonly GridPointResult[];
  readonly epochsTrained: number;
  readonly seconds: { readonly embed: number; readonly probe: number };
  /** Clips whose embeddings were in the cache when the run began. */
  readonly cachedClips: number;
  readonly peakMemoryBytes: number;
  readonly predictions: PredictionsFile | null;
  readonly machine: Machine;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly warnings: readonly string[];
}

/** What a result is made of. */
export interface ResultParts {
  readonly harnessVersion: string;
  readonly task: Task;
  readonly contentHash: string;
  readonly embedder: Embedder;
  readonly options: EvaluationIdentity;
  readonly evaluation: Evaluation;
  readonly embedSeconds: number;
  readonly cachedClips: number;
  readonly machine: Machine;
  readonly peakMemoryBytes: number;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** The result without the file of its predictions, keys in the order in which they are to be read. */
export function makeResult(parts: ResultParts): Result {
  const { task, embedder, evaluation } = parts;
  const { metadata } = task;
  const event = metadata.embeddingType === 'event';
  const { probe, grid, gridPoints, seed } = parts.options;
  return {
    schemaVersion: resultSchemaVersion,
    harness: { name: 'hearken', version: parts.harnessVersion },
    task: {
      id: task.id,
      name: metadata.taskName,
      version: metadata.version,
      mode: metadata.mode,
      contentHash: parts.contentHash,
      embeddingType: metadata.embeddingType,
      predictionType: metadata.predictionType,
      splitMode: metadata.splitMode,
      modality: metadata.modality,
      labels: task.labels.length,
      clips: [...task.splits.values()].reduce((sum, clips) => sum + clips.length, 0),
    },
    model: {
      ...embedder.provenance,
      sampleRate: embedder.sampleRate,
      channels: embedder.channels,
      embeddingSize: event ? embedder.timestampEmbeddingSize : embedder.sceneEmbeddingSize,
    },
    evaluation: { probe, grid, gridPoints, seed },
    metric: metadata.evaluation[0],
    scores: evaluation.scores,
    folds: evaluation.folds.map(({ predictions, ...fold }) => ({
      ...fold,
      rows: predictions.length / task.labels.length,
    })),
    configuration: evaluation.configuration,
    gridPoints: evaluation.gridPoints,
    epochsTrained: evaluation.epochsTrained,
    seconds: { embed: rounded(parts.embedSeconds), probe: rounded(evaluation.seconds) },
    cachedClips: parts.cachedClips,
    peakMemoryBytes: parts.peakMemoryBytes,
    predictions: null,
    machine: parts.machine,
    startedAt: parts.startedAt.toISOString(),
    finishedAt: parts.finishedAt.toISOString(),
    warnings: warningsOf(task, evaluation),
  };
}

/** What a reader of the score should know. */
function warningsOf(task: Task, { scores, folds }: Evaluation): string[] {
  const undefinedMetrics = Object.entries(scores)
    .filter(([, { mean }]) => mean === null)
    .map(([metric]) => `${metric} is undefined on this task's test splits`);
  const unlearned = folds.filter(({ epoch }) => epoch === 0).map(({ test }) => `no epoch improved on fold ${test}`);
  const sampleRate = task.sampleRates[task.sampleRates.length - 1];
  const slow = task.metadata.modality === 'audio' && sampleRate < 8000 ? [`audio of only ${sampleRate} Hz`] : [];
  return [...undefinedMetrics, ...unlearned, ...slow];
}

/** Milliseconds are as fine as a duration needs. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
