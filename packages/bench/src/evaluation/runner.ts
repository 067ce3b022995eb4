import { OptionError } from '@hearken/core';
import { Random } from '@hearken/metrics';
import { trainingSeed } from '@hearken/metrics/internal';
import { isBetter, type Probe, type Scoring } from '../probes/probe.js';
import type { Evaluation, FoldResult, GridPointResult, ProbeConfiguration, SeedResult } from '@hearken/results';
import { type DataSplit, dataSplits } from '@hearken/tasks';
import type { EvaluationInput, EvaluationOptions } from './evaluation.js';
import { taskScoring } from '../kinds/registry.js';
import { rowsOfSplits } from './split-rows.js';
import { foldMeans, summarizeScores } from '@hearken/results/internal';
import type { Training } from './training-record.js';
import type { PlannedTraining, TrainingStages } from './training-stages.js';

/** One of an evaluation's trainings. */
export interface TrainingPart {
  /** `grid`: a configuration on the first split; `split`: the chosen configuration on another split, or with another seed. */
  readonly stage: 'grid' | 'split';
  /** From 0. */
  readonly index: number;
}

/** The trainings of one evaluation, and the scores that follow from them. */
export class Runner {
  readonly #scoring: Scoring;
  /** The folds of each seed; seeds beyond the last use the last one's. */
  readonly #foldsOfSeeds: readonly (readonly DataSplit[])[];
  readonly #splits: readonly DataSplit[];

  constructor(
    readonly input: EvaluationInput,
    readonly options: EvaluationOptions,
    readonly probe: Probe,
    readonly stages: TrainingStages,
  ) {
    const { metadata, labels, splits } = input;
    this.#scoring = taskScoring(metadata, labels, options.metrics);
    this.#foldsOfSeeds = input.folds ?? [
      dataSplits({ id: metadata.taskName, metadata, splits: new Map([...splits.keys()].map((k) => [k, []])) }),
    ];
    this.#splits = this.#foldsOfSeeds[0];
  }

  async run(seedCount: number): Promise<Evaluation> {
    const { evaluation: metrics } = this.input.metadata;
    const { gridPoints, best, configuration } = await this.#grid();
    const folds = await this.#folds(seedCount, configuration, best);
    const seeds = folds.map((foldResults, index): SeedResult => {
      return { seed: this.options.seed + index, scores: foldMeans(foldResults, metrics), folds: foldResults };
    });
    // The first fold's training is one of the grid's.
    const all = [...gridPoints, ...folds.flat().slice(1)];
    return {
      scores: summarizeScores(seeds, metrics),
      folds: seeds[0].folds,
      ...(seedCount > 1 ? { seeds } : {}),
      configuration,
      gridPoints,
      epochsTrained: all.reduce((sum, one) => sum + one.epochsTrained, 0),
      seconds: all.reduce((sum, one) => sum + one.seconds, 0),
    };
  }

  /** The trainings of the first stage that has any which are not in the journal; none if no stage has. */
  async missing(seeds: number): Promise<TrainingPart[]> {
    const missing = await this.stages.missing(this.#plannedGrid(this.#configurations()));
    if (missing.length > 0) return missing.map((index) => ({ stage: 'grid', index }));
    const { configuration } = await this.#grid();
    const more = await this.stages.missing(this.#plannedFolds(seeds, configuration).planned);
    return more.map((index) => ({ stage: 'split', index }));
  }

  /**
   * Runs one training. A training of the second stage needs the first one: what is missing of it is trained, too.
   *
   * @throws OptionError if there is no such training
   */
  async train({ stage, index }: TrainingPart, seeds: number): Promise<void> {
    const total = stage === 'grid' ? this.#configurations().length : seeds * this.#splits.length - 1;
    if (!Number.isSafeInteger(index) || index < 0 || index >= total) {
      throw new OptionError({
        asked: `training ${index} of stage '${stage}'`,
        found: `${total} trainings in this stage`,
        fix: 'ask for one of these, counted from 0',
      });
    }
    const planned =
      stage === 'grid'
        ? this.#plannedGrid(this.#configurations())
        : this.#plannedFolds(seeds, (await this.#grid()).configuration).planned;
    await this.stages.run(stage, [planned[index]], () => undefined);
  }

  #configurations(): readonly ProbeConfiguration[] {
    const { grid, gridPoints: count, seed } = this.options;
    return this.probe.configurations(grid, this.input.metadata, count, new Random(seed));
  }

  #plannedGrid(configurations: readonly ProbeConfiguration[]): PlannedTraining[] {
    const { seed } = this.options;
    return configurations.map((configuration, index) =>
      this.#planned(`grid-${index}-seed-${seed}`, 0, seed, configuration),
    );
  }

  /** The trainings of the second stage, and the seed (from 0) and split of each. */
  #plannedFolds(seedCount: number, configuration: ProbeConfiguration) {
    const places: { readonly seed: number; readonly split: number }[] = [];
    for (let index = 0; index < seedCount; index += 1) {
      for (let split = 0; split < this.#splits.length; split += 1) {
        if (index > 0 || split > 0) places.push({ seed: index, split });
      }
    }
    const { seed: first } = this.options;
    const planned = places.map(({ seed, split }) =>
      this.#planned(`split-${split}-seed-${first + seed}`, split, first + seed, configuration),
    );
    return { places, planned };
  }

  /** Tries configurations on the first split. */
  async #grid(): Promise<{ gridPoints: GridPointResult[]; best: Training; configuration: ProbeConfiguration }> {
    const configurations = this.#configurations();
    const { maximize } = this.#scoring.validation(rowsOfSplits(this.input, this.#splits[0].valid));
    const gridPoints = new Array<GridPointResult>(configurations.length);
    let best: (Training & { readonly index: number }) | undefined;
    /** Independent of which ends first: of two equal ones, the first in the grid wins. */
    const isBest = (score: number, index: number) => {
      if (best === undefined) return true;
      const { validationScore } = best.trained;
      if (isBetter(score, validationScore, maximize)) return true;
      return index < best.index && !isBetter(validationScore, score, maximize);
    };
    await this.stages.run('grid', this.#plannedGrid(configurations), (index, training) => {
      const { validationScore, epoch, epochsTrained } = training.trained;
      const { seconds } = training;
      gridPoints[index] = { configuration: configurations[index], validationScore, epoch, epochsTrained, seconds };
      if (isBest(validationScore, index)) best = { ...training, index };
    });
    return { gridPoints, best: best!, configuration: configurations[best!.index] };
  }

  /**
   * Trains the chosen configuration on every split with every seed; the grid has already done so for the first split
   * and seed.
   */
  async #folds(seedCount: number, configuration: ProbeConfiguration, first: Training): Promise<FoldResult[][]> {
    const { places, planned } = this.#plannedFolds(seedCount, configuration);
    const folds = Array.from({ length: seedCount }, () => new Array<FoldResult>(this.#splits.length));
    folds[0][0] = await this.#test(0, first);
    await this.stages.run('split', planned, async (index, training) => {
      const { seed, split } = places[index];
      folds[seed][split] = await this.#test(split, training);
    });
    return folds;
  }

  #planned(key: string, splitIndex: number, seed: number, configuration: ProbeConfiguration): PlannedTraining {
    const folds = this.#foldsOfSeeds[seed - this.options.seed] ?? this.#foldsOfSeeds[this.#foldsOfSeeds.length - 1];
    const { train, valid } = folds[splitIndex];
    return { key, train, valid, configuration, seed: trainingSeed(seed, splitIndex) };
  }

  async #test(splitIndex: number, { trained, seconds }: Training): Promise<FoldResult> {
    const { test } = this.#splits[splitIndex];
    const rows = rowsOfSplits(this.input, test);
    const predictions = await this.probe.predict(trained, rows);
    const { validationScore, epoch, epochsTrained, decision, details } = trained;
    return {
      test: test.join('|'),
      scores: this.#scoring.test(predictions, rows, decision),
      validationScore,
      epoch,
      epochsTrained,
      seconds,
      predictions: predictions.probabilities,
      ...(decision === null || decision === undefined ? {} : { decision }),
      ...(details === undefined ? {} : { details }),
    };
  }
}
