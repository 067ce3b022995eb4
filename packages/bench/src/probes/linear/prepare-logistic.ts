import { probeOutput } from '../outputs/registry.js';
import type { AffineMap, AffineMaps } from '../affine-map.js';
import { principalComponents } from '../pca/principal-components.js';
import type { ProbeContext } from '../probe.js';
import type { Rows } from '../rows.js';
import { standardization, type Standardization } from '../standardization.js';
import type { LogisticData } from './logistic-problem.js';

/** A task's rows in the coordinates of the solver, and the way back. */
export interface PreparedLogistic {
  readonly data: LogisticData;
  readonly scaling: Standardization;
  /** Principal axes of the standardised rows, `[data.size, embedding size]`. */
  readonly axes: Float32Array;
  /** Two classes with a single logit: that of the second. */
  readonly binary: boolean;
}

/**
 * Standardises training rows and rotates them onto their principal components.
 *
 * @param order the position for each row
 */
export async function prepareLogistic(
  train: Rows,
  order: Uint32Array,
  context: ProbeContext,
  maps: AffineMaps,
  abortSignal?: AbortSignal,
): Promise<PreparedLogistic> {
  const { isExclusive } = probeOutput(context);
  const binary = isExclusive && train.outputs === 2;
  const scaling = standardization(train);
  const { axes, variances, count } = await principalComponents(train, scaling, context.createSession);
  abortSignal?.throwIfAborted();
  const rotation = { ...scaling, weight: axes, bias: new Float32Array(count) };
  const data: LogisticData = {
    link: isExclusive && !binary ? 'softmax' : 'sigmoid',
    features: await maps.apply(rotation, train, order, abortSignal),
    variances,
    count: train.count,
    size: count,
    targets: reordered(train.targets(), train.outputs, order, binary),
    columns: binary ? 1 : train.outputs,
  };
  return { data, scaling, axes, binary };
}

/**
 * The classifier of embeddings with the fitted weights.
 *
 * @param weights `[data.columns, data.size + 1]`, the intercept last in each column
 */
export function linearMap({ data, scaling, axes, binary }: PreparedLogistic, weights: Float64Array): AffineMap {
  const size = scaling.mean.length;
  const weight = new Float64Array(data.columns * size);
  const bias = new Float64Array(data.columns);
  for (let column = 0; column < data.columns; column += 1) {
    const offset = column * (data.size + 1);
    bias[column] = weights[offset + data.size];
    for (let component = 0; component < data.size; component += 1) {
      const share = weights[offset + component];
      for (let index = 0; index < size; index += 1)
        weight[column * size + index] += share * axes[component * size + index];
    }
  }
  if (!binary) return { ...scaling, weight: Float32Array.from(weight), bias: Float32Array.from(bias) };
  const halves = (values: Float64Array) =>
    Float32Array.from([...values].map((value) => -value / 2).concat([...values].map((value) => value / 2)));
  return { ...scaling, weight: halves(weight), bias: halves(bias) };
}

function reordered(targets: Uint8Array, outputs: number, order: Uint32Array, binary: boolean): Uint8Array {
  const columns = binary ? 1 : outputs;
  const result = new Uint8Array(order.length * columns);
  order.forEach((position, row) => {
    const rowTargets = targets.subarray((row + 1) * outputs - columns, (row + 1) * outputs);
    result.set(rowTargets, position * columns);
  });
  return result;
}
