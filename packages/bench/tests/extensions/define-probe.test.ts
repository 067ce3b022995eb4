import { PluginError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { evaluateTask } from '../../src/evaluation/evaluate-task.node.js';
import type { Evaluation } from '@hearken/results';
import type { EvaluationInput } from '../../src/evaluation/evaluation.js';
import { defineMetric } from '../../src/extensions/define-metric.js';
import { defineProbe } from '../../src/extensions/define-probe.js';
import type { CustomProbe } from '../../src/extensions/contract.js';
import { loadExtensions } from '../../src/extensions/load-extensions.node.js';
import type { Extensions } from '../../src/extensions/extensions.js';
import type { TrainedProbe } from '../../src/probes/probe.js';
import { sceneTask } from '../evaluation/made-up-task.js';
import { MemoryJournal } from '../evaluation/memory-journal.js';
import { numbers } from '../evaluation/quick-evaluation.js';
import { extensionPath } from './fixtures.js';

const options = { probe: 'own', grid: 'default', gridPoints: 4, seed: 0, threads: 1 } as const;
const described = { name: 'own', version: '1.0.0', summary: 'made up' };

/** A probe that answers every row with the first label; `change` is what of it goes wrong. */
function firstLabel(change: Partial<Record<keyof CustomProbe, unknown>> = {}) {
  const own: CustomProbe = {
    configurations: () => [{ bias: 1 }],
    async train(_train, validationRows, validation) {
      const state = { values: {}, arrays: {} };
      const { score, decision } = validation.score(await own.predict(state, validationRows));
      return { ...state, validationScore: score, decision, epoch: 1, epochsTrained: 1 };
    },
    predict: (_state, { count, outputs }) => {
      const logits = Float32Array.from({ length: count * outputs }, (_, index) => Number(index % outputs === 0));
      return Promise.resolve({ logits, probabilities: logits });
    },
    ...(change as Partial<CustomProbe>),
  };
  return defineProbe({ ...described, create: () => own });
}

function evaluate(extensions: Extensions, input: EvaluationInput = sceneTask()): Promise<Evaluation> {
  return evaluateTask(input, { ...options, ...extensions });
}

describe('defineProbe', () => {
  it('makes a probe that an evaluation takes as it takes its own', async () => {
    const { scores, configuration } = await evaluate({ probes: [firstLabel()] });
    expect(scores.top1_acc.mean).toBeCloseTo(1 / 3);
    expect(configuration).toEqual({ bias: 1 });
  });

  it('gives a training the random numbers that follow from its seed', async () => {
    const drawn: number[] = [];
    const train: CustomProbe['train'] = (_train, { outputs, count }, validation, _configuration, { random, seed }) => {
      drawn.push(random.uniform());
      const logits = new Float32Array(count * outputs);
      const { score, decision } = validation.score({ logits, probabilities: logits });
      const trained = { values: { seed }, arrays: {}, validationScore: score, decision };
      return Promise.resolve(trained as unknown as TrainedProbe<typeof decision>);
    };
    const trainFrom = (seed: number) =>
      evaluateTask(sceneTask(), { ...options, seed, probes: [firstLabel({ train })] });
    const { folds } = await trainFrom(1);
    await trainFrom(1);
    await trainFrom(2);
    expect(folds[0].epoch).toBe(1);
    expect(drawn[0]).toBe(drawn[1]);
    expect(drawn[2]).not.toBe(drawn[0]);
  });

  it.each([
    [{ configurations: () => [] }, /no list of configurations/],
    [{ configurations: () => [{ step: () => 1 }] }, /a configuration that is not an object of JSON values/],
    [{ configurations: () => new Array(9).fill({}) as object[] }, /9 configurations instead of at most 4/],
    [{ effort: () => ({}) }, /an effort without bytes and operations/],
    [{ train: () => Promise.resolve({ values: {}, arrays: {} }) }, /a training without a validationScore/],
    [{ train: () => Promise.reject(new RangeError('too far')) }, /probe 'own' 1\.0\.0: it threw RangeError: too far/],
    [
      { train: () => Promise.resolve({ values: {}, arrays: { weight: [1] }, validationScore: 1, decision: null }) },
      /arrays are not all Float32Array/,
    ],
    [{ train: () => Promise.resolve({ values: {}, arrays: {}, validationScore: 1 }) }, /without the decision/],
    [{ predict: () => Promise.resolve({ logits: [], probabilities: [] }) }, /probabilities are not a Float32Array/],
    [
      { predict: () => Promise.resolve({ logits: new Float32Array(1), probabilities: new Float32Array(1) }) },
      /1 probabilities for 45 rows of 3/,
    ],
    [
      {
        predict: () => {
          const logits = new Float32Array(135).fill(3);
          return Promise.resolve({ logits, probabilities: logits });
        },
      },
      /a probability of 3/,
    ],
  ])('names the probe that breaks its contract: %#', async (change, found) => {
    const failed = evaluate({ probes: [firstLabel(change)] });
    await expect(failed).rejects.toThrow(PluginError);
    await expect(failed).rejects.toThrow(found);
  });

  it('refuses a probe without its functions, and a definition without create', async () => {
    const nothing = defineProbe({ ...described, create: () => ({}) as CustomProbe });
    await expect(evaluate({ probes: [nothing] })).rejects.toThrow(/without configurations, train, predict/);
    expect(() => defineProbe({ ...described } as Parameters<typeof defineProbe>[0])).toThrow(/no function create/);
  });

  it('scores by metrics of the caller beside its own, and chooses by them', async () => {
    const metric = defineMetric({
      name: 'own_share',
      version: '1.0.0',
      summary: 'the mean probability of the first label',
      kind: 'scene',
      maximize: false,
      range: [0, 1],
      compute: ({ predictions, labels }) => predictions.filter((_, index) => index % labels.length === 0)[0],
    });
    const input = sceneTask({ evaluation: ['own_share', 'top1_acc'] });
    const { scores } = await evaluate({ probes: [firstLabel()], metrics: [metric] }, input);
    expect(scores.own_share.mean).toBe(1);
    await expect(evaluate({ probes: [firstLabel()] }, input)).rejects.toThrow(/metric 'own_share'.*--extension/);
    const numbersTask = sceneTask({ evaluation: ['mae'] });
    await expect(evaluate({ probes: [firstLabel()], metrics: [metric] }, numbersTask)).rejects.toThrow(/own_share/);
  });

  it('refuses two of one name', async () => {
    const twice = { probes: [firstLabel(), firstLabel()] };
    await expect(evaluate(twice)).rejects.toThrow(
      /probe 'own' of the caller: another one with that name from the caller/,
    );
  });

  it('keeps its trainings in journals, and learns: nearest class mean', async () => {
    const extensions = await loadExtensions([extensionPath('nearest-mean')]);
    const input = sceneTask();
    const journal = new MemoryJournal();
    const train = () => evaluateTask(input, { ...options, ...extensions, probe: 'nearest-mean', journal });
    const first = await train();
    expect(first.scores.top1_acc.mean).toBeGreaterThan(0.95);
    expect(journal.records.size).toBe(4);
    expect(numbers(await train())).toEqual(numbers(first));
    const components = await evaluateTask(input, { ...options, ...extensions, probe: 'nearest-mean', pca: 2 });
    expect(components.scores.top1_acc.mean).toBeGreaterThan(0.8);
    const labelled = sceneTask({ predictionType: 'multilabel', evaluation: ['mAP'] });
    const refused = evaluateTask(labelled, { ...options, ...extensions, probe: 'nearest-mean' });
    await expect(refused).rejects.toThrow("probe 'nearest-mean' for a multilabel task");
  });
});
