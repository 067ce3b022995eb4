import { usedExtensions } from '@hearken/results/internal';
import { LocalTrainer } from './lanes/local-trainer.js';
import type { LaneRequest, Trainer, TrainingJob } from './lanes/trainer.js';
import type { Probe, TrainingEffort } from '../probes/probe.js';
import type { EvaluationInput, EvaluationOptions, EvaluationProgress } from './evaluation.js';
import { SharedClock } from './shared-clock.js';
import { rowsOfSplits } from './split-rows.js';
import { recordOfTraining, type Training, trainingOfRecord } from './training-record.js';

/** A training with its key in the journal. */
export interface PlannedTraining extends TrainingJob {
  readonly key: string;
}

/**
 * Runs the trainings of an evaluation, stage by stage: in parallel if there are lanes, otherwise one after another.
 * Trainings in the journal are not repeated.
 */
export class TrainingStages {
  readonly #local: LocalTrainer;
  readonly #clock = new SharedClock();
  #lanes: readonly Trainer[] = [];

  constructor(
    readonly input: EvaluationInput,
    readonly options: EvaluationOptions,
    readonly probe: Probe,
  ) {
    this.#local = new LocalTrainer(input, probe, options);
  }

  /**
   * Runs the trainings of one stage.
   *
   * @param onFinished called for each, in the order in which they end, while others continue
   * @throws what the first failing training throws; the others are then stopped
   */
  async run(
    stage: EvaluationProgress['stage'],
    planned: readonly PlannedTraining[],
    onFinished: (index: number, training: Training) => Promise<void> | void,
  ): Promise<void> {
    const { journal, onProgress } = this.options;
    const progress = new StageProgress(stage, planned.length, onProgress);
    const open: { readonly index: number; readonly effort: TrainingEffort }[] = [];
    for (const [index, job] of planned.entries()) {
      const known = await this.#known(job);
      if (known === undefined) {
        open.push({ index, effort: this.#effort(job) });
      } else {
        progress.finish(index);
        await onFinished(index, known);
      }
    }
    const trainers = await this.#trainers(open.map(({ effort }) => effort));
    // The longest first, so that none of them is left alone at the end.
    if (trainers.length > 1) open.sort((left, right) => right.effort.operations - left.effort.operations);

    const train = async (trainer: Trainer, index: number) => {
      const job = planned[index];
      progress.begin(index);
      const stopClock = this.#clock.start();
      let seconds = 0;
      const trained = await trainer
        .train(job, (...at) => {
          progress.epoch(index, ...at);
        })
        .finally(() => (seconds = stopClock()));
      const training = { trained, seconds };
      await journal?.write(job.key, recordOfTraining(training, job.configuration));
      progress.finish(index);
      await onFinished(index, training);
    };
    let failure: { readonly reason: unknown } | undefined;
    await Promise.all(
      trainers.map(async (trainer) => {
        try {
          for (let next = open.shift(); next !== undefined && failure === undefined; next = open.shift()) {
            await train(trainer, next.index);
          }
        } catch (reason) {
          if (failure !== undefined) return;
          failure = { reason };
          await this.dispose();
        }
      }),
    );
    if (failure !== undefined) throw failure.reason;
  }

  /** Indices of those trainings that are not in the journal. */
  async missing(planned: readonly PlannedTraining[]): Promise<number[]> {
    const missing: number[] = [];
    for (const [index, job] of planned.entries()) {
      if ((await this.#known(job)) === undefined) missing.push(index);
    }
    return missing;
  }

  /** A training, if it is in the journal. */
  async #known({ key, configuration }: PlannedTraining): Promise<Training | undefined> {
    const record = await this.options.journal?.read(key);
    return record && trainingOfRecord(record, configuration);
  }

  /** Stops running trainings and ends the lanes. */
  async dispose(): Promise<void> {
    const lanes = this.#lanes;
    this.#lanes = [];
    await Promise.all(lanes.map((lane) => lane.dispose()));
  }

  /** The lanes for some trainings: those of the previous stage if their number fits. */
  async #trainers(efforts: readonly TrainingEffort[]): Promise<readonly Trainer[]> {
    const { probe, pca, head, threads, lanes, laneStarter, abortSignal, extensionModules = [] } = this.options;
    const { records, areAllOfModules } = usedExtensions(this.options, this.input.metadata.evaluation, probe);
    const modules =
      records.length === 0 ? {} : { extensionModules: extensionModules.map(({ url, sha256 }) => ({ url, sha256 })) };
    const request: LaneRequest = {
      setup: { input: this.input, probe, pca, head, ...modules },
      efforts,
      threads,
      lanes,
      abortSignal,
    };
    // Another thread can import a module, but cannot receive functions.
    const starter = areAllOfModules && efforts.length > 1 && (lanes ?? threads) !== 1 ? laneStarter : undefined;
    const count = starter?.count(request) ?? 1;
    if (count !== this.#lanes.length) {
      await this.dispose();
      if (count > 1) this.#lanes = (await starter?.start(count, request)) ?? [];
    }
    return this.#lanes.length > 0 ? this.#lanes : [this.#local];
  }

  #effort({ train, configuration }: TrainingJob): TrainingEffort {
    return this.probe.effort(rowsOfSplits(this.input, train), configuration);
  }
}

/** Counts finished and running trainings in one stage of an evaluation. */
export class StageProgress {
  #finished = 0;
  /** Finished share of each running training's epochs, by index. */
  readonly #running = new Map<number, number>();

  constructor(
    readonly stage: EvaluationProgress['stage'],
    readonly total: number,
    readonly onProgress: ((progress: EvaluationProgress) => void) | undefined,
  ) {}

  begin(index: number): void {
    this.#running.set(index, 0);
  }

  epoch(index: number, epoch: number, maxEpochs: number, bestScore: number | null): void {
    // A probe that counts steps may exceed what it announced.
    this.#running.set(index, Math.min(1, epoch / maxEpochs));
    const shares = [...this.#running.values()].reduce((sum, share) => sum + share, 0);
    const { stage, total } = this;
    const counts = { finished: this.#finished, running: this.#running.size, done: this.#finished + shares };
    this.onProgress?.({ stage, index, total, epoch, maxEpochs, bestScore, ...counts });
  }

  finish(index: number): void {
    this.#running.delete(index);
    this.#finished += 1;
  }
}
