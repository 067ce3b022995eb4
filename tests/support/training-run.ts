import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { expect } from 'vitest';
import { GraphBuilder, type Tensor } from '@hearken/onnx';
import { ModelProtoSchema } from '@hearken/onnx/internal';
import { createNodeSession } from '@hearken/onnx/node';
import {
  differentiate,
  rateFactor,
  type Schedule,
  type StepInputs,
  Trainer,
  type TrainerOptions,
} from '@hearken/train';
import type { TrainingBatch } from './training-batch.js';
import { deviation, type FloatTensor } from './training-fixtures.js';

/** A whole training, and what PyTorch computed. */
export interface TrainingRun {
  /** The model, what is trained, and its initial values. */
  readonly start: Pick<
    TrainingBatch,
    'model' | 'options' | 'external' | 'inputs' | 'parameter' | 'rename' | 'zeros' | 'zeroSlices'
  >;
  readonly trainer: Pick<TrainerOptions, 'optimiser' | 'clipNorm' | 'keep'>;
  /** Weight decay of a tensor with so many axes; default: none. */
  readonly decayOf?: (axes: number) => number;
  readonly learningRate: number;
  readonly schedule: Schedule;
  /** Data and random choices of a step. */
  readonly inputs: (step: number) => StepInputs;
  /** Parameters that have no gradient in a step. */
  readonly withoutGradient?: (step: number) => ReadonlySet<string>;
  /** Data for evaluation, and masks that drop nothing. */
  readonly evaluation?: StepInputs;
  readonly expected: {
    readonly learningRates?: readonly number[];
    readonly losses: readonly number[];
    readonly gradientNorms?: readonly number[];
    /** Trained tensors and running statistics by the names of the files. */
    readonly final?: ReadonlyMap<string, FloatTensor>;
    readonly evaluationLogits?: readonly (readonly number[])[];
  };
  readonly limits: {
    readonly losses: number | ((step: number) => number);
    readonly final?: number;
    readonly evaluation?: number;
  };
}

/** How many steps of a long run are done: all with `HEARKEN_THOROUGH=1`. */
export function runSteps(all: number, byDefault = all): number {
  return process.env.HEARKEN_THOROUGH === '1' ? all : Math.min(all, byDefault);
}

const learningRateLimit = 1e-6;
const gradientNormLimit = 1e-5;
/** Rounding of each step, over the largest element. */
const stillLimit = 1e-5;

/**
 * Repeats a training step by step.
 *
 * @param steps how many of them; final tensors and evaluation are compared if all are done
 */
export async function expectRun(run: TrainingRun, steps = run.expected.losses.length): Promise<void> {
  const { start, expected, limits, learningRate, schedule } = run;
  const all = expected.losses.map((_, step) => learningRate * rateFactor(schedule, step));
  if (expected.learningRates) {
    expect(wrongSteps(all, expected.learningRates, learningRateLimit)).toEqual([]);
  }
  const trainer = await createTrainer(run);
  try {
    const initial = new Map([...tensorsOf(trainer)].map(([name, data]) => [name, data.slice()]));
    const losses: number[] = [];
    const norms: number[] = [];
    for (let step = 0; step < steps; step += 1) {
      const found = await trainer.computeGradients([run.inputs(step)]);
      losses.push(found.loss);
      norms.push(found.gradientNorm);
      clearNoise(trainer, start);
      const withoutGradient = run.withoutGradient?.(step);
      await trainer.update({ rateFactor: rateFactor(schedule, step), ...(withoutGradient && { withoutGradient }) });
    }
    expect(wrongSteps(losses, expected.losses, limits.losses)).toEqual([]);
    if (expected.gradientNorms !== undefined) {
      expect(wrongSteps(norms, expected.gradientNorms, gradientNormLimit)).toEqual([]);
    }
    if (steps < expected.losses.length) return;
    if (expected.final !== undefined) expectFinal(run, trainer, initial, expected.final);
    if (run.evaluation !== undefined) {
      const logits = await evaluate(run, trainer, run.evaluation);
      expect(deviation(logits, expected.evaluationLogits?.flat() ?? [])).toBeLessThan(limits.evaluation ?? 0);
    }
  } finally {
    await trainer.dispose();
  }
}

function createTrainer({ start, trainer, decayOf = () => 0, learningRate }: TrainingRun): Promise<Trainer> {
  const training = differentiate(start.model, start.options);
  const axes = new Map(training.parameters.map(({ name, shape }) => [name, shape.length]));
  return Trainer.create(training, {
    createSession: createNodeSession,
    session: { threads: 1, external: start.external },
    initial: async (name) => (start.inputs[name] ?? (await start.parameter(name))).data as Float32Array,
    groupOf: (name) => ({ learningRate, weightDecay: decayOf(axes.get(name)!) }),
    ...trainer,
  });
}

/** Sets gradients to 0 that are 0 in exact arithmetic: optimisers would divide rounding noise by its own size. */
function clearNoise({ gradients }: Trainer, { rename, zeros = [], zeroSlices = {} }: TrainingRun['start']): void {
  for (const [name, { data }] of gradients.tensors) {
    const known = rename(name);
    if (zeros.includes(known)) data.fill(0);
    if (known in zeroSlices) data.fill(0, ...zeroSlices[known]);
  }
}

/** Parameters and running statistics. */
function* tensorsOf({ parameters, statistics }: Trainer): Generator<[string, Float32Array]> {
  for (const arena of [parameters, statistics]) for (const [name, { data }] of arena.tensors) yield [name, data];
}

/** Compares every tensor, over how far it moved. */
function expectFinal(
  { start: { rename, zeros = [] }, limits }: TrainingRun,
  trainer: Trainer,
  initial: ReadonlyMap<string, Float32Array>,
  final: ReadonlyMap<string, FloatTensor>,
): void {
  const names = [...tensorsOf(trainer)].map(([name]) => rename(name));
  expect(names.sort()).toEqual([...final.keys()].sort());
  const wrong = [...tensorsOf(trainer)].flatMap(([name, data]) => {
    const expected = final.get(rename(name))?.data ?? [];
    const before = initial.get(name)!;
    const distance = largest(data.map((value, index) => value - expected[index]));
    const movement = largest(before.map((value, index) => expected[index] - value));
    // Without gradient only decay moves a tensor, about as little as float32 can store.
    const isStill = zeros.includes(rename(name)) || movement === 0;
    const share = isStill ? distance / (largest(expected) || 1) : distance / movement;
    return share < (isStill ? stillLimit : (limits.final ?? 0)) ? [] : [`${rename(name)}: ${share}`];
  });
  expect(wrong).toEqual([]);
}

/** Logits of the plain model with the trainer's tensors. */
async function evaluate({ start }: TrainingRun, trainer: Trainer, data: StepInputs): Promise<Float32Array> {
  const trained = new Map([...trainer.parameters.tensors, ...trainer.statistics.tensors]);
  const model = withInputs(start.model, trained);
  const session = await createNodeSession(model, { threads: 1, external: start.external });
  try {
    const { logits } = await session.run({ ...data, ...Object.fromEntries(trained) }, { logits: null });
    return logits.data as Float32Array;
  } finally {
    await session.dispose();
  }
}

/** Turns initializers into inputs, so that a session takes other values for them. */
function withInputs(bytes: Uint8Array, tensors: ReadonlyMap<string, Tensor>): Uint8Array<ArrayBuffer> {
  const model = fromBinary(ModelProtoSchema, bytes);
  const graph = model.graph!;
  const builder = new GraphBuilder('inputs');
  const taken = graph.initializer.filter(({ name }) => tensors.has(name));
  for (const { name, dims } of taken) builder.input(name, dims.map(Number));
  const added = fromBinary(ModelProtoSchema, builder.build()).graph!.input;
  graph.input.push(...added);
  graph.initializer = graph.initializer.filter(({ name }) => !tensors.has(name));
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, model));
}

function largest(values: ArrayLike<number>): number {
  let found = 0;
  for (let index = 0; index < values.length; index += 1) {
    const size = Math.abs(values[index]);
    // Not `Math.max` alone: NaN must not pass.
    if (!(size <= found)) found = size;
  }
  return found;
}

/** The steps whose numbers are further away than a limit: `|found - expected| / |expected|`. */
function wrongSteps(
  found: readonly number[],
  expected: readonly number[],
  limit: number | ((step: number) => number),
): string[] {
  return found.flatMap((value, step) => {
    const distance = Math.abs(value - expected[step]) / (Math.abs(expected[step]) || 1);
    return distance < (typeof limit === 'number' ? limit : limit(step)) ? [] : [`step ${step}: ${distance}`];
  });
}
