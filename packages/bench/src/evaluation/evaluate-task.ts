import { OptionError, TaskError } from '@hearken/core';
import { createNodeSession } from '@hearken/onnx';
import { Random } from '../files/random.js';
import { isBetter } from '../probes/better-score.js';
import type { ProbeConfiguration } from '../probes/configuration.js';
import type { Probe } from '../probes/probe.js';
import { createProbe } from '../probes/registry.js';
import { Rows } from '../probes/rows.js';
import { dataSplits } from '../tasks/splits.js';
import type { DataSplit } from '../tasks/task.js';
import type {
  EmbeddedSplit,
  Evaluation,
  EvaluationInput,
  EvaluationOptions,
  EvaluationProgress,
  FoldResult,
  GridPointResult,
  SeedResult,
} from './evaluation.js';
import { type Scoring, taskScoring } from './scoring.js';
import { meanScores, summarizeScores } from './summarize-scores.js';
import { recordOfTraining, type Training, trainingOfRecord } from './training-record.js';

/**
 * Evaluates embeddings as heareval does: the grid on the first split, its best configuration on every split, early
 * stopping and selection on validation alone, each test split scored once. With several seeds, each split's probe is
 * trained once more for every further one.
 *
 * Every number follows from the seed. Finished parts go to the journal and are not computed again.
 *
 * @throws TaskError for a task that cannot be evaluated, OptionError for an unknown probe or grid, or options out of range
 */
export async function evaluateTask(input: EvaluationInput, options: EvaluationOptions): Promise<Evaluation> {
  const { seeds = 1, gridPoints, threads } = options;
  atLeastOne(gridPoints, 'grid points');
  atLeastOne(seeds, 'seeds');
  const probe = await createProbe(
    options.probe,
    {
      createSession: (model) => createNodeSession(model, { threads, spin: false }),
      predictionType: input.metadata.predictionType,
    },
    { pca: options.pca },
  );
  try {
    return await new Runner(input, options, probe).run(seeds);
  } finally {
    await probe.dispose();
  }
}

function atLeastOne(count: number, what: string): void {
  if (Number.isSafeInteger(count) && count > 0) return;
  throw new OptionError({
    asked: `an evaluation of ${count} ${what}`,
    found: 'nothing to do',
    fix: 'ask for 1 or more',
  });
}

class Runner {
  readonly #scoring: Scoring;
  readonly #splits: DataSplit[];
  /** The rows of the split in work: a probe derives things from them that a grid needs again and again. */
  #work: { readonly split: DataSplit; readonly train: Rows; readonly valid: Rows } | undefined;

  constructor(
    readonly input: EvaluationInput,
    readonly options: EvaluationOptions,
    readonly probe: Probe,
  ) {
    const { metadata, labels, splits } = input;
    this.#scoring = taskScoring(metadata, labels);
    this.#splits = dataSplits({
      id: metadata.taskName,
      metadata,
      splits: new Map([...splits.keys()].map((k) => [k, []])),
    });
  }

  async run(seedCount: number): Promise<Evaluation> {
    const { evaluation: metrics } = this.input.metadata;
    const { gridPoints, best, configuration } = await this.#grid();
    const trainings: Training[] = [];
    const seeds: SeedResult[] = [];
    const further = this.#splits.length * seedCount - 1;
    for (let index = 0; index < seedCount; index += 1) {
      const seed = this.options.seed + index;
      const folds: FoldResult[] = [];
      for (let split = 0; split < this.#splits.length; split += 1) {
        let training = best;
        if (index > 0 || split > 0) {
          const place = { stage: 'split', index: trainings.length, total: further } as const;
          training = await this.#train(`split-${split}-seed-${seed}`, place, split, seed, configuration);
          trainings.push(training);
        }
        folds.push(await this.#test(split, training));
      }
      seeds.push({ seed, scores: meanScores(folds, metrics), folds });
    }
    const all = [...gridPoints, ...trainings.map(({ trained, seconds }) => ({ ...trained, seconds }))];
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
    const { maximize } = this.#scoring.validation(this.#trainingRows(0).valid);
    const gridPoints: GridPointResult[] = [];
    let best: (Training & { configuration: ProbeConfiguration }) | undefined;
    for (const [index, configuration] of configurations.entries()) {
      const place = { stage: 'grid', index, total: configurations.length } as const;
      const training = await this.#train(`grid-${index}-seed-${seed}`, place, 0, seed, configuration);
      const { validationScore, epoch, epochsTrained } = training.trained;
      gridPoints.push({ configuration, validationScore, epoch, epochsTrained, seconds: training.seconds });
      if (best === undefined || isBetter(validationScore, best.trained.validationScore, maximize)) {
        best = { ...training, configuration };
      }
    }
    return { gridPoints, best: best!, configuration: best!.configuration };
  }

  /** Trains one probe, or takes it from the journal. */
  async #train(
    key: string,
    place: Pick<EvaluationProgress, 'stage' | 'index' | 'total'>,
    splitIndex: number,
    seed: number,
    configuration: ProbeConfiguration,
  ): Promise<Training> {
    const { journal, onProgress, abortSignal } = this.options;
    const record = await journal?.read(key);
    const known = record && trainingOfRecord(record, configuration);
    if (known !== undefined) return known;
    const { train, valid } = this.#trainingRows(splitIndex);
    const start = performance.now();
    const trained = await this.probe.train(train, valid, this.#scoring.validation(valid), configuration, {
      seed: seed * 1000 + splitIndex,
      abortSignal,
      onEpoch: (epoch, maxEpochs, bestScore) => onProgress?.({ ...place, epoch, maxEpochs, bestScore }),
    });
    const training = { trained, seconds: (performance.now() - start) / 1000 };
    await journal?.write(key, recordOfTraining(training, configuration));
    return training;
  }

  async #test(splitIndex: number, { trained, seconds }: Training): Promise<FoldResult> {
    const { test } = this.#splits[splitIndex];
    const rows = this.#rows(test);
    const predictions = await this.probe.predict(trained, rows);
    return {
      test: test.join('|'),
      scores: this.#scoring.test(predictions, rows, trained.decision),
      validationScore: trained.validationScore,
      epoch: trained.epoch,
      epochsTrained: trained.epochsTrained,
      seconds,
      predictions: predictions.probabilities,
      ...(trained.details === undefined ? {} : { details: trained.details }),
    };
  }

  #trainingRows(splitIndex: number): { readonly train: Rows; readonly valid: Rows } {
    const split = this.#splits[splitIndex];
    if (this.#work?.split === split) return this.#work;
    this.#work = { split, train: this.#rows(split.train), valid: this.#rows(split.valid) };
    return this.#work;
  }

  #rows(names: readonly string[]): Rows {
    return new Rows(names.map((name) => this.#split(name)));
  }

  #split(name: string): EmbeddedSplit {
    const split = this.input.splits.get(name);
    if (split !== undefined && split.count > 0) return split;
    throw new TaskError({
      asked: `split '${name}' of task '${this.input.metadata.taskName}'`,
      found: split === undefined ? 'no embeddings of it' : 'no clip in it',
      fix: 'check the splits in task_metadata.json',
    });
  }
}
