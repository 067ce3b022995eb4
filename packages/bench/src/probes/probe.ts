import type { Session } from '@hearken/onnx';
import type { GridName, ProbeConfiguration } from '@hearken/results';
import type { Random } from '@hearken/metrics';
import type { TaskMetadata } from '@hearken/tasks';
import type { Rows } from './rows.js';

/** Makes a session from a serialised graph; what differs between Node.js and the browser. */
export type SessionFactory = (model: Uint8Array) => Promise<Session>;

/** What a probe answers for some rows, both `[count, outputs]`; for regression both are values in the targets' units. */
export interface Predictions {
  /** Softmax over the labels (multiclass), or each label's own probability (multilabel). */
  readonly probabilities: Float32Array;
  /** The same before softmax or sigmoid. */
  readonly logits: Float32Array;
}

/** A score of validation predictions: what training is stopped and selected by. */
export interface Validation<Decision> {
  /** Whether more is better. */
  readonly maximize: boolean;
  /** The score, and what was decided on the way to it, to be kept with the best one. */
  score(predictions: Predictions): {
    /** The score; what training is stopped by. */
    readonly score: number;
    /** What goes with it, such as thresholds. */
    readonly decision: Decision;
  };
}

/** What a probe needs to predict, as a journal can keep it: JSON values and arrays by name. */
export interface ProbeState {
  /** Numbers and text, as JSON keeps them. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Float32 arrays by name. */
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

/** Sizes of some rows. */
export type RowsShape = Pick<Rows, 'count' | 'size' | 'outputs'>;

/** What a training takes, roughly: to tell long ones from short ones, and how many fit into memory. */
export interface TrainingEffort {
  /** Memory, the rows themselves apart. */
  readonly bytes: number;
  /** Floating-point operations at most, those of slow code counted as what fast code does in that time. */
  readonly operations: number;
}

/** A probe after training, as it was at its best validation score. Its arrays are its own: nobody else has them. */
export interface TrainedProbe<Decision = unknown> extends ProbeState {
  /** The best score on validation. */
  readonly validationScore: number;
  /** What went with that score. */
  readonly decision: Decision;
  /** Epoch of the best validation score, from 1; a probe that is solved rather than trained counts its steps. */
  readonly epoch: number;
  /** All epochs or steps that the training took. */
  readonly epochsTrained: number;
  /** What the probe chose on its own and a reader of the result should know: JSON values. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** How one training runs. */
export interface TrainingOptions {
  /** Every number follows from it. */
  readonly seed: number;
  /** Called after each epoch, with the best validation score so far; null before the first. */
  readonly onEpoch?: (epoch: number, maxEpochs: number, bestScore: number | null) => void;
  /** Ends training; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}

/** What a probe's grid may depend on. */
export type ProbeTask = Pick<TaskMetadata, 'taskName' | 'evaluationParams'>;

/**
 * A classifier on frozen embeddings, or a regressor. It learns from the training rows; the validation rows are there to stop and to
 * select by, and no probe sees a test row before its training is over.
 */
export interface Probe<Configuration extends ProbeConfiguration = ProbeConfiguration> {
  /** The configurations to try on the task's first split: some of the grid's, `count` at most, drawn by `random`. */
  configurations(grid: GridName, task: ProbeTask, count: number, random: Random): Configuration[];
  /** What a training on rows like these takes. */
  effort(train: RowsShape, configuration: Configuration): TrainingEffort;
  /**
   * Trains on some rows, stopping and choosing by the validation rows alone.
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
  /** What a trained probe, also one from a journal, answers for `rows`. */
  predict(trained: ProbeState, rows: Rows): Promise<Predictions>;
  /** Frees what the probe keeps between trainings. */
  dispose(): Promise<void>;
}

/** What a probe is made for and with. */
export interface ProbeContext {
  /** Loads a serialised graph, to train or to predict with. */
  readonly createSession: SessionFactory;
  /** Whether a row has one label, any number of them, or numbers. */
  readonly predictionType: TaskMetadata['predictionType'];
}

/** A kind of probe: the default export of a file in `kinds/`, which has its name, or what `defineProbe` made. */
export interface ProbeDefinition {
  /** What `--probe` calls it, also the name of its file and of its test. */
  readonly name: string;
  /** One line for reports and `--help`. */
  readonly summary: string;
  /** Set only by custom probes (`defineProbe`); built-in probes have Hearken's version. */
  readonly version?: string;
  /** Makes a probe; whoever asked disposes of it. */
  create(context: ProbeContext): Probe;
}
