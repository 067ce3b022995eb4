import { type AffineMap, AffineMaps } from '../affine-map.js';
import { componentsEffort, principalComponents } from '../pca/principal-components.js';
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
import { standardization, type Standardization } from '../standardization.js';
import { inTargetUnits, targetScaling, withScaledTargets, type TargetScaling } from '../target-scaling.js';
import { choosePenalties, fitRidge, penaltyGrid, type HeldOut, type RidgeData } from './ridge-fit.js';

/** What result files record for ridge regression; there is nothing to choose from. */
export type RidgeConfiguration = Readonly<{
  /** How inputs are scaled: to mean 0 and deviation 1 over the training rows. */
  inputs: 'standardised';
  /** How the penalty is chosen: by the squared error on the validation rows. */
  validation: 'validation split';
  /** The penalty divided by the number of training rows. */
  smallestPenalty: number;
  largestPenalty: number;
  values: number;
}>;

const configuration: RidgeConfiguration = {
  inputs: 'standardised',
  validation: 'validation split',
  smallestPenalty: penaltyGrid[0],
  largestPenalty: penaltyGrid[penaltyGrid.length - 1],
  values: penaltyGrid.length,
};

/** Components with a smaller share of the largest variance are rounding errors of a float32 product. */
const rounding = 1e-6;

/**
 * Ridge regression on standardised embeddings (A. Hoerl, R. Kennard, Technometrics 12, 1970), the `linear` probe of
 * regression tasks. Each target has its own penalty, chosen by the squared error on the validation rows: training rows
 * left out one by one would be predicted from others of the same person or recording, so the penalty would be too
 * small.
 *
 * It is solved in the coordinates of the training rows' principal components, where the normal equations are diagonal.
 */
export class RidgeProbe implements Probe<RidgeConfiguration> {
  readonly #maps: AffineMaps;

  constructor(readonly context: ProbeContext) {
    this.#maps = new AffineMaps(context.createSession);
  }

  configurations(): RidgeConfiguration[] {
    return [configuration];
  }

  effort(train: RowsShape): TrainingEffort {
    const { bytes, operations } = componentsEffort(train);
    const { count, size, outputs } = train;
    return {
      bytes: bytes + 4 * count * size,
      // Loops in JavaScript.
      operations: operations + 10 * penaltyGrid.length * count * size * (1 + outputs),
    };
  }

  async train<Decision>(
    train: Rows,
    validationRows: Rows,
    validation: Validation<Decision>,
    _configuration: RidgeConfiguration,
    { onEpoch, abortSignal }: TrainingOptions,
  ): Promise<TrainedProbe<Decision>> {
    const units = targetScaling(train);
    const scaling = standardization(train);
    const components = await principalComponents(train, scaling, this.context.createSession);
    abortSignal?.throwIfAborted();
    const size = components.variances.filter((value) => value > rounding * components.variances[0]).length;
    const axes = components.axes.subarray(0, size * train.size);
    const rotation = { ...scaling, weight: axes, bias: new Float32Array(size) };
    const data: RidgeData = {
      features: size === 0 ? new Float32Array() : await this.#maps.apply(rotation, train, undefined, abortSignal),
      variances: components.variances.subarray(0, size),
      targets: withScaledTargets(train, units).values(),
      count: train.count,
      size,
      outputs: train.outputs,
    };
    const penalties = await choosePenalties(
      data,
      await this.#heldOut(rotation, validationRows, units, size),
      abortSignal,
    );
    const weights = fitRidge(data, penalties);
    const state: ProbeState = { values: { units }, arrays: { ...ridgeMap(scaling, axes, weights, data) } };
    const { score, decision } = validation.score(await this.predict(state, validationRows));
    onEpoch?.(1, 1, score);
    return { ...state, validationScore: score, decision, epoch: 1, epochsTrained: 1, details: { penalty: penalties } };
  }

  /** The validation rows in the training rows' coordinates, with targets in standardised units. */
  async #heldOut(rotation: AffineMap, rows: Rows, units: TargetScaling, size: number): Promise<HeldOut> {
    return {
      features: size === 0 ? new Float32Array() : await this.#maps.apply(rotation, rows),
      targets: withScaledTargets(rows, units).values(),
      count: rows.count,
    };
  }

  async predict({ values, arrays }: ProbeState, rows: Rows): Promise<Predictions> {
    const standardised = await this.#maps.apply(arrays as unknown as AffineMap, rows);
    const predicted = inTargetUnits(standardised, values.units as TargetScaling);
    return { probabilities: predicted, logits: predicted };
  }

  async dispose(): Promise<void> {
    await this.#maps.dispose();
  }
}

/** The map from embeddings to standardised targets. */
function ridgeMap(
  scaling: Standardization,
  axes: Float32Array,
  weights: Float64Array,
  { size, outputs }: RidgeData,
): AffineMap {
  const inputs = scaling.mean.length;
  const weight = new Float64Array(outputs * inputs);
  for (let output = 0; output < outputs; output += 1) {
    for (let component = 0; component < size; component += 1) {
      const share = weights[output * (size + 1) + component];
      for (let index = 0; index < inputs; index += 1) {
        weight[output * inputs + index] += share * axes[component * inputs + index];
      }
    }
  }
  const bias = Float32Array.from({ length: outputs }, (_, output) => weights[output * (size + 1) + size]);
  return { ...scaling, weight: Float32Array.from(weight), bias };
}
