import { expect } from 'vitest';
import type { ExternalData, ModelFiles, Tensor } from '@hearken/onnx';
import { createNodeSession } from '@hearken/onnx/node';
import { differentiate, type DifferentiateOptions, listParameters, type TrainingGraph } from '@hearken/train';
import { deviation, type FloatTensor } from './training-fixtures.js';

/** The batches of a family's fixtures. */
export interface TrainingBatches {
  /** What is trained, or how. */
  readonly modes: readonly string[];
  /** One batch in a mode. */
  readonly batch: (mode: string) => Promise<TrainingBatch>;
}

/** A step of a model, and what PyTorch computed. */
export interface TrainingBatch {
  /** A model with the output `loss`. */
  readonly model: Uint8Array;
  readonly options: DifferentiateOptions;
  readonly external: ExternalData;
  /** Data, masks, and parameters that are not in the checkpoint. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** Reads a parameter of the checkpoint, or a running statistic. */
  readonly parameter: (name: string) => Promise<Tensor>;
  readonly loss: number;
  /** Expected outputs besides the loss. */
  readonly outputs?: Readonly<Record<string, ArrayLike<number>>>;
  /** Expected gradients by the names of the files. */
  readonly gradients: ReadonlyMap<string, FloatTensor>;
  /** A parameter's name in the files. */
  readonly rename: (name: string) => string;
  /** Parameters, by the names of the files, whose gradients are rounding noise. */
  readonly zeros?: readonly string[];
  /** Elements from, and up to, in which a gradient is rounding noise, by the names of the files. */
  readonly zeroSlices?: Readonly<Record<string, readonly [number, number]>>;
  /** Expected running statistics after the step. */
  readonly statistics?: ReadonlyMap<string, FloatTensor>;
  readonly limits: { readonly loss: number; readonly outputs: number; readonly gradients: number };
}

/** Largest noise over the largest gradient of all, in float32. */
const zeroLimit = 2e-6;

/** Computes one step: all outputs of a training graph, by name. */
export type RunStep = (
  batch: TrainingBatch,
  training: TrainingGraph,
  inputs: Readonly<Record<string, Tensor>>,
) => Promise<Readonly<Record<string, Tensor>>>;

const runOnNode: RunStep = async ({ external }, training, inputs) => {
  const session = await createNodeSession(training.model, { threads: 1, external });
  try {
    return await session.run(inputs);
  } finally {
    await session.dispose();
  }
};

/**
 * Runs one step and compares everything.
 *
 * @param run where it is computed; default: in this process
 */
export async function expectBatch(batch: TrainingBatch, run: RunStep = runOnNode): Promise<void> {
  const { limits, rename, gradients, zeros = [] } = batch;
  const training = differentiate(batch.model, batch.options);
  const inputs: Record<string, Tensor> = { ...batch.inputs };
  for (const { name } of [...training.parameters, ...training.statistics]) {
    inputs[name] ??= await batch.parameter(name);
  }
  const found = await run(batch, training, inputs);
  expect(Math.abs((found.loss.data[0] as number) - batch.loss) / Math.abs(batch.loss)).toBeLessThan(limits.loss);
  for (const [name, expected] of Object.entries(batch.outputs ?? {})) {
    expect([name, far(found[name], expected)]).toEqual([name, expect.closeTo(0, places(limits.outputs))]);
  }
  const names = training.parameters.map(({ name }) => rename(name));
  expect(names.sort()).toEqual([...gradients.keys()].sort());
  const largest = Math.max(...[...gradients.values()].map(({ data }) => data.reduce(largestOf, 0)));
  const wrong = training.parameters.flatMap(({ name, gradient }) => {
    const expected = gradients.get(rename(name))!;
    const values = found[gradient].data as Float32Array;
    const [start, end] = batch.zeroSlices?.[rename(name)] ?? [0, 0];
    const noise = values.subarray(start, end).reduce(largestOf, 0) / largest;
    if (!(noise < zeroLimit)) return [`${rename(name)}: ${noise} from ${start} to ${end}`];
    // What is left is compared.
    for (const one of [values, expected.data]) one.fill(0, start, end);
    const isZero = zeros.includes(rename(name));
    const distance = isZero ? values.reduce(largestOf, 0) / largest : far(found[gradient], expected.data);
    const limit = isZero ? zeroLimit : limits.gradients;
    return distance < limit ? [] : [`${rename(name)}: ${distance}`];
  });
  expect(wrong).toEqual([]);
  for (const { name, updated } of training.statistics) {
    const expected = batch.statistics?.get(rename(name));
    expect([name, far(found[updated], expected?.data ?? [])]).toEqual([name, expect.closeTo(0, places(2e-6))]);
  }
}

function largestOf(largest: number, value: number): number {
  return Math.max(largest, Math.abs(value));
}

function far(found: Tensor, expected: ArrayLike<number>): number {
  return deviation(found.data as Float32Array, expected);
}

/** Decimal places for `closeTo`, whose limit is half of the last one. */
function places(limit: number): number {
  return -Math.log10(2 * limit);
}

/** Whole numbers as an int64 tensor `[n]`. */
export function integerTensor(values: readonly number[]): Tensor {
  return { data: BigInt64Array.from(values, BigInt), shape: [values.length] };
}

/** Reads parameters of a model from the files that it names. */
export function parametersOf(model: Uint8Array, files: ModelFiles): (name: string) => Promise<Tensor> {
  const known = new Map(listParameters(model).map((parameter) => [parameter.name, parameter]));
  return async (name) => {
    const parameter = known.get(name);
    if (parameter?.external === undefined) throw new Error(`no tensor for ${name}`);
    return { data: await files.readFloat32(parameter.external), shape: parameter.shape };
  };
}
