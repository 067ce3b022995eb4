import type { Rows } from './rows.js';
import type { ExampleForm, RuntimeOptions, TrainableModel } from '@hearken/core';
import type { Session, SessionFactory as OnnxSessionFactory } from '@hearken/onnx';
import type { ResolvedRecipe, UpdateProgress } from '@hearken/train';
import type { GridName, HeadSettings, ProbeConfiguration } from '@hearken/results';
import type { Random } from '@hearken/metrics';
import type { TaskMetadata } from '@hearken/tasks';

/** Creates a session from a serialised graph; differs between Node.js and browsers. */
export type SessionFactory = (model: Uint8Array) => Promise<Session>;

/** A probe's answers for some rows, both `[count, outputs]`; for regression both are values in the targets' units. */
export interface Predictions {
  /** Softmax over the labels (multiclass), or each label's probability (multilabel). */
  readonly probabilities: Float32Array;
  /** The same before softmax or sigmoid. */
  readonly logits: Float32Array;
}

/** A score of validation predictions, by which training is stopped and selected. */
export interface Validation<Decision> {
  /** Whether higher is better. */
  readonly maximize: boolean;
  /** The score, and the decision made for it, to be stored with the best one. */
  score(predictions: Predictions): {
    /** The score, by which training is stopped. */
    readonly score: number;
    /** What belongs to it, such as thresholds. */
    readonly decision: Decision;
  };
}

/** What a probe needs to predict, in a form that a journal can store: JSON values and arrays by name. */
export interface ProbeState {
  /** Numbers and text, as stored in JSON. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Float32 arrays by name. */
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

/** Sizes of some rows. */
export type RowsShape = Pick<Rows, 'count' | 'size' | 'outputs'>;

/** Approximate cost of a training: tells long ones from short ones, and how many fit into memory. */
export interface TrainingEffort {
  /** Memory in bytes, without the rows themselves. */
  readonly bytes: number;
  /** Upper bound of floating-point operations; slow code counts as the number that fast code does in the same time. */
  readonly operations: number;
}

/** A probe after training, as it was at its best validation score. It owns its arrays. */
export interface TrainedProbe<Decision = unknown> extends ProbeState {
  /** The best validation score. */
  readonly validationScore: number;
  /** What belongs to that score. */
  readonly decision: Decision;
  /** Epoch of the best validation score, from 1; for a probe with an iterative solver, the number of its steps. */
  readonly epoch: number;
  /** Number of epochs or steps of the training. */
  readonly epochsTrained: number;
  /** What the probe chose itself and readers of the result should know: JSON values. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Options of one training. */
export interface TrainingOptions {
  /** Determines all random numbers. */
  readonly seed: number;
  /** Called after each epoch with the best validation score so far; null before the first. */
  readonly onEpoch?: (epoch: number, maxEpochs: number, bestScore: number | null) => void;
  /** Stops training; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
  /** Names the training among those of its evaluation. */
  readonly key?: string;
  /** Where a long training keeps its own state, from which it continues after a break; default: nowhere. */
  readonly store?: ProbeStore;
}

/** Where the state of an unfinished training is kept. */
export interface ProbeStore {
  /** What was written last; undefined if there is nothing, or only something damaged. */
  read(): Promise<ProbeState | undefined>;
  /** Replaces what was written before. */
  write(state: ProbeState): Promise<void>;
}

/** What a probe's grid may depend on. */
export type ProbeTask = Pick<TaskMetadata, 'taskName' | 'evaluationParams'>;

/**
 * A classifier or regressor on frozen embeddings. It learns from the training rows; the validation rows are for
 * stopping and selecting, and no probe sees test rows before its training is over.
 */
export interface Probe<Configuration extends ProbeConfiguration = ProbeConfiguration> {
  /** The configurations to try on the task's first split: at most `count` of the grid's, drawn with `random`. */
  configurations(grid: GridName, task: ProbeTask, count: number, random: Random): Configuration[];
  /** Approximate cost of a training on rows like these. */
  effort(train: RowsShape, configuration: Configuration): TrainingEffort;
  /**
   * Trains on some rows, using the validation rows only for stopping and choosing.
   *
   * @throws the abort signal's reason
   */
  train<Decision>(
    train: Rows,
    validationRows: Rows,
    validation: Validation<Decision>,
    configuration: Configuration,
    options: TrainingOptions,
  ): Promise<TrainedProbe<Decision>>;
  /** The answers of a trained probe, possibly from a journal, for `rows`. */
  predict(trained: ProbeState, rows: Rows): Promise<Predictions>;
  /** Frees what the probe keeps between trainings. */
  dispose(): Promise<void>;
}

/** What a probe is made for and with. */
export interface ProbeContext {
  /** Loads a serialised graph, for training or prediction. */
  readonly createSession: SessionFactory;
  /** Whether a row has one label, any number of labels, or numbers. */
  readonly predictionType: TaskMetadata['predictionType'];
  /** Probe `head`: how the model's own head answers; the rows are its logits. */
  readonly head?: HeadSettings;
  /** Probe `finetune`: the model that is trained, and how; the rows are its examples. */
  readonly finetune?: FinetuneContext;
}

/** What fine-tuning needs besides rows. */
export interface FinetuneContext {
  /** The recipe with all its numbers. */
  readonly recipe: ResolvedRecipe;
  /** The form of an example; a row has one or several of them. */
  readonly form: ExampleForm;
  /** The model. */
  readonly model: TrainableModel;
  /** Makes sessions. */
  readonly createSession: OnnxSessionFactory;
  /** How they compute. */
  readonly session: RuntimeOptions;
  /** Bytes that a training may take; default: any number. */
  readonly memoryBytes?: number;
  /** Seconds between checkpoints; default: 60. */
  readonly checkpointSeconds?: number;
  /** Called after each update. */
  readonly onUpdate?: (progress: UpdateProgress, key: string | undefined) => void;
  /**
   * Keeps the files of a trained model.
   *
   * @returns facts about them for the result
   */
  readonly save?: (
    weights: ReadonlyMap<string, Float32Array>,
    key: string,
  ) => Promise<Readonly<Record<string, unknown>>>;
}

/** A kind of probe: the default export of the file in `kinds/` with its name, or made by `defineProbe`. */
export interface ProbeDefinition {
  /** Its name for `--probe`, also the name of its file and its test. */
  readonly name: string;
  /** One line for reports and `--help`. */
  readonly summary: string;
  /** Set only by custom probes (`defineProbe`); built-in probes have Hearken's version. */
  readonly version?: string;
  /** Makes a probe; the caller disposes of it. */
  create(context: ProbeContext): Probe;
}

/** Whether a score is better than another one. Equal ones are not; NaN is worse than everything else. */
export function isBetter(score: number, than: number, maximize: boolean): boolean {
  if (Number.isNaN(than)) return !Number.isNaN(score);
  return maximize ? score > than : score < than;
}

/** How a task's predictions become scores: what to select by on validation data, and what to report on test data. */
export interface Scoring<Decision = unknown> {
  /**
   * The validation of one training; its decision (event post-processing, thresholds) is applied to test data unchanged.
   */
  validation(rows: Rows): Validation<Decision>;
  /** Test scores by metric. */
  test(predictions: Predictions, rows: Rows, decision: Decision): Record<string, number | null>;
}
