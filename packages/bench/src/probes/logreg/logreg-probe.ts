import { Matrix } from 'ml-matrix';
import LogisticRegression from 'ml-logistic-regression';
import type { GridName } from '@hearken/results';
import type { Random } from '@hearken/metrics';
import { type AffineMap, AffineMaps } from '../affine-map.js';
import { checkGridName } from '@hearken/results/internal';
import { probeOutput } from '../outputs/registry.js';
import type {
  Predictions,
  Probe,
  ProbeContext,
  ProbeState,
  ProbeTask,
  RowsShape,
  TrainedProbe,
  TrainingEffort,
  TrainingOptions,
  Validation,
} from '../probe.js';
import type { Rows } from '../rows.js';
import { standardization } from '../standardization.js';
import { TrainingMatrix } from './training-matrix.js';

/** Hyper-parameters of the `logreg` probe. */
export type LogregConfiguration = Readonly<{
  /** Number of steps of gradient descent; limiting it is the only regularisation. */
  steps: number;
}>;

const stepGrids: Readonly<Record<GridName, readonly number[]>> = {
  default: [30, 100, 300, 1000],
  fast: [30, 100, 300],
  faster: [30, 100],
};

/** How many operations the runtime does in the time of one of the library's. */
const slowness = 50;

/**
 * Logistic regression with `ml-logistic-regression`: one classifier per label, by gradient descent over all rows at
 * once.
 *
 * The rest is done here: inputs are standardised, a constant input stands for the intercept, the step size is the
 * largest one that is certain to descend (4 over the largest eigenvalue of the inputs' product), labels without
 * training rows are left out, and the probabilities of a multiclass task are normalised to sum to one.
 *
 * Its limits: no penalty; a fixed number of steps, converged or not; one thread and float64 arrays of rows, so seconds
 * for a thousand clips and a few labels, but half an hour for ten thousand clips and fifty; two classifiers for each
 * label of a multilabel task, one of them unused; a fit cannot be stopped. `linear` has none of these limits.
 */
export class LogregProbe implements Probe<LogregConfiguration> {
  readonly #maps: AffineMaps;

  constructor(readonly context: ProbeContext) {
    this.#maps = new AffineMaps(context.createSession);
  }

  configurations(grid: GridName, _task: ProbeTask, count: number, random: Random): LogregConfiguration[] {
    checkGridName(grid);
    return random
      .shuffle(stepGrids[grid])
      .slice(0, count)
      .map((steps) => ({ steps }));
  }

  effort({ count, size, outputs }: RowsShape, { steps }: LogregConfiguration): TrainingEffort {
    return { bytes: 3 * 8 * count * (size + 1), operations: slowness * 4 * steps * count * size * outputs };
  }

  async train<Decision>(
    train: Rows,
    validationRows: Rows,
    validation: Validation<Decision>,
    { steps }: LogregConfiguration,
    { onEpoch, abortSignal }: TrainingOptions,
  ): Promise<TrainedProbe<Decision>> {
    const scaling = standardization(train);
    const features = TrainingMatrix.ofRows(train, scaling);
    const learningRate = 4 / features.largestEigenvalue();
    const targets = train.targets();
    const weight = new Float32Array(train.outputs * train.size);
    const bias = new Float32Array(train.outputs);
    const keep = (label: number, classifier: { readonly weights: Matrix }) => {
      // The library's classifier predicts the other classes against its own.
      const values = classifier.weights.to1DArray().map((value) => -value);
      weight.set(values.slice(0, train.size), label * train.size);
      bias[label] = values[train.size];
    };
    const fit = (classes: number[]) => {
      const model = new LogisticRegression({ numSteps: steps, learningRate });
      model.train(features, Matrix.columnVector(classes));
      return model.classifiers;
    };
    const labels = Array.from({ length: train.outputs }, (_, label) => label);
    const columns = labels.map((label) =>
      Array.from({ length: train.count }, (_, row) => targets[row * train.outputs + label]),
    );
    const positives = columns.map((column) => column.reduce((sum, value) => sum + value, 0));
    for (const label of labels) {
      bias[label] = Math.log((positives[label] + 0.5) / (train.count - positives[label] + 0.5));
    }
    const usable = labels.filter((label) => positives[label] > 0 && positives[label] < train.count);
    if (probeOutput(this.context).isExclusive) {
      if (usable.length > 0) {
        const classes = Array.from({ length: train.count }, (_, row) =>
          usable.findIndex((label) => columns[label][row] === 1),
        );
        fit(classes).forEach((classifier, index) => keep(usable[index], classifier));
      }
    } else {
      for (const [index, label] of usable.entries()) {
        // Yields to the event loop, so that an interrupt is handled between two labels.
        await new Promise((resolve) => setTimeout(resolve, 0));
        abortSignal?.throwIfAborted();
        keep(label, fit(columns[label])[1]);
        onEpoch?.(Math.round((steps * (index + 1)) / usable.length), steps, null);
      }
    }
    const state: ProbeState = { values: {}, arrays: { ...scaling, weight, bias } };
    const { score, decision } = validation.score(await this.predict(state, validationRows));
    onEpoch?.(steps, steps, score);
    return { ...state, validationScore: score, decision, epoch: steps, epochsTrained: steps };
  }

  async predict({ arrays }: ProbeState, rows: Rows): Promise<Predictions> {
    const map = arrays as unknown as AffineMap;
    const scores = await this.#maps.apply(map, rows);
    // Softmax of log-probabilities divides each probability by their sum.
    const output = probeOutput(this.context);
    const logits = output.isExclusive ? scores.map(logOfSigmoid) : scores;
    return output.predictions(logits, map.bias.length);
  }

  async dispose(): Promise<void> {
    await this.#maps.dispose();
  }
}

function logOfSigmoid(score: number): number {
  return Math.min(score, 0) - Math.log1p(Math.exp(-Math.abs(score)));
}
