import type { GroupCounts } from '@hearken/tasks/internal/node';
import type { Embedder, Provenance } from '@hearken/core';
import type { Evaluation, FoldResult, GridPointResult, ScoreSummary } from './evaluation-record.js';
import type { ExtensionRecord } from '../extensions/extension-records.js';
import type { ProbeConfiguration } from './configuration.js';
import type { ResamplerDescription } from '@hearken/signals/internal';
import type { ScoreContext, ScoreInterval, ScoreParts } from '@hearken/metrics/internal';
import type { CheckpointRecord } from '../models/model-name.js';
import type { Task, TaskMetadata } from '@hearken/tasks';
import type { EvaluationIdentity } from './identity.js';
import type { Machine } from './machine.js';
import type { AreaIntervals } from '@hearken/metrics';

/** Raised when a field changes its meaning or goes; new fields do not raise it. */
export const resultSchemaVersion = 1;

/** Where the test predictions of a result are: a `.npy` beside it, `[rows, labels]`, the folds one after the other. */
export interface PredictionsFile {
  /** Its name, in the result's folder. */
  readonly file: string;
  /** `[rows, labels]` */
  readonly shape: readonly [number, number];
  /** Of the file, in hexadecimal; results of earlier versions lack it. */
  readonly sha256?: string;
}

/** A metric's score in a result. */
export interface ResultScore extends ScoreSummary, ScoreContext {
  /** Confidence interval over test clips or groups of them, see `scoreIntervals`; null where it is undefined. */
  readonly interval: ScoreInterval | null;
  /** `aucroc`: DeLong intervals of each label's area, of the first seed; of two classes the positive one's alone. */
  readonly delong?: AreaIntervals;
  /** Event metrics: means over folds of what the score is made of, such as precision and recall. */
  readonly parts?: ScoreParts;
}

/** A fold in a result: its predictions, where they are kept, are in the predictions' file. */
export interface ResultFold extends Omit<FoldResult, 'predictions'> {
  /** Test rows. */
  readonly rows: number;
  /** What the chance level comes from: how often the training clips have each label, or their means. `[labels]` */
  readonly constant?: readonly number[];
  /** Event metrics: what each score is made of. */
  readonly parts?: Readonly<Record<string, ScoreParts>>;
}

/** The result of one model on one task, as its JSON file says it. */
export interface Result {
  /** Version of this layout. */
  readonly schemaVersion: number;
  /** What computed it. */
  readonly harness: {
    /** The name by itself. */
    readonly name: 'hearken';
    /** Semver. */
    readonly version: string;
  };
  /** Which task, and how large it is. */
  readonly task: Pick<
    TaskMetadata,
    'version' | 'mode' | 'embeddingType' | 'predictionType' | 'splitMode' | 'modality'
  > & {
    /** `taskName-version-mode` */
    readonly id: string;
    /** The name by itself. */
    readonly name: string;
    /** Of metadata, vocabulary, labels and the clips at `sampleRate`. */
    readonly contentHash: string;
    /** Hz of the folder of clips that was read. */
    readonly sampleRate: number;
    /** Labels, or targets of a regression task. */
    readonly labels: number;
    /** Clips of all splits, those aside that were left out. */
    readonly clips: number;
  };
  /** Which embeddings were scored, and where they come from. */
  readonly model: Provenance & {
    /** Hz that the model takes. */
    readonly sampleRate: number;
    /** 1 for audio, 12 for ECG. */
    readonly channels: number;
    /** Of the embeddings that were scored. */
    readonly embeddingSize: number;
    /** The file that the weights are of; absent where none was passed, and in results of earlier versions. */
    readonly checkpoint?: CheckpointRecord;
  };
  /** How they were scored. */
  readonly evaluation: Omit<EvaluationIdentity, 'seeds' | 'pca' | 'extensions'> & {
    /** How often each split's probe was trained. */
    readonly seeds: number;
    /** Principal components, or the share of the variance that was kept; null for the embeddings themselves. */
    readonly pca: number | null;
  };
  /** The custom metrics and the custom probe of this evaluation; absent if there are none. */
  readonly extensions?: readonly ExtensionRecord[];
  /** Clips that train, in each fold of the first draw; absent where all do that the task has for it. */
  readonly trainClips?: readonly number[];
  /** Clips that could not be read and are in no split of this run; absent where one of them would have ended it. */
  readonly leftOut?: readonly LeftOutClip[];
  /** Whose the clips are, where the task's `clips.csv` names groups. */
  readonly groups?: GroupCounts;
  /** What made the sample rate of the clips that of the model; absent where nothing had to. */
  readonly resampler?: ResamplerDescription;
  /** The metric that decides: the task's first. */
  readonly metric: string;
  /** By metric: mean over folds and seeds, deviation, confidence interval. */
  readonly scores: Readonly<Record<string, ResultScore>>;
  /** The score over the best HEAR 2021 submission's; null for other tasks than HEAR's. */
  readonly normalizedScore: number | null;
  /** The first seed's. */
  readonly folds: readonly ResultFold[];
  /** Every seed, the first one included; absent for a single seed. */
  readonly seeds?: readonly {
    /** What its random numbers follow from. */
    readonly seed: number;
    /** Mean over folds by metric; null where the metric is undefined. */
    readonly scores: Readonly<Record<string, number | null>>;
    /** One a test split. */
    readonly folds: readonly ResultFold[];
    /** Where its answers are, of every seed but the first; absent for events, and in results of earlier versions. */
    readonly predictions?: PredictionsFile | null;
  }[];
  /** The hyper-parameters that won on the first split's validation. */
  readonly configuration: ProbeConfiguration;
  /** Every point of the grid that was tried. */
  readonly gridPoints: readonly GridPointResult[];
  /** Epochs of all trainings together, the grid's included. */
  readonly epochsTrained: number;
  /** Time spent. */
  readonly seconds: {
    /** Seconds that embedding took, in this run or in those that filled the cache. */
    readonly embed: number;
    /** Seconds of all trainings together. */
    readonly probe: number;
  };
  /** Clips whose embeddings were in the cache when the run began. */
  readonly cachedClips: number;
  /** The most memory that the process had held when the result was made. */
  readonly peakMemoryBytes: number;
  /** Where the answers for the test clips are; null where they were not kept. */
  readonly predictions: PredictionsFile | null;
  /** Where the names and the labels of the test clips are: a JSON Lines file beside it. */
  readonly testClips: {
    /** Its name, in the result's folder. */
    readonly file: string;
    /** Of the file, in hexadecimal. */
    readonly sha256?: string;
  } | null;
  /** Where it was computed. */
  readonly machine: Machine;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** ISO 8601, UTC. */
  readonly finishedAt: string;
  /** What a reader of the score should know, in whole sentences. */
  readonly warnings: readonly string[];
  /** What the numbers take for granted, in whole sentences: nothing went wrong. Results of earlier versions lack it. */
  readonly assumptions?: readonly string[];
}

/** A clip that a run went on without. */
export interface LeftOutClip {
  /** The task's split that it is of. */
  readonly split: string;
  /** Its file name. */
  readonly clip: string;
  /** Why it could not be read, in a few words. */
  readonly reason: string;
}

/** What the test clips add to an evaluation: of every seed, in order. */
export interface TestSummary {
  /** By metric; null where there is none. */
  readonly intervals: Readonly<Record<string, ScoreInterval | null>>;
  /** By metric: what a score is to be read with. */
  readonly contexts?: Readonly<Record<string, ScoreContext>>;
  /** By fold: see `constantAnswers`. */
  readonly constants?: readonly (readonly number[])[];
  /** By metric that is an area under ROC curves, and by label. */
  readonly areaIntervals?: Readonly<Record<string, AreaIntervals>>;
  /** Event tasks: by seed and fold, the parts of each metric. */
  readonly parts: readonly (readonly Readonly<Record<string, ScoreParts>>[])[];
}

/** What a result is made of. */
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
  /** The custom metrics and probe. */
  readonly extensions?: readonly ExtensionRecord[];
  /** What the evaluation found. */
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
  /** What the guards have to say. */
  readonly warnings: readonly string[];
}
