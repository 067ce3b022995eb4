import type { EvaluationInput } from '../evaluation-input.js';
import type { Scoring, Probe, TrainedProbe, TrainingOptions } from '../../probes/probe.js';
import { taskScoring } from '../../kinds/registry.js';
import type { Metric } from '@hearken/metrics';
import { rowsOfSplits } from '../split-rows.js';
import type { Rows } from '../../probes/rows.js';
import type { Trainer, TrainingJob } from './trainer.js';

/** Trains in the calling thread. The probe belongs to the caller, who disposes of it. */
export class LocalTrainer implements Trainer {
  readonly #scoring: Scoring;
  /** The rows of the last training: probes cache values derived from them, which a grid needs repeatedly. */
  #work: { readonly key: string; readonly train: Rows; readonly valid: Rows } | undefined;

  constructor(
    readonly input: EvaluationInput,
    readonly probe: Probe,
    readonly options: { readonly metrics?: readonly Metric[]; readonly abortSignal?: AbortSignal } = {},
  ) {
    this.#scoring = taskScoring(input.metadata, input.labels, options.metrics);
  }

  train(job: TrainingJob, onEpoch?: TrainingOptions['onEpoch']): Promise<TrainedProbe> {
    const { train, valid } = this.#rows(job);
    const { seed, configuration } = job;
    const { abortSignal } = this.options;
    return this.probe.train(train, valid, this.#scoring.validation(valid), configuration, {
      seed,
      abortSignal,
      onEpoch,
    });
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  #rows({ train, valid }: TrainingJob): { readonly train: Rows; readonly valid: Rows } {
    const key = JSON.stringify([train, valid]);
    if (this.#work?.key !== key) {
      this.#work = { key, train: rowsOfSplits(this.input, train), valid: rowsOfSplits(this.input, valid) };
    }
    return this.#work;
  }
}
