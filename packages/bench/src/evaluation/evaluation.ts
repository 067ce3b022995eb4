import type { Extensions } from '../extensions/extensions.js';
import type { ScoringSettings } from '@hearken/results/internal';
import type { LaneStarter } from './lanes/trainer.js';

/** A part of an evaluation that is finished: what to know of it, and its arrays. */
export interface JournalRecord {
  /** Numbers and text, as JSON keeps them. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Float32 arrays by name. */
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

/** Keeps finished parts, so that an interrupted evaluation goes on where it stopped. */
export interface Journal {
  /** What was kept under a key; undefined where there is nothing, or nothing whole. */
  read(key: string): Promise<JournalRecord | undefined>;
  /** Keeps a finished part under a key. */
  write(key: string, record: JournalRecord): Promise<void>;
}

/** How far an evaluation is. */
export interface EvaluationProgress {
  /** The grid on the first split, then the remaining splits and seeds with the chosen configuration. */
  readonly stage: 'grid' | 'split';
  /** Which grid point or further training, from 0. */
  readonly index: number;
  /** How many of them this stage has. */
  readonly total: number;
  /** Epochs trained of this probe, and the most there can be. */
  readonly epoch: number;
  /** The most epochs that this probe is trained for. */
  readonly maxEpochs: number;
  /** Best validation score of this probe so far. */
  readonly bestScore: number | null;
  /** Trainings of this stage that are finished, in this run or before it. Several may be under way at once. */
  readonly finished?: number;
  /** Trainings that are under way, this one included. */
  readonly running?: number;
  /** `finished` and the shares of their epochs that those under way have done: never less than before. */
  readonly done?: number;
}

/** How to evaluate, and custom metrics and probes. */
export interface EvaluationOptions extends ScoringSettings, Extensions {
  /** Cores to use, each for a training of its own; default: all. The scores do not depend on it. */
  readonly threads?: number;
  /**
   * How many trainings to do side by side, where the platform can; default: as many as cores, work and memory allow.
   * Nor do the scores depend on this.
   */
  readonly lanes?: number;
  /** What starts them; default: worker threads on Node.js, elsewhere none, and trainings go one after the other. */
  readonly laneStarter?: LaneStarter;
  /** Keeps finished parts; default: none, and an interrupted evaluation begins anew. */
  readonly journal?: Journal;
  /** Called as trainings go on. */
  readonly onProgress?: (progress: EvaluationProgress) => void;
  /** Ends the evaluation; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}
