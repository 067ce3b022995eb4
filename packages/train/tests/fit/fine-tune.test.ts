import type { TrainingRecipe } from '@hearken/core';
import { createNodeSession } from '@hearken/onnx/node';
import { describe, expect, it } from 'vitest';
import {
  type FitCheckpoint,
  fineTune,
  type FineTuneOptions,
  type FitStore,
  planFineTuning,
  resolveRecipe,
} from '../../src/index.js';
import { accuracy, randomOf, toyExamples, toyForm, toyModel, toyParameters } from '../support/toy-model.js';

const own: Record<string, TrainingRecipe> = {
  dropped: { description: 'with dropout', trains: 'all', dropout: () => ({ head: 0.2 }) },
};
const [data, validation] = [toyExamples(96, 1), toyExamples(48, 2)];

function options(
  name: string,
  settings: Record<string, unknown> = {},
  more: Partial<FineTuneOptions> = {},
): FineTuneOptions {
  return {
    createSession: createNodeSession,
    session: { threads: 1, spin: false },
    model: toyModel(),
    recipe: resolveRecipe(name, own, 'toy:toy', { epochs: 6, learningRate: 0.02, headRate: 0, ...settings }),
    form: toyForm,
    kind: 'multiclass',
    data,
    validation,
    random: randomOf,
    seed: 3,
    score: (logits) => accuracy(logits, validation.labels),
    maximize: true,
    ...more,
  };
}

/** Keeps what was written last, and can stop a training after some writes. */
function memoryStore(stopAfter = Infinity) {
  let [last, writes]: [FitCheckpoint | undefined, number] = [undefined, 0];
  const store: FitStore = {
    read: () => Promise.resolve(last),
    write: (checkpoint) => {
      // As a file would: nothing is shared with the training.
      last = structuredClone({
        ...checkpoint,
        values: JSON.parse(JSON.stringify(checkpoint.values)) as object,
      }) as FitCheckpoint;
      writes += 1;
      return writes >= stopAfter ? Promise.reject(new Error('killed')) : Promise.resolve();
    },
  };
  return store;
}

describe('fine-tuning', () => {
  it.each([
    ['head', 36],
    ['last-blocks', 36 + 2 * 72 + 16],
    ['lora', 36 + 3 * 2 * 2 * 8],
    ['full', 36 + 56 + 3 * 72 + 16],
    ['dropped', 36 + 56 + 3 * 72 + 16],
  ])('learns with recipe %s', async (name, elements) => {
    const settings = name === 'lora' ? { rank: 2 } : {};
    const found = await fineTune(options(name, settings));
    expect(found.trainedElements).toBe(elements);
    // By chance it would be a quarter.
    expect(found.score).toBeGreaterThan(0.4);
    expect(found.updates).toBe(36);
    expect(found.history).toHaveLength(6);
    expect(found.history[5].loss).toBeLessThan(found.history[0].loss);
    expect(found.history[found.epoch - 1].score).toBe(found.score);
  });

  it.each([
    ['head', {}],
    ['full', { batchSize: 10, accumulate: 3 }],
    ['full', { batchSize: 200, accumulate: 2 }],
  ])('plans what recipe %s then does with %o', async (name, settings) => {
    const asked = options(name, { epochs: 2, ...settings });
    const plan = planFineTuning(asked);
    const found = await fineTune(asked);
    expect(plan).toMatchObject({ updates: found.updates, trainedElements: found.trainedElements });
    expect(plan.bytes).toBeGreaterThan(4 * 4 * plan.trainedElements);
    const memoryBytes = plan.bytes - 1;
    await expect(fineTune({ ...asked, memoryBytes })).rejects.toThrow('of memory needed');
  });

  it('is the same with the same seed, and another with another', async () => {
    const [first, again, other] = await Promise.all(
      [3, 3, 4].map((seed) => fineTune(options('full', { mixup: 0.3, epochs: 2 }, { seed }))),
    );
    expect(again.weights).toEqual(first.weights);
    expect(other.weights).not.toEqual(first.weights);
  });

  it.each([1, 4, 7])('continues after %d updates with the same numbers', async (stop) => {
    const settings = { mixup: 0.3, epochs: 3, accumulate: 2, averageDecay: 0.5, batchSize: 8 };
    const whole = await fineTune(options('full', settings));
    const store = memoryStore(stop);
    await expect(fineTune(options('full', settings, { store, checkpointSeconds: 0 }))).rejects.toThrow('killed');
    const continued: number[] = [];
    const found = await fineTune(
      options('full', settings, {
        store: { ...store, write: () => Promise.resolve() },
        onUpdate: ({ update }) => continued.push(update),
      }),
    );
    expect(continued[0]).toBe(stop + 1);
    expect(found).toEqual(whole);
  });

  it('keeps its state when it is stopped', async () => {
    const controller = new AbortController();
    const store = memoryStore();
    const stopping = fineTune(
      options(
        'full',
        {},
        {
          store,
          abortSignal: controller.signal,
          onUpdate: ({ update }) => update === 5 && controller.abort(new Error('stop')),
        },
      ),
    );
    await expect(stopping).rejects.toThrow('stop');
    expect((await store.read())?.values).toMatchObject({ updates: 5 });
  });

  it('stops when validation does not improve', async () => {
    let calls = 0;
    const scores = [0.1, 0.5, 0.4, 0.5, 0.9];
    const found = await fineTune(options('head', { patience: 2, epochs: 9 }, { score: () => scores[calls++] }));
    expect(found).toMatchObject({ score: 0.5, epoch: 2 });
    expect(found.history).toHaveLength(4);
  });

  it('trains the head alone while the rest is frozen', async () => {
    const model = toyModel();
    const stopped = new AbortController();
    const store = memoryStore();
    const settings = { freezingSteps: 4 };
    const end =
      (update: number) =>
      ({ update: at }: { update: number }) => {
        if (at === update) stopped.abort(new Error('stop'));
      };
    await expect(
      fineTune(options('full', settings, { model, store, abortSignal: stopped.signal, onUpdate: end(4) })),
    ).rejects.toThrow('stop');
    const { arrays, values } = (await store.read())!;
    const frozen = toyParameters().find((name) => name.includes('layers.1.query.weight'))!;
    expect(arrays[`trainer/parameter/${frozen}`]).toEqual(await model.readParameter(frozen));
    expect((values.counts as Record<string, number>)[frozen]).toBe(0);
    expect((values.counts as Record<string, number>)['head.weight']).toBe(4);
  });

  it('names the step and the tensor of a loss that is not a number', async () => {
    const broken = toyExamples(96, 1);
    const gather: typeof broken.gather = (rows, start, end, examples, targets) => {
      broken.gather(rows, start, end, examples, targets);
      if (rows.slice(start, end).includes(0)) examples[0] = NaN;
    };
    await expect(fineTune(options('full', {}, { data: { ...broken, gather } }))).rejects.toMatchObject({
      name: 'NotFiniteError',
      found: "loss NaN, and a gradient that is not finite for 'head.weight'",
    });
  });

  it('says before it starts that memory does not suffice', async () => {
    await expect(fineTune(options('full', {}, { memoryBytes: 1000 }))).rejects.toThrow(
      /of memory needed, 0\.0 GB free/,
    );
  });

  it('averages the answers of a clip with several windows, and trains on one of them', async () => {
    const long = toyExamples(64, 5, 3);
    const found = await fineTune(
      options('full', {}, { data: long, validation: long, score: (logits) => accuracy(logits, long.labels) }),
    );
    expect(found.history).toHaveLength(6);
  });
});
