import type { Random } from '@hearken/metrics';
import type { ProbeConfiguration } from '@hearken/results';
import type { Probe, ProbeContext, TrainedProbe, TrainingOptions, Validation } from '../probes/probe.js';
import type { Rows } from '../probes/rows.js';

/** What the training of a custom probe receives. */
export interface CustomTrainingOptions extends TrainingOptions {
  /** Made from `seed`: drawn from it alone, the same seed gives the same probe. */
  readonly random: Random;
}

/** A probe as `defineProbe` takes it; parts with a default may be left out. */
export interface CustomProbe<Configuration extends ProbeConfiguration = ProbeConfiguration> extends Pick<
  Probe<Configuration>,
  'configurations' | 'predict'
> {
  /** What a training takes; default: as for a probe that goes over its rows a few times. */
  effort?: Probe<Configuration>['effort'];
  /**
   * Trains on `train` alone. The validation rows are there to stop and to select by: `validation.score` of the probe's
   * predictions for them is the training's score, and its decision goes with it.
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

/** A kind of probe, as `defineProbe` takes it. */
export interface CustomProbeDefinition {
  /** What `--probe` calls it. */
  readonly name: string;
  /** Raised with every change that may change a score; results keep it. */
  readonly version: string;
  /** One line for reports. */
  readonly summary: string;
  /** Makes a probe for a task. Throws an `OptionError` for a prediction type that it is not for. */
  create(context: ProbeContext): CustomProbe;
}
