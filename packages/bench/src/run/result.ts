import type { Embedder, Provenance } from '@hearken/core';
import type { Evaluation, FoldResult, GridPointResult, ScoreSummary } from '../evaluation/evaluation.js';
import type { ProbeConfiguration } from '../probes/configuration.js';
import type { ConfidenceInterval } from '../statistics/index.js';
import type { Task, TaskMetadata } from '../tasks/task.js';
import type { EvaluationIdentity } from './identity.node.js';
import type { Machine } from './machine.node.js';
import type { AreaIntervals } from './resampling/area-intervals.js';
import type { ScoreParts } from './resampling/score-parts.js';

/** Raised when a field changes its meaning or goes; new fields do not raise it. */
export const resultSchemaVersion = 1;

/** Where the test predictions of a result are: a `.npy` beside it, `[rows, labels]`, the folds one after the other. */
export interface PredictionsFile {
  readonly file: string;
  readonly shape: readonly [number, number];
  /** Of the file, in hexadecimal; results of earlier versions lack it. */
  readonly sha256?: string;
}

/** A metric's score in a result. */
export interface ResultScore extends ScoreSummary {
  /** Bootstrap interval over test clips, see `scoreIntervals`; null where it is undefined. */
  readonly interval: ConfidenceInterval | null;
  /** `aucroc`: DeLong intervals of each label's area, of the first seed; of two classes the positive one's alone. */
  readonly delong?: AreaIntervals;
  /** Event metrics: means over folds of what the score is made of, such as precision and recall. */
  readonly parts?: ScoreParts;
}

/** A fold in a result: its predictions, where they are kept, are in the predictions' file. */
export interface ResultFold extends Omit<FoldResult, 'predictions'> {
  /** Test rows. */
  readonly rows: number;
  /** Event metrics: what each score is made of. */
  readonly parts?: Readonly<Record<string, ScoreParts>>;
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
    /** Of metadata, vocabulary, labels and the clips at `sampleRate`. */
    readonly contentHash: string;
    /** Hz of the folder of clips that was read. */
    readonly sampleRate: number;
    readonly labels: number;
    readonly clips: number;
  };
  readonly model: Provenance & {
    readonly sampleRate: number;
    readonly channels: number;
    /** Of the embeddings that were scored. */
    readonly embeddingSize: number;
  };
  readonly evaluation: Omit<EvaluationIdentity, 'seeds' | 'pca'> & {
    readonly seeds: number;
    readonly pca: number | null;
  };
  /** Clips that train, in each fold of the first draw; absent where all do that the task has for it. */
  readonly trainClips?: readonly number[];
  /** The metric that decides: the task's first. */
  readonly metric: string;
  readonly scores: Readonly<Record<string, ResultScore>>;
  /** The score over the best HEAR 2021 submission's; null for other tasks than HEAR's. */
  readonly normalizedScore: number | null;
  /** The first seed's. */
  readonly folds: readonly ResultFold[];
  /** Every seed, the first one included; absent for a single seed. */
  readonly seeds?: readonly {
    readonly seed: number;
    readonly scores: Readonly<Record<string, number | null>>;
    readonly folds: readonly ResultFold[];
  }[];
  readonly configuration: ProbeConfiguration;
  readonly gridPoints: readonly GridPointResult[];
  readonly epochsTrained: number;
  readonly seconds: { readonly embed: number; readonly probe: number };
  /** Clips whose embeddings were in the cache when the run began. */
  readonly cachedClips: number;
  readonly peakMemoryBytes: number;
  readonly predictions: PredictionsFile | null;
  /** Where the names and the labels of the test clips are: a JSON Lines file beside it. */
  readonly testClips: { readonly file: string; readonly sha256?: string } | null;
  readonly machine: Machine;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly warnings: readonly string[];
}

/** What the test clips add to an evaluation: of every seed, in order. */
export interface TestSummary {
  readonly intervals: Readonly<Record<string, ConfidenceInterval | null>>;
  /** Scene tasks that are scored by `aucroc`: by label. */
  readonly areaIntervals?: AreaIntervals;
  /** Event tasks: by seed and fold, the parts of each metric. */
  readonly parts: readonly (readonly Readonly<Record<string, ScoreParts>>[])[];
}

/** What a result is made of. */
export interface ResultParts {
  readonly harnessVersion: string;
  readonly task: Task;
  readonly contentHash: string;
  readonly sampleRate: number;
  readonly embedder: Pick<
    Embedder,
    'provenance' | 'sampleRate' | 'channels' | 'sceneEmbeddingSize' | 'timestampEmbeddingSize'
  >;
  readonly options: EvaluationIdentity;
  readonly evaluation: Evaluation;
  readonly trainClips?: readonly number[];
  readonly testSummary: TestSummary;
  readonly normalizedScore: number | null;
  readonly embedSeconds: number;
  readonly cachedClips: number;
  readonly machine: Machine;
  readonly peakMemoryBytes: number;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  /** What the guards have to say. */
  readonly warnings: readonly string[];
}
