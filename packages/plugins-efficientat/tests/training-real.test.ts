// Released mn04_as weights trained on spoken digits: losses against PyTorch, from the recordings on.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ExampleForm, signalBatch, type TrainableModel } from '@hearken/core';
import { openTask, readClip, type Task } from '@hearken/tasks/node';
import { createNodeSession } from '@hearken/onnx/node';
import { Random } from '@hearken/metrics';
import {
  type Examples,
  extendModel,
  fineTune,
  listParameters,
  mixedCrossEntropy,
  Predictor,
  resolveRecipe,
} from '@hearken/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { integerTensor } from '../../../tests/support/training-batch.js';
import {
  type FloatTensor,
  readJson,
  readTensors,
  rowsOf,
  trainingFixtures,
} from '../../../tests/support/training-fixtures.js';
import { expectRun, runSteps, type TrainingRun } from '../../../tests/support/training-run.js';
import plugin from '../src/index.js';
import { resampleAsSoxr } from './soxr-resample.js';
import { mixed, type Step } from './training-batches.js';

const folder = join(trainingFixtures, 'fsdd-finetune');
const shared = (path: string) => fileURLToPath(new URL(`../../../../shared/${path}`, import.meta.url));
const [checkpoint, archive] = [
  shared('fixtures/real/efficientat/mn04_as.pt'),
  shared('tasks/fsdd_digit-v1-full.tar.gz'),
];
const summary = shared('reference/finetune.json');
const missing = [folder, checkpoint, archive, summary].find((path) => !existsSync(path));

interface Seed {
  readonly train: readonly string[];
  readonly labels: readonly number[];
  readonly steps: readonly Step[];
  readonly losses: readonly number[];
}

interface LowRate {
  readonly seed: number;
  readonly learningRate: number;
  readonly warmupSteps: number;
  readonly losses: readonly number[];
}

/** Adam's rate, and the updates over which it rises, of the whole runs. */
const [learningRate, warmup] = [3e-3, 15];

it.runIf(missing !== undefined && process.env.CI === 'true')('has the shared folder in CI', () => {
  expect(missing).toBeUndefined();
});

describe.skipIf(missing !== undefined)(`mn04_as on spoken digits (needs ${missing ?? 'nothing more'})`, () => {
  let cacheFolder: string;
  let task: Task;
  let model: TrainableModel;
  let form: ExampleForm;
  beforeAll(async () => {
    cacheFolder = await mkdtemp(join(tmpdir(), 'hearken digits '));
    task = await openTask(archive, { cacheFolder });
    model = await plugin.training!.open(checkpoint, { model: 'mn04_as' });
    form = model.form(task.metadata.sampleDuration ?? undefined);
  });
  afterAll(async () => {
    await model.dispose();
    await rm(cacheFolder, { recursive: true, force: true });
  });

  /** Log-mels of clips by their names. */
  async function prepared(names: readonly string[]): Promise<FloatTensor> {
    const signals = names.map(async (name) => {
      const [split] = [...task.splits].find(([, clips]) => clips.some((clip) => clip.name === name))!;
      return readClip(task, split, { name }, { sampleRate: model.sampleRate, resample: resampleAsSoxr });
    });
    const data = await model.prepare(signalBatch(await Promise.all(signals)), form);
    return { data, shape: [names.length, ...form.shape] };
  }

  /** A run with the steps of a seed; losses are to be added. */
  async function runOf(number: number): Promise<Omit<TrainingRun, 'expected' | 'limits'> & { readonly seed: Seed }> {
    const seed = readJson<Seed>(join(folder, `seed${number}.json`));
    const head = readTensors(join(folder, `seed${number}.head.safetensors`));
    const [classes] = head.get('classifier.5.weight')!.shape;
    const examples = await prepared(seed.train);
    const network = model.network({ outputs: classes, form });
    const graph = extendModel(network.model, (builder) => {
      const [indices, partners] = ['targets', 'partners'].map((name) => builder.input(name, ['n'], 'int64'));
      const lambda = builder.input('lambda', ['n']);
      builder.output(
        'loss',
        mixedCrossEntropy(builder, { name: 'logits' }, classes, { indices, partners, lambda }),
        [],
      );
    });
    const trained = listParameters(graph).filter(({ name }) => !/running_(?:mean|var)$/.test(name));
    return {
      seed,
      start: {
        model: graph,
        options: {
          loss: 'loss',
          parameters: [...network.head, ...trained].map(({ name }) => name),
          dimensions: { n: seed.steps[0].clips.length },
        },
        external: model.weights ?? {},
        inputs: Object.fromEntries(head),
        parameter: async (name) => ({ data: await model.readParameter(name), shape: [] }),
        rename: (name) => name.replace('checkpoint/', ''),
      },
      trainer: { optimiser: { kind: 'adam' } },
      learningRate,
      schedule: { kind: 'warm-linear', warmup, total: seed.steps.length },
      inputs(index) {
        const step = seed.steps[index];
        const targets = step.clips.map((clip) => seed.labels[clip]);
        const rows = rowsOf(examples, step.clips);
        return {
          logMel: { data: mixed(rows, step), shape: rows.shape },
          targets: integerTensor(targets),
          partners: integerTensor(step.mixWith.map((place) => targets[place])),
          lambda: { data: Float32Array.from(step.lambda), shape: [targets.length] },
        };
      },
    };
  }

  it('prepares the recordings as PyTorch does', async () => {
    const { fewLabels } = readJson<{ fewLabels: { frontEndCheck: string[] } }>(summary);
    const { data } = await prepared(fewLabels.frontEndCheck);
    const expected = readTensors(join(folder, 'front-end.safetensors')).get('logMel')!.data;
    const largest = expected.reduce((found, value, index) => Math.max(found, Math.abs(value - data[index])), 0);
    expect(data).toHaveLength(expected.length);
    expect(largest).toBeLessThan(5e-4);
  });

  it('repeats the losses at a low rate', async () => {
    const low = readJson<LowRate>(join(folder, 'seed0.low-rate.json'));
    const run = await runOf(low.seed);
    await expectRun(
      {
        ...run,
        learningRate: low.learningRate,
        schedule: { kind: 'warm-linear', warmup: low.warmupSteps, total: low.losses.length },
        expected: { losses: low.losses },
        limits: { losses: 1e-4 },
      },
      runSteps(low.losses.length, 8),
    );
  });

  // Later losses differ even between float32 and float64. The examples are not quite PyTorch's, see above: changing them
  // by a relative 2e-5 changes the loss of step 2 of seed 0 by up to 1.5e-4, and later ones by up to 1.3e-3.
  it.each([0, 1, 2])('repeats the first losses of seed %d', async (number) => {
    const run = await runOf(number);
    const losses = run.seed.losses.slice(0, 6);
    const limits = { losses: (step: number) => [1e-5, 1e-5, 2e-4][step] ?? 2e-3 };
    await expectRun({ ...run, expected: { losses }, limits }, runSteps(losses.length, 3));
  });

  it.runIf(process.env.HEARKEN_THOROUGH === '1')(
    'reaches the accuracy that PyTorch reaches with 100 clips, above that of a probe',
    { timeout: 30 * 60_000 },
    async () => {
      const { fewLabels } = readJson<{ fewLabels: FewLabels }>(summary);
      const all = async (split: string) => {
        const names = task.splits.get(split)!.map(({ name }) => name);
        return examplesOf(await prepared(names), names.map(digitOf));
      };
      const [validation, test] = [await all('fold03'), await all('fold04')];
      const recipe = resolveRecipe('full', plugin.training!.recipes ?? {}, 'efficientat:mn04_as', {
        ...{ epochs: 30, batchSize: 20, optimiser: 'adam', learningRate: 3e-3, headRate: 0, weightDecay: 0 },
        ...{ schedule: 'warm-linear', warmup: 0.1, clipNorm: 0, mixup: 0.3, headDeviation: 0.01, validateEvery: 5 },
      });
      const outputs = 10;
      const scores: number[] = [];
      for (const number of [0, 1, 2]) {
        const { train, labels } = readJson<Seed>(join(folder, `seed${number}.json`));
        const common = { createSession: createNodeSession, model, recipe, form };
        const found = await fineTune({
          ...common,
          kind: 'multiclass',
          data: examplesOf(await prepared(train), labels),
          validation,
          score: (logits) => accuracy(logits, validation.labels),
          maximize: true,
          random: (seed) => new Random(seed),
          seed: number,
        });
        const predictor = await Predictor.create({ ...common, outputs }, found.weights.keys());
        const answers = await predictor.logits(predictor.tensors(found.weights), test);
        await predictor.dispose();
        scores.push(accuracy(answers, test.labels));
      }
      console.log(`accuracy of three seeds: ${scores.map((score) => score.toFixed(4)).join(', ')}`);
      const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
      expect(mean).toBeGreaterThan(fewLabels.expect.meanOfThreeSeedsAtLeast);
      expect(mean).toBeGreaterThan(fewLabels.summary.probeHear.mean);
    },
  );
});

interface FewLabels {
  readonly frontEndCheck: readonly string[];
  readonly expect: { readonly meanOfThreeSeedsAtLeast: number };
  readonly summary: { readonly probeHear: { readonly mean: number } };
}

/** The digit that a recording is named after. */
function digitOf(name: string): number {
  return Number(name[0]);
}

function examplesOf(
  { data, shape: [count] }: FloatTensor,
  labels: readonly number[],
): Examples & { labels: readonly number[] } {
  const size = data.length / count;
  return {
    ...{ count, size, outputs: 10, labels },
    gather(rows, start, end, examples, targets) {
      for (let place = start; place < end; place += 1) {
        examples.set(data.subarray(rows[place] * size, (rows[place] + 1) * size), (place - start) * size);
        for (let digit = 0; digit < 10; digit += 1) {
          targets[(place - start) * 10 + digit] = labels[rows[place]] === digit ? 1 : 0;
        }
      }
    },
  };
}

/** Share of rows whose largest logit is that of their label. */
function accuracy(logits: Float32Array, labels: readonly number[]): number {
  const right = labels.filter((label, row) => {
    const own = logits.subarray(row * 10, (row + 1) * 10);
    return own.indexOf(Math.max(...own)) === label;
  });
  return right.length / labels.length;
}
