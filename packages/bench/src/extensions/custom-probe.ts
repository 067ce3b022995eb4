import type { Random } from '@hearken/metrics';
import type { ProbeConfiguration } from '@hearken/results';
import type { Probe, ProbeContext, TrainedProbe, TrainingOptions, Validation } from '../probes/probe.js';
import type { Rows } from '../probes/rows.js';

/** What the training of a custom probe receives. */
export interface CustomTrainingOptions extends TrainingOptions {
  /** Seeded with `seed`: if all random numbers come from it, the same seed gives the same probe. */
  readonly random: Random;
}

/** A probe as `defineProbe` takes it; parts with a default may be left out. */
export interface CustomProbe<Configuration extends ProbeConfiguration = ProbeConfiguration> extends Pick<
  Probe<Configuration>,
  'configurations' | 'predict'
> {
  /** Estimated cost of a training; default: that of a probe that goes over its rows a few times. */
  effort?: Probe<Configuration>['effort'];
  /**
   * Trains on `train` only. The validation rows are for stopping and selecting: `validation.score` of the probe's
   * predictions for them is the training's score, and its decision is stored with it.
   */
  train<Decision>(
    train: Rows,
    validationRows: Rows,
    validation: Validation<Decision>,
    configuration: Configuration,
    options: CustomTrainingOptions,
  ): Promise<TrainedProbe<Decision>>;
  /** Frees what the probe keeps between trainings. */
  dispose?(): Promise<void>;
}

/** A kind of probe, for `defineProbe`. */
export interface CustomProbeDefinition {
  /** Its name for `--probe`. */
  readonly name: string;
  /** Must change with every change that may change a score; results record it. */
  readonly version: string;
  /** One line for reports. */
  readonly summary: string;
  /** Makes a probe for a task. Throws an `OptionError` for an unsupported prediction type. */
  create(context: ProbeContext): CustomProbe;
}
