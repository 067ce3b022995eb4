import type { EvaluationInput } from '../evaluation-input.js';
import type { ModuleSource, ProbeConfiguration } from '@hearken/results';
import type { TrainedProbe, TrainingEffort, TrainingOptions } from '../../probes/probe.js';

/** One training of a probe: on which splits, of what configuration, from which seed. */
export interface TrainingJob {
  /** Names of splits. */
  readonly train: readonly string[];
  readonly valid: readonly string[];
  readonly configuration: ProbeConfiguration;
  readonly seed: number;
}

/** What trains probes of one evaluation, one after the other. */
export interface Trainer {
  /** @throws what the training throws; the abort signal's reason when that stopped it */
  train(job: TrainingJob, onEpoch?: TrainingOptions['onEpoch']): Promise<TrainedProbe>;
  /** Stops the training at hand, if there is one, and frees what the trainer holds. */
  dispose(): Promise<void>;
}

/** What all trainings of an evaluation share. */
export interface TrainingSetup {
  readonly input: EvaluationInput;
  /** A name that `probeNames` lists, or of a probe of the extension modules. */
  readonly probe: string;
  readonly pca?: number;
  /** Where custom metrics and probes come from. */
  readonly extensionModules?: readonly ModuleSource[];
}

/** What lanes are to be started for. */
export interface LaneRequest {
  readonly setup: TrainingSetup;
  /** What each training takes. */
  readonly efforts: readonly TrainingEffort[];
  /** Cores to use; default: those of the machine. */
  readonly threads?: number;
  /** How many lanes to start; default: as many as are of use. */
  readonly lanes?: number;
  readonly abortSignal?: AbortSignal;
}

/** Starts lanes, trainers that work side by side: workers of some kind, which differs between Node.js and the browser. */
export interface LaneStarter {
  /** How many lanes suit the trainings and the machine; 1 where they are better done one after the other. */
  count(request: LaneRequest): number;
  /** @returns `count` trainers, or none where lanes do not start here */
  start(count: number, request: LaneRequest): Promise<Trainer[]>;
}
