import type { MiniResult } from '@hearken/bench/web';
import type { ModelSource, Provenance } from '@hearken/core';
import type { ErrorMessage } from '@hearken/core/remote';

/** Seconds for each stage of a clip. */
export interface StageSeconds {
  readonly decode: number;
  readonly resample: number;
  readonly embed: number;
}

/** A picture of a clip, small enough to be posted for clips of any length. */
export interface AudioPicture {
  readonly kind: 'audio';
  /** Smallest and largest sample of each column: `[columns, 2]`. */
  readonly peaks: Float32Array;
  /** Log-mel of each column in dB, low bands first: `[columns, bands]`. */
  readonly logMel: Float32Array;
  readonly bands: number;
  /** Hz of the highest band's upper edge. */
  readonly highFrequency: number;
}

export interface EcgPicture {
  readonly kind: 'ecg';
  /** The first seconds in mV: `[12, samples]`. */
  readonly signal: Float32Array;
  readonly leads: readonly string[];
  /** Hz of `signal`, which may have fewer samples than the record. */
  readonly sampleRate: number;
}

/** A clip that was read and, if the model takes such signals, embedded. */
export interface ReadClip {
  readonly name: string;
  readonly seconds: number;
  /** Hz, as in the file. */
  readonly sampleRate: number;
  readonly picture: AudioPicture | EcgPicture;
  readonly stages: StageSeconds;
  readonly warnings: readonly string[];
  /** Absent if the model takes another kind of signal. */
  readonly embedding?: Float32Array;
  readonly provenance?: Provenance;
}

/** Embeddings of clips, row-major `[count, size]`. */
export interface EmbeddingTable {
  readonly embeddings: Float32Array;
  readonly size: number;
}

export interface TrainedProbe {
  readonly kind: 'linear' | 'mlp';
  readonly labels: readonly string[];
  /** Clips that it was trained on. */
  readonly clips: number;
  /** Share of clips with the most frequent label: the accuracy of always predicting it. */
  readonly chance: number;
  /** For each training clip, the label predicted by a training without it. */
  readonly predictions: readonly string[];
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  /** Clips by label (rows) and prediction (columns). */
  readonly confusion: readonly (readonly number[])[];
  readonly folds: number;
}

/** Probabilities in the order of the probe's labels, or of the model's own. */
export type Answer = readonly number[];

export interface StoredEntry {
  readonly key: string;
  readonly bytes: number;
  readonly source: string;
  readonly sha256: string | null;
}

/** What answers to the microphone: the classifier that was trained here, or the model's own. */
export type LiveSource = 'probe' | 'head';

/** A clip that was read before: the files that it came from, and which clip in them it is. */
export interface KnownClip {
  readonly kind: 'audio' | 'ecg';
  readonly files: File[];
  readonly name: string;
}

/** A clip to train on. */
export interface LabelledClip extends KnownClip {
  readonly label: string;
  readonly seconds: number;
}

/** A model to fine-tune, and on what. */
export interface TrainingAsk {
  readonly plugin: string;
  /** Its checkpoint. */
  readonly source: ModelSource;
  /** Absent if the checkpoint determines it. */
  readonly model?: string;
  readonly recipe: string;
  /** Those that differ from the recipe's. */
  readonly settings: Readonly<Record<string, number>>;
  readonly clips: readonly LabelledClip[];
}

/** What a training will take. */
export interface TrainingPlan {
  /** An estimate of the memory, and how much of it WebAssembly has. */
  readonly bytes: number;
  readonly availableBytes: number;
  /** Weights that are trained. */
  readonly elements: number;
  readonly updates: number;
  readonly epochs: number;
  readonly batch: number;
  /** Clips that are trained on, and others that are held out. */
  readonly trained: number;
  readonly heldOut: number;
}

/** After each update; the score after each validation. */
export type TrainingNews =
  | { readonly kind: 'reading'; readonly done: number; readonly total: number }
  | {
      readonly kind: 'update';
      readonly update: number;
      readonly updates: number;
      readonly epoch: number;
      readonly loss: number;
    }
  | { readonly kind: 'score'; readonly score: number };

/** A fine-tuned model. */
export interface FineTunedModel {
  /** A checkpoint in the layout of the model's authors. */
  readonly files: readonly File[];
  readonly labels: readonly string[];
  /** Share of the clips held out that its best weights label rightly, and the epoch after which they were found. */
  readonly score: number;
  readonly epoch: number;
  /** Without opening the model and reading the clips. */
  readonly seconds: number;
}

/** The latest result from the microphone. */
export interface LiveAnswer {
  readonly probabilities: Answer;
  /** Milliseconds of sound until the window's end. */
  readonly at: number;
}

export interface ExportAsk extends EmbeddingTable {
  readonly format: 'npy' | 'csv' | 'json';
  readonly names: readonly string[];
  readonly labels: readonly string[];
  readonly provenance: Provenance;
}

/** The workers' jobs, apart from loading models: name, request, answer, progress. */
export interface Jobs {
  embedAudio: { ask: { file: File }; answer: ReadClip; news: never };
  embedEcg: { ask: { files: File[] }; answer: ReadClip[]; news: never };
  project: { ask: EmbeddingTable; answer: Float32Array; news: never };
  neighbours: {
    ask: EmbeddingTable & { index: number; count: number };
    answer: { index: number; similarity: number }[];
    news: never;
  };
  train: {
    ask: EmbeddingTable & { labels: string[]; probe: 'linear' | 'mlp'; folds: number };
    answer: TrainedProbe;
    news: number;
  };
  classify: { ask: EmbeddingTable; answer: Answer[]; news: never };
  /** Probabilities of the model's own labels for a clip. */
  ownLabels: { ask: KnownClip; answer: Answer; news: never };
  listen: {
    ask: { chunks: MessagePort; sampleRate: number; answers: LiveSource };
    answer: null;
    news: LiveAnswer;
  };
  exportEmbeddings: { ask: ExportAsk; answer: Blob; news: never };
  exportProbe: { ask: null; answer: Blob; news: never };
  benchmark: { ask: null; answer: MiniResult[]; news: { done: number; text: string } };
  listStored: { ask: null; answer: StoredEntry[]; news: never };
  deleteStored: { ask: { key: string }; answer: null; news: never };
  /** Both in a worker of its own, which is ended to free its memory. */
  planTraining: { ask: TrainingAsk; answer: TrainingPlan; news: never };
  fineTune: { ask: TrainingAsk; answer: FineTunedModel; news: TrainingNews };
}

export type JobName = keyof Jobs;

export type JobRequest =
  | { readonly kind: 'do'; readonly job: number; readonly name: JobName; readonly ask: unknown }
  | { readonly kind: 'abort'; readonly job: number };

export type JobReport =
  | { readonly kind: 'done'; readonly job: number; readonly answer: unknown }
  | { readonly kind: 'news'; readonly job: number; readonly news: unknown }
  | { readonly kind: 'failed'; readonly job: number; readonly error: ErrorMessage };

/** The message that passes the worker the port for jobs; models use the worker's own messages. */
export interface JobsGreeting {
  readonly jobs: MessagePort;
}
