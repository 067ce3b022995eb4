import { describe, expect, it } from 'vitest';
import { chanceLevel } from '../../src/intervals/chance-level.js';
import { scoreContexts } from '../../src/intervals/score-context.js';
import type { EventAnswers, RegressionAnswers, SceneAnswers } from '../../src/kinds/answers.js';

/** 8 clips without and 2 with the positive label. */
const binary: SceneAnswers = {
  kind: 'scene',
  test: 'test',
  clips: Array.from({ length: 10 }, (_, clip) => `${clip}.wav`),
  targets: Uint8Array.from({ length: 20 }, (_, index) => Number(index >= 16 === (index % 2 === 1))),
  predictions: Float32Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 0.3 : 0.7)),
  scoring: { predictionType: 'multiclass', settings: {} },
};
const labels = ['no', 'yes'];

describe('chanceLevel', () => {
  it.each([
    ['top1_acc', 0.8],
    ['aucroc', 0.5],
    ['mAP', 0.5],
    ['auprc', 0.2],
    ['balanced_accuracy', 0.5],
    ['sensitivity', 0],
    ['specificity', 1],
    ['ppv', 0.2],
    ['d_prime', 0],
    // 0.25 for the positive label of 0.2: (0.2 * 0.75 ** 2 + 0.8 * 0.25 ** 2)
    ['brier', 0.1625],
  ])('of %s is what the label frequencies score', (metric, expected) => {
    expect(chanceLevel(metric, [binary], [[0.75, 0.25]], labels)).toBeCloseTo(expected, 9);
  });

  it('of any number of labels answers every one of them', () => {
    const several: SceneAnswers = { ...binary, scoring: { predictionType: 'multilabel' } };
    // Labels 0 and 1 in 8 and 2 of 10 clips: 2 * 0.8 / 1.8 and 2 * 0.2 / 1.2.
    expect(chanceLevel('f1_macro', [several], [[0.3, 0.3]], labels)).toBeCloseTo((1.6 / 1.8 + 0.4 / 1.2) / 2, 9);
  });

  it('of numbers is what the training mean scores', () => {
    const numbers: RegressionAnswers = {
      kind: 'regression',
      test: 'test',
      clips: ['a', 'b', 'c'],
      values: Float64Array.of(10, 20, 30),
      predictions: new Float32Array(3),
    };
    expect(chanceLevel('mae', [numbers], [[24]], ['age'])).toBeCloseTo((14 + 4 + 6) / 3, 9);
    expect(chanceLevel('r2', [numbers], [[20]], ['age'])).toBeCloseTo(0, 9);
    expect(chanceLevel('pearson', [numbers], [[20]], ['age'])).toBe(0);
  });

  it('of events answers what most training frames have', () => {
    const events: EventAnswers = {
      kind: 'event',
      test: 'test',
      clips: ['a'],
      reference: [[{ label: 'no', start: 0, end: 2000 }]],
      estimated: [[]],
    };
    expect(chanceLevel('segment_1s_er', [events], [[0.1, 0.1]], labels)).toBeCloseTo(1, 9);
    expect(chanceLevel('segment_1s_er', [events], [[0.9, 0.1]], labels)).toBeCloseTo(0, 9);
  });
});

describe('scoreContexts', () => {
  it('counts the clips that a score is of', () => {
    const contexts = scoreContexts([binary], ['top1_acc', 'sensitivity', 'specificity', 'ppv'], labels, undefined);
    expect(Object.values(contexts).map(({ clips }) => clips)).toEqual([10, 2, 8, 10]);
  });

  it('names the test split on which a metric is undefined', () => {
    const none: SceneAnswers = { ...binary, targets: new Uint8Array(20), scoring: { predictionType: 'multilabel' } };
    const { mAP, aucroc, top1_acc } = scoreContexts([binary, none], ['mAP', 'aucroc', 'top1_acc'], labels, undefined);
    expect(mAP.undefinedOn).toEqual([{ test: 'test', because: 'no clip has a label' }]);
    expect(aucroc.undefinedOn).toHaveLength(1);
    expect(top1_acc.undefinedOn).toBeUndefined();
  });
});
