import type { EvaluationInput, EvaluationOptions, Journal } from '../evaluation.js';
import type { Scoring, Probe, ProbeStore, TrainedProbe, TrainingOptions } from '../../probes/probe.js';
import { taskScoring } from '../../kinds/registry.js';
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
    readonly options: Pick<EvaluationOptions, 'metrics' | 'abortSignal' | 'journal'> = {},
  ) {
    this.#scoring = taskScoring(input.metadata, input.labels, options.metrics);
  }

  train(job: TrainingJob, onEpoch?: TrainingOptions['onEpoch']): Promise<TrainedProbe> {
    const { train, valid } = this.#rows(job);
    const { seed, configuration, key } = job;
    const { abortSignal, journal } = this.options;
    return this.probe.train(train, valid, this.#scoring.validation(valid), configuration, {
      seed,
      abortSignal,
      onEpoch,
      ...(key === undefined ? {} : { key }),
      ...(key === undefined || journal === undefined ? {} : { store: storeOf(journal, `${key}-unfinished`) }),
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

function storeOf(journal: Journal, key: string): ProbeStore {
  return { read: () => journal.read(key), write: (state) => journal.write(key, state) };
}
