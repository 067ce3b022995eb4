import { OptionError, TaskError } from '@hearken/core';
import { createNodeSession } from '@hearken/onnx';
import { Random } from '../files/random.js';
import type { ProbeConfiguration } from '../probes/configuration.js';
import { drawConfigurations } from '../probes/mlp/grid.js';
import { MlpProbe, type TrainedProbe } from '../probes/mlp/mlp-probe.js';
import { Rows } from '../probes/mlp/rows.js';
import { mean, standardDeviation } from '../statistics/index.js';
import { dataSplits } from '../tasks/splits.js';
import type { DataSplit } from '../tasks/task.js';
import type {
  Evaluation,
  EvaluationInput,
  EvaluationOptions,
  EvaluationProgress,
  FoldResult,
  GridPointResult,
} from './evaluation.js';
import { type Scoring, taskScoring } from './scoring.js';

/**
 * Evaluates embeddings as heareval does: the grid on the first split, its best configuration on every split, early
 * stopping and selection on validation alone, each test split scored once.
 *
 * Every number follows from the seed. Finished parts go to the journal and are not computed again.
 *
 * @throws TaskError for a task that cannot be evaluated, OptionError for an unknown probe or grid
 */
export async function evaluateTask(input: EvaluationInput, options: EvaluationOptions): Promise<Evaluation> {
  if (options.probe !== 'mlp') {
    throw new OptionError({ asked: `probe '${options.probe}'`, found: 'no such probe', fix: 'known: mlp' });
  }
  const runner = new Runner(input, options);
  try {
    return await runner.run();
  } finally {
    await runner.probe.dispose();
  }
}

class Runner {
  readonly probe: MlpProbe;
  readonly #scoring: Scoring;
  readonly #splits: DataSplit[];

  constructor(
    readonly input: EvaluationInput,
    readonly options: EvaluationOptions,
  ) {
    const { metadata, labels, splits } = input;
    this.#scoring = taskScoring(metadata, labels);
    this.#splits = dataSplits({
      id: metadata.taskName,
      metadata,
      splits: new Map([...splits.keys()].map((k) => [k, []])),
    });
    // Training alternates between short calls and JavaScript: threads that spin in between would only take its time.
    this.probe = new MlpProbe(
      (model) => createNodeSession(model, { threads: options.threads }),
      metadata.predictionType,
    );
  }

  async run(): Promise<Evaluation> {
    const { metadata } = this.input;
    const configurations = drawConfigurations(
      this.options.grid,
      metadata,
      this.options.gridPoints,
      new Random(this.options.seed),
    );
    if (configurations.length === 0) {
      throw new OptionError({ asked: 'an evaluation of 0 grid points', found: 'nothing to try', fix: 'try 1 or more' });
    }
    const gridPoints: GridPointResult[] = [];
    let best: { trained: TrainedProbe; configuration: ProbeConfiguration; seconds: number } | undefined;
    const maximize = this.#scoring.validation(this.#rows(this.#splits[0].valid)).maximize;
    for (const [index, configuration] of configurations.entries()) {
      const { trained, seconds } = await this.#train('grid', index, configurations.length, 0, configuration);
      const { validationScore, epoch, epochsTrained } = trained;
      gridPoints.push({ configuration, validationScore, epoch, epochsTrained, seconds });
      const than = best?.trained.validationScore;
      if (than === undefined || (maximize ? validationScore > than : validationScore < than)) {
        best = { trained, configuration, seconds };
      }
    }
    const { configuration } = best!;
    const folds = [await this.#test(0, best!.trained, best!.seconds)];
    for (let index = 1; index < this.#splits.length; index += 1) {
      const { trained, seconds } = await this.#train('split', index - 1, this.#splits.length - 1, index, configuration);
      folds.push(await this.#test(index, trained, seconds));
    }
    const trainings = [...gridPoints, ...folds.slice(1)];
    return {
      scores: summarize(folds, metadata.evaluation),
      folds,
      configuration,
      gridPoints,
      epochsTrained: trainings.reduce((sum, one) => sum + one.epochsTrained, 0),
      seconds: trainings.reduce((sum, one) => sum + one.seconds, 0),
    };
  }

  /** Trains one probe, or takes it from the journal. */
  async #train(
    stage: EvaluationProgress['stage'],
    index: number,
    total: number,
    splitIndex: number,
    configuration: ProbeConfiguration,
  ): Promise<{ trained: TrainedProbe; seconds: number }> {
    const { journal, onProgress, abortSignal } = this.options;
    const key = `${stage}-${index}`;
    const known = await journal?.read(key);
    if (known !== undefined) {
      const { seconds, ...rest } = known.values as unknown as Omit<TrainedProbe, 'parameters'> & { seconds: number };
      return { trained: { ...rest, parameters: known.arrays }, seconds };
    }
    const split = this.#splits[splitIndex];
    const [train, valid] = [this.#rows(split.train), this.#rows(split.valid)];
    const start = performance.now();
    const trained = await this.probe.train(train, valid, this.#scoring.validation(valid), configuration, {
      seed: this.options.seed * 1000 + splitIndex,
      abortSignal,
      onEpoch: (epoch, bestScore) =>
        onProgress?.({ stage, index, total, epoch, maxEpochs: configuration.maxEpochs, bestScore }),
    });
    const seconds = (performance.now() - start) / 1000;
    const { parameters, ...values } = trained;
    await journal?.write(key, { values: { ...values, seconds }, arrays: parameters });
    return { trained, seconds };
  }

  async #test(splitIndex: number, trained: TrainedProbe, seconds: number): Promise<FoldResult> {
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
    };
  }

  #rows(names: readonly string[]): Rows {
    return new Rows(
      names.map((name) => {
        const split = this.input.splits.get(name);
        if (split !== undefined && split.count > 0) return split;
        throw new TaskError({
          asked: `split '${name}' of task '${this.input.metadata.taskName}'`,
          found: split === undefined ? 'no embeddings of it' : 'no clip in it',
          fix: 'check the splits in task_metadata.json',
        });
      }),
    );
  }
}

function summarize(folds: readonly FoldResult[], metrics: readonly string[]): Evaluation['scores'] {
  return Object.fromEntries(
    metrics.map((metric) => {
      const values = folds.map((fold) => fold.scores[metric]);
      const defined = values.filter((value) => value !== null);
      const whole = defined.length === values.length;
      return [
        metric,
        {
          mean: whole ? mean(defined) : null,
          deviation: whole && defined.length > 1 ? standardDeviation(defined) : null,
        },
      ];
    }),
  );
}
