import { TaskError } from '@hearken/core';
import { expect, it } from 'vitest';
import { parseClips } from '../src/clip-labels.js';

const context = {
  task: 'lungs',
  split: 'train',
  metadata: { embeddingType: 'scene', predictionType: 'regression' },
  labels: ['fev1', 'age'],
} as const;

it('reads a list in the order of the vocabulary, an object by name, and a number alone', () => {
  const json = { 'a.wav': [3.5, 60], 'b.wav': { age: 61, fev1: -2 } };
  expect(parseClips(json, context).map(({ values }) => values)).toEqual([
    [3.5, 60],
    [-2, 61],
  ]);
  expect(parseClips({ 'a.wav': 7 }, { ...context, labels: ['age'] })[0]).toMatchObject({ values: [7], labels: [] });
});

it.each([
  [7, '1 values for 2 targets'],
  [[1, 2, 3], '3 values'],
  [[1, '2'], '"2" for age'],
  [[1, null], 'null for age'],
  [{ fev1: 1 }, 'nothing for age'],
  [{ fev: 1, age: 2 }, "did you mean 'fev1'"],
  [[1, 1e300], '1e+300 for age'],
])('refuses %j', (content, message) => {
  expect(() => parseClips({ 'a.wav': content }, context)).toThrow(TaskError);
  expect(() => parseClips({ 'a.wav': content }, context)).toThrow(message);
});
