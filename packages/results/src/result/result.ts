import type { GroupCounts } from '@hearken/tasks/internal/node';
import type { Embedder } from '@hearken/core';
import type { AreaIntervals } from '@hearken/metrics';
import type { ScoreContext, ScoreInterval, ScoreParts } from '@hearken/metrics/internal';
import type { ResamplerDescription } from '@hearken/signals/internal';
import type { Task } from '@hearken/tasks';
import type { ExtensionRecord, LeftOutClip, Machine } from '../format/result.js';
import type { CheckpointRecord } from '../models/model-name.js';
import type { Evaluation } from './evaluation-record.js';
import type { EvaluationIdentity } from './identity.js';

/** What the test clips add to an evaluation, with all seeds in order. */
export interface TestSummary {
  /** By metric; null if there is none. */
  readonly intervals: Readonly<Record<string, ScoreInterval | null>>;
  /** By metric: context for the score. */
  readonly contexts?: Readonly<Record<string, ScoreContext>>;
  /** By fold: see `constantAnswers`. */
  readonly constants?: readonly (readonly number[])[];
  /** By metric (only areas under ROC curves), and by label. */
  readonly areaIntervals?: Readonly<Record<string, AreaIntervals>>;
  /** Event tasks: by seed and fold, the parts of each metric. */
  readonly parts: readonly (readonly Readonly<Record<string, ScoreParts>>[])[];
}

/** Everything that a result is made from. */
export interface ResultParts {
  /** Hearken's version. */
  readonly harnessVersion: string;
  /** The task that was scored. */
  readonly task: Task;
  /** Hash of the content of the task's folder. */
  readonly contentHash: string;
  /** Sample rate of the folder of clips that was read, in Hz. */
  readonly sampleRate: number;
  /** The embedder of the clips. */
  readonly embedder: Pick<
    Embedder,
    'provenance' | 'sampleRate' | 'channels' | 'sceneEmbeddingSize' | 'timestampEmbeddingSize'
  >;
  /** The file with its weights, if one was passed. */
  readonly checkpoint?: CheckpointRecord;
  /** How the embeddings were scored. */
  readonly options: EvaluationIdentity;
  /** Whether it is the default evaluation of a model without options. */
  readonly isDefault: boolean;
  /** The custom metrics and probe. */
  readonly extensions?: readonly ExtensionRecord[];
  /** The outcome of the evaluation. */
  readonly evaluation: Evaluation;
  /** Number of training clips in each fold of the first draw; absent if all are used. */
  readonly trainClips?: readonly number[];
  /** Clips that could not be read, if such clips are left out. */
  readonly leftOut?: readonly LeftOutClip[];
  /** The groups of the clips, if the task has them. */
  readonly groups?: GroupCounts;
  /** What converted the clips to the model's sample rate, if that was necessary. */
  readonly resampler?: ResamplerDescription;
  /** What the test clips add to it. */
  readonly testSummary: TestSummary;
  /** The score divided by the best HEAR 2021 submission's; null for tasks that are not HEAR's. */
  readonly normalizedScore: number | null;
  /** Duration of the embedding. */
  readonly embedSeconds: number;
  /** Number of clips whose embeddings were in the cache when the run began. */
  readonly cachedClips: number;
  /** Where it was computed. */
  readonly machine: Machine;
  /** Peak memory of the process. */
  readonly peakMemoryBytes: number;
  /** When the task started. */
  readonly startedAt: Date;
  /** When it was finished. */
  readonly finishedAt: Date;
  /** Warnings from the guards. */
  readonly warnings: readonly string[];
}
