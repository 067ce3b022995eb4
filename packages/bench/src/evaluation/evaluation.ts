import type { Extensions } from '../extensions/extensions.js';
import type { ScoringSettings } from '@hearken/results/internal';
import type { FinetuneContext } from '../probes/probe.js';
import type { LaneStarter } from './lanes/trainer.js';

export type { EvaluationInput } from './evaluation-input.js';

/** A finished part of an evaluation: its values and arrays. */
export interface JournalRecord {
  /** Numbers and text, as stored in JSON. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Float32 arrays by name. */
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

/** Stores finished parts, so that an interrupted evaluation continues where it stopped. */
export interface Journal {
  /** What is stored under a key; undefined if there is nothing, or only something damaged. */
  read(key: string): Promise<JournalRecord | undefined>;
  /** Stores a finished part under a key. */
  write(key: string, record: JournalRecord): Promise<void>;
}

/** Progress of an evaluation. */
export interface EvaluationProgress {
  /** The grid on the first split, then the other splits and seeds with the chosen configuration. */
  readonly stage: 'grid' | 'split';
  /** Index of the grid point or further training, from 0. */
  readonly index: number;
  /** Number of trainings in this stage. */
  readonly total: number;
  /** Epochs trained so far. */
  readonly epoch: number;
  /** Maximum number of epochs of this training. */
  readonly maxEpochs: number;
  /** Best validation score of this probe so far. */
  readonly bestScore: number | null;
  /** Finished trainings of this stage, including those of earlier runs. Several may be running at once. */
  readonly finished?: number;
  /** Number of running trainings, including this one. */
  readonly running?: number;
  /** `finished`, plus the finished shares of running trainings; never decreases. */
  readonly done?: number;
}

/** How to evaluate, and custom metrics and probes. */
export interface EvaluationOptions extends ScoringSettings, Extensions {
  /** Cores to use, one per training; default: all. The scores do not depend on it. */
  readonly threads?: number;
  /**
   * Number of parallel trainings, if the platform supports them; default: as many as cores, work and memory allow. The
   * scores do not depend on it.
   */
  readonly lanes?: number;
  /**
   * Starts parallel trainings; default: worker threads on Node.js, elsewhere none, so that trainings run one after
   * another.
   */
  readonly laneStarter?: LaneStarter;
  /** Stores finished parts; default: none, and an interrupted evaluation starts again. */
  readonly journal?: Journal;
  /** Probe `finetune`: the model, its examples and its recipe; needed for that probe only. */
  readonly finetuneContext?: FinetuneContext;
  /** Called with the progress of trainings. */
  readonly onProgress?: (progress: EvaluationProgress) => void;
  /** Stops the evaluation; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}
