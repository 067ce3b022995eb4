import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ExampleForm, LoadOptions, Plugin, SignalBatch, TrainableModel } from '@hearken/core';
import { Random } from '@hearken/metrics';
import { createNodeSession } from '@hearken/onnx/node';
import { type Examples, FineTuning, plainName, resolveRecipe, type TargetKind } from '@hearken/train';
import { deviation } from './training-fixtures.js';

/** What is trained. */
export interface ShortTraining {
  readonly plugin: Plugin;
  readonly model: TrainableModel;
  readonly recipe: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly kind?: TargetKind;
  /** Seconds of the made-up clips. */
  readonly seconds: number;
}

/** What is saved and loaded again. */
export interface SavedTraining extends Pick<ShortTraining, 'plugin' | 'model' | 'kind'> {
  /** Options for loading it. */
  readonly options?: LoadOptions;
}

/** What a short training did. */
export interface ShortTrained {
  /** Losses of its updates. */
  readonly losses: readonly number[];
  /** Names of the parameters and statistics that differ from where they began, without `checkpoint/`. */
  readonly moved: readonly string[];
  /** Names of all trained parameters and statistics. */
  readonly names: readonly string[];
  /** Their values, by their names in the graph. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
  /** The clips. */
  readonly signals: SignalBatch;
  /** Their logits, `[count, outputs]`. */
  readonly logits: Float32Array;
}

const outputs = 3;

/** Noise of some length: `[count, channels, samples]`. */
export function noise(count: number, channels: number, samples: number, seed = 1): SignalBatch {
  const random = new Random(seed);
  const data = Float32Array.from({ length: count * channels * samples }, () => 0.1 * random.normal());
  return { data, count, channels, samples };
}

/** Does some updates of a recipe on made-up clips, and computes logits. */
export async function trainShortly(training: ShortTraining, updates = 2): Promise<ShortTrained> {
  const { plugin, model, recipe, settings = {}, kind = 'multiclass', seconds } = training;
  const form = model.form(seconds);
  const signals = noise(8, model.channels, Math.round(seconds * model.sampleRate));
  const data = examplesOf(await model.prepare(signals, form), form, kind);
  const fineTuning = await FineTuning.create({
    createSession: createNodeSession,
    session: { threads: 1 },
    model,
    recipe: resolveRecipe(recipe, plugin.training?.recipes ?? {}, plugin.name, {
      batchSize: 4,
      epochs: 4,
      ...settings,
    }),
    form,
    kind,
    data,
    random: (seed) => new Random(seed),
    seed: 5,
  });
  try {
    const before = copied(fineTuning.weights());
    const losses: number[] = [];
    for (let update = 0; update < updates; update += 1) losses.push((await fineTuning.update()).loss);
    for (const loss of losses) expect(loss).toBeGreaterThan(0);
    const logits = await fineTuning.logits(data);
    expect(logits).toHaveLength(8 * outputs);
    expect(logits.every((value) => Number.isFinite(value))).toBe(true);
    const after = copied(fineTuning.weights());
    const names = [...after.keys()];
    const moved = names.filter((name) => after.get(name)!.some((value, index) => value !== before.get(name)![index]));
    return { losses, moved: moved.map(plainName), names: names.map(plainName), tensors: after, signals, logits };
  } finally {
    await fineTuning.dispose();
  }
}

/**
 * Saves a trained model and loads it again: its head must give the same logits.
 *
 * @param folder an empty one
 */
export async function expectSaved(
  { plugin, model, kind = 'multiclass', options = {} }: SavedTraining,
  { tensors, signals, logits }: ShortTrained,
  folder: string,
): Promise<void> {
  const labels = ['cough', 'wheeze', 'clear'];
  const files = await model.save({ tensors, labels, ...(kind === 'regression' ? {} : { kind }) });
  for (const { name, parts } of files) await writeFile(join(folder, name), Buffer.concat(parts));
  const embedder = await plugin.loadModel(folder, options);
  try {
    expect(embedder.head).toMatchObject({ labels, kind });
    const { data } = await embedder.head!.classifyScenes(signals);
    expect(deviation(data, logits)).toBeLessThan(1e-4);
  } finally {
    await embedder.dispose();
  }
}

function copied(weights: ReturnType<FineTuning['weights']>): Map<string, Float32Array> {
  return new Map(Object.entries(weights).map(([name, { data }]) => [name, (data as Float32Array).slice()]));
}

function examplesOf(prepared: Float32Array, { shape }: ExampleForm, kind: TargetKind): Examples {
  const size = shape.reduce((product, one) => product * one, 1);
  const count = prepared.length / size;
  return {
    count,
    size,
    outputs,
    gather(rows, start, end, examples, targets) {
      rows.slice(start, end).forEach((row, place) => {
        examples.set(prepared.subarray(row * size, (row + 1) * size), place * size);
        for (let output = 0; output < outputs; output += 1) {
          const isOwn = row % outputs === output || (kind === 'multilabel' && output === 0 && row % 2 === 0);
          targets[place * outputs + output] = Number(isOwn);
        }
      });
    },
  };
}
