import type { Session } from '@hearken/onnx';
import { Random } from '@hearken/metrics';
import { type AffineMap, AffineMaps } from '../affine-map.js';
import { componentsEffort } from '../pca/principal-components.js';
import type {
  Predictions,
  Probe,
  ProbeContext,
  ProbeState,
  RowsShape,
  TrainedProbe,
  TrainingEffort,
  TrainingOptions,
  Validation,
} from '../probe.js';
import type { Rows } from '../rows.js';
import { chooseStrengths, strengthGrid } from './choose-strengths.js';
import { probeOutput } from '../outputs/registry.js';
import { fitLogistic } from './logistic-fit.js';
import { type Link, LogisticGradient, logisticGradientGraph } from './logistic-problem.js';
import { linearMap, prepareLogistic } from './prepare-logistic.js';
import { orderByFold, stratifiedFolds } from './stratified-folds.js';

/** What result files record for the linear probe; there is nothing to choose from. */
export type LinearConfiguration = Readonly<{
  /** How inputs are scaled: to mean 0 and deviation 1 over the training rows. */
  inputs: 'standardised';
  /** Number of folds of the cross-validation that chooses C, and the range and number of its values. */
  folds: number;
  smallestC: number;
  largestC: number;
  values: number;
}>;

const configuration: LinearConfiguration = {
  inputs: 'standardised',
  folds: 5,
  smallestC: strengthGrid[0],
  largestC: strengthGrid[strengthGrid.length - 1],
  values: strengthGrid.length,
};

/** The goal: the mean loss ends this far above its minimum, or as near as float32 gradients allow. */
const tolerance = 1e-11;
/** Approximate number of passes over the rows per fit, and of weights that its solver keeps. */
const passes = 30;
const keptVectors = 30;
/** What counts as converged. */
const converged = 1e-6;

/**
 * Logistic regression on standardised embeddings, solved to convergence: multinomial for one label per row, one-vs-rest
 * for several (two classes: one logit, as in scikit-learn). The strength of its L2 penalty is chosen by stratified
 * cross-validation on the training rows only, by log loss; clips are not divided between folds. The validation rows are
 * only scored at the end.
 *
 * It is solved in the coordinates of the training rows' principal components. A rotation changes neither the penalty
 * nor the minimum, but the solver then knows the curvature along each coordinate: where classes overlap it needs a
 * quarter of the passes or fewer. Finding the components takes a time that grows with the third power of the embedding
 * size, or of the count of rows if that is smaller: some seconds for 768, about a minute for 2048.
 */
export class LinearProbe implements Probe<LinearConfiguration> {
  readonly #maps: AffineMaps;
  #session: Promise<Session> | undefined;

  constructor(readonly context: ProbeContext) {
    this.#maps = new AffineMaps(context.createSession);
  }

  configurations(): LinearConfiguration[] {
    return [configuration];
  }

  effort(train: RowsShape): TrainingEffort {
    const { bytes, operations } = componentsEffort(train);
    const { count, size, outputs } = train;
    return {
      // The rotated rows, and the solver's last steps.
      bytes: bytes + 4 * count * (size + 2 * outputs) + 8 * keptVectors * (size + 1) * outputs,
      operations: operations + configuration.folds * configuration.values * passes * 4 * count * size * outputs,
    };
  }

  async train<Decision>(
    train: Rows,
    validationRows: Rows,
    validation: Validation<Decision>,
    { folds: foldCount }: LinearConfiguration,
    { seed, onEpoch, abortSignal }: TrainingOptions,
  ): Promise<TrainedProbe<Decision>> {
    const { folds, count } = stratifiedFolds(
      train.targets(),
      train.outputs,
      train.clips(),
      foldCount,
      new Random(seed),
    );
    const { order, ranges } = orderByFold(folds, count);
    const problem = await prepareLogistic(train, order, this.context, this.#maps, abortSignal);
    const { data } = problem;
    const session = await this.#gradientSession(data.link);
    const gradient = new LogisticGradient(session, data);
    const allFits = strengthGrid.length * ranges.length + 1;
    const { strengths, evaluations } = await chooseStrengths(gradient, ranges, {
      onFit: (fits) => onEpoch?.(fits, allFits, null),
      abortSignal,
    });
    const fit = await fitLogistic(gradient, {
      strengths,
      columns: strengths.map((_, column) => column),
      ranges: [[0, data.count]],
      tolerance,
      abortSignal,
    });
    const state: ProbeState = { values: {}, arrays: { ...linearMap(problem, fit.weights) } };
    const { score, decision } = validation.score(await this.predict(state, validationRows));
    onEpoch?.(allFits, allFits, score);
    return {
      ...state,
      validationScore: score,
      decision,
      epoch: Math.max(1, fit.evaluations),
      epochsTrained: Math.max(1, fit.evaluations) + evaluations,
      details: {
        C: probeOutput(this.context).isExclusive ? strengths[0] : strengths,
        decrement: fit.decrement,
        converged: fit.decrement <= converged,
      },
    };
  }

  async predict({ arrays }: ProbeState, rows: Rows): Promise<Predictions> {
    const map = arrays as unknown as AffineMap;
    return probeOutput(this.context).predictions(await this.#maps.apply(map, rows), map.bias.length);
  }

  async dispose(): Promise<void> {
    await this.#maps.dispose();
    const session = this.#session;
    this.#session = undefined;
    await (await session)?.dispose();
  }

  /** A task has one prediction type, and so one kind of graph. */
  #gradientSession(link: Link): Promise<Session> {
    this.#session ??= this.context.createSession(logisticGradientGraph(link));
    return this.#session;
  }
}
