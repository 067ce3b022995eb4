import { OptionError } from '@hearken/core';
import { checkExtensions } from '../extensions/extensions.js';
import { Random } from '@hearken/metrics';
import { trainingSeed } from '@hearken/metrics/internal';
import { isBetter, type Probe, type SessionFactory, type Scoring } from '../probes/probe.js';
import type { Evaluation, FoldResult, GridPointResult, ProbeConfiguration, SeedResult } from '@hearken/results';
import { createProbe } from '../probes/registry.js';
import { type DataSplit, dataSplits } from '@hearken/tasks';
import type { EvaluationOptions, EvaluationInput } from './evaluation.js';
import { taskScoring } from '../kinds/registry.js';
import { rowsOfSplits } from './split-rows.js';
import { foldMeans, summarizeScores } from '@hearken/results/internal';
import type { Training } from './training-record.js';
import { type PlannedTraining, TrainingStages } from './training-stages.js';

/**
 * Evaluates embeddings like heareval: the grid on the first split, its best configuration on every split, early
 * stopping and selection on validation data only, each test split scored once. With several seeds, each split's probe
 * is trained again for every further seed.
 *
 * All numbers follow from the seed; none depends on the number of parallel trainings or threads. Finished parts are
 * stored in the journal and are not computed again.
 *
 * @param createSession creates the sessions that run the probe's graphs; `evaluateTask` uses those of Node.js
 * @throws TaskError for a task that cannot be evaluated, OptionError for an unknown probe or grid, or options out of
 *   range, PluginError for a custom metric or probe that breaks its contract or has the name of another
 */
export async function evaluateWith(
  createSession: SessionFactory,
  input: EvaluationInput,
  options: EvaluationOptions,
): Promise<Evaluation> {
  const { seeds = 1, gridPoints, threads = 1, lanes = 1 } = options;
  atLeastOne(gridPoints, 'grid points');
  atLeastOne(seeds, 'seeds');
  atLeastOne(lanes, 'lanes');
  atLeastOne(threads, 'threads');
  const { predictionType } = input.metadata;
  checkExtensions(options);
  const context = { createSession, predictionType };
  const probe = await createProbe(options.probe, context, { pca: options.pca, probes: options.probes });
  const stages = new TrainingStages(input, options, probe);
  try {
    return await new Runner(input, options, probe, stages).run(seeds);
  } finally {
    await stages.dispose();
    await probe.dispose();
  }
}

function atLeastOne(count: number, what: string): void {
  if (Number.isSafeInteger(count) && count > 0) return;
  throw new OptionError({
    asked: `an evaluation with ${count} ${what}`,
    found: 'nothing to do',
    fix: 'ask for 1 or more',
  });
}

class Runner {
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

  /** Tries configurations on the first split. */
  async #grid(): Promise<{ gridPoints: GridPointResult[]; best: Training; configuration: ProbeConfiguration }> {
    const { grid, gridPoints: count, seed } = this.options;
    const configurations = this.probe.configurations(grid, this.input.metadata, count, new Random(seed));
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
    const planned = configurations.map((configuration, index) =>
      this.#planned(`grid-${index}-seed-${seed}`, 0, seed, configuration),
    );
    await this.stages.run('grid', planned, (index, training) => {
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
    const places: { readonly seed: number; readonly split: number }[] = [];
    for (let index = 0; index < seedCount; index += 1) {
      for (let split = 0; split < this.#splits.length; split += 1) {
        if (index > 0 || split > 0) places.push({ seed: index, split });
      }
    }
    const folds = Array.from({ length: seedCount }, () => new Array<FoldResult>(this.#splits.length));
    folds[0][0] = await this.#test(0, first);
    const planned = places.map(({ seed, split }) =>
      this.#planned(`split-${split}-seed-${this.options.seed + seed}`, split, this.options.seed + seed, configuration),
    );
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
