import type { ErrorMessage } from '@hearken/core/remote';
import type { TrainedProbe, TrainingEffort, TrainingOptions } from '../../probes/probe.js';
import type { EvaluationInput } from '../evaluation-input.js';
import type { HeadSettings, ModuleSource, ProbeConfiguration } from '@hearken/results';

/** One training of a probe: its splits, configuration and seed. */
export interface TrainingJob {
  /** Its key in the journal. */
  readonly key?: string;
  /** Names of splits. */
  readonly train: readonly string[];
  readonly valid: readonly string[];
  readonly configuration: ProbeConfiguration;
  readonly seed: number;
}

/** Trains probes of one evaluation, one after another. */
export interface Trainer {
  /** @throws what the training throws; the abort signal's reason if it was stopped */
  train(job: TrainingJob, onEpoch?: TrainingOptions['onEpoch']): Promise<TrainedProbe>;
  /** Stops the current training, if any, and frees the trainer's resources. */
  dispose(): Promise<void>;
}

/** What all trainings of an evaluation share. */
export interface TrainingSetup {
  readonly input: EvaluationInput;
  /** A name from `probeNames`, or of a probe in the extension modules. */
  readonly probe: string;
  readonly pca?: number;
  /** Probe `head`: how the model's own head answers. */
  readonly head?: HeadSettings;
  /** Where custom metrics and probes come from. */
  readonly extensionModules?: readonly ModuleSource[];
}

/** What lanes are started for. */
export interface LaneRequest {
  readonly setup: TrainingSetup;
  /** Cost of each training. */
  readonly efforts: readonly TrainingEffort[];
  /** Cores to use; default: the machine's. */
  readonly threads?: number;
  /** Number of lanes; default: as many as are useful. */
  readonly lanes?: number;
  readonly abortSignal?: AbortSignal;
}

/** Starts lanes, which are parallel trainers: workers, which differ between Node.js and browsers. */
export interface LaneStarter {
  /** The best number of lanes for the trainings and the machine; 1 if running one after another is better. */
  count(request: LaneRequest): number;
  /** @returns `count` trainers, or none if lanes cannot be started here */
  start(count: number, request: LaneRequest): Promise<Trainer[]>;
}

/** The start message of a lane. After that it receives `TrainingJob`s, one at a time. */
export interface LaneSetup extends TrainingSetup {
  /** Words of the lane's `NativeGate`. */
  readonly gate: Int32Array;
}

/** Messages from a lane. */
export type LaneReport =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'epoch';
      readonly epoch: number;
      readonly maxEpochs: number;
      readonly bestScore: number | null;
    }
  | { readonly kind: 'trained'; readonly trained: TrainedProbe }
  | { readonly kind: 'failed'; readonly error: ErrorMessage };
