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

/** What the test clips add to an evaluation: of every seed, in order. */
export interface TestSummary {
  /** By metric; null where there is none. */
  readonly intervals: Readonly<Record<string, ScoreInterval | null>>;
  /** By metric: context for the score. */
  readonly contexts?: Readonly<Record<string, ScoreContext>>;
  /** By fold: see `constantAnswers`. */
  readonly constants?: readonly (readonly number[])[];
  /** By metric that is an area under ROC curves, and by label. */
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
  /** Hash of what the task's folder holds. */
  readonly contentHash: string;
  /** Hz of the folder of clips that was read. */
  readonly sampleRate: number;
  /** What embedded the clips. */
  readonly embedder: Pick<
    Embedder,
    'provenance' | 'sampleRate' | 'channels' | 'sceneEmbeddingSize' | 'timestampEmbeddingSize'
  >;
  /** Which file its weights are of, where one was passed. */
  readonly checkpoint?: CheckpointRecord;
  /** How they were scored. */
  readonly options: EvaluationIdentity;
  /** Whether it is the default evaluation, of a model without options. */
  readonly isDefault: boolean;
  /** The custom metrics and probe. */
  readonly extensions?: readonly ExtensionRecord[];
  /** The outcome of the evaluation. */
  readonly evaluation: Evaluation;
  /** Clips that train, in each fold of the first draw; absent where all do. */
  readonly trainClips?: readonly number[];
  /** Clips that could not be read, where those are left out. */
  readonly leftOut?: readonly LeftOutClip[];
  /** Whose the clips are, where the task says. */
  readonly groups?: GroupCounts;
  /** What made the clips' sample rate the model's, where something had to. */
  readonly resampler?: ResamplerDescription;
  /** What the test clips add to it. */
  readonly testSummary: TestSummary;
  /** The score over the best HEAR 2021 submission's; null for other tasks than HEAR's. */
  readonly normalizedScore: number | null;
  /** Seconds that embedding took. */
  readonly embedSeconds: number;
  /** Clips whose embeddings were in the cache when the run began. */
  readonly cachedClips: number;
  /** Where it was computed. */
  readonly machine: Machine;
  /** The most memory that the process held. */
  readonly peakMemoryBytes: number;
  /** When the task was begun. */
  readonly startedAt: Date;
  /** When it was done. */
  readonly finishedAt: Date;
  /** Warnings from the guards. */
  readonly warnings: readonly string[];
}
