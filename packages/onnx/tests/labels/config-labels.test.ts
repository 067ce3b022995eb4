import { describe, expect, it } from 'vitest';
import { audioSetLabels, configLabels, ModelConfig } from '../../src/index.js';

const labelsOf = (values: Record<string, unknown>, size = 2) =>
  configLabels(new ModelConfig('config.json', values), size);

describe('the labels of a config', () => {
  it('are those of id2label, in the order of its numbers', () => {
    expect(labelsOf({ id2label: { 1: 'b', 0: ' a ' } })).toEqual({ labels: ['a', 'b'] });
    expect(labelsOf({ id2label: ['a', 'b'] })).toEqual({ labels: ['a', 'b'] });
    expect(
      labelsOf({
        id2label: new Map([
          [1, 'b'],
          [0, 'a'],
        ]),
      }),
    ).toEqual({ labels: ['a', 'b'] });
  });

  it.each([
    ['placeholders', { 0: 'LABEL_0', 1: 'LABEL_1' }],
    ['some placeholders', { 0: 'a', 1: 'LABEL_1' }],
    ['too few', { 0: 'a' }],
    ['a gap', { 0: 'a', 2: 'b' }],
    ['one name twice', { 0: 'a', 1: 'a' }],
    ['an empty name', { 0: 'a', 1: ' ' }],
    ['a number', { 0: 'a', 1: 5 }],
    ['a very long name', { 0: 'a', 1: 'b'.repeat(1000) }],
    ['text', 'ab'],
    ['nothing', null],
  ])('are none for %s', (_, id2label) => {
    expect(labelsOf({ id2label })).toEqual({});
  });

  it('hold alone or together, according to problem_type', () => {
    expect(labelsOf({ problem_type: 'multi_label_classification' })).toEqual({ kind: 'multilabel' });
    expect(labelsOf({ problem_type: 'single_label_classification' })).toEqual({ kind: 'multiclass' });
    expect(labelsOf({ problem_type: 'regression' })).toEqual({});
    expect(configLabels(undefined, 2)).toEqual({});
  });
});

describe("AudioSet's labels", () => {
  it('are 527 different names, in the order of the class list', () => {
    expect(audioSetLabels).toHaveLength(527);
    expect(new Set(audioSetLabels).size).toBe(527);
    expect(audioSetLabels.every((label) => label === label.trim() && label !== '')).toBe(true);
    expect([0, 1, 137, 300, 500, 526].map((index) => audioSetLabels[index])).toEqual([
      'Speech',
      'Male speech, man speaking',
      'Music',
      'Vehicle',
      'Silence',
      'Field recording',
    ]);
  });
});
