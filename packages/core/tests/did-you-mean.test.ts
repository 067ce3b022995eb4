import fc from 'fast-check';
import { expect, it } from 'vitest';
import { didYouMean } from '../src/index.js';

const known = ['efficientat', 'hear', 'hubert-ecg', 'patchmix'];

it.each([
  ['eficientat', 'efficientat'],
  ['EfficientAT', 'efficientat'],
  ['hubert_ecg', 'hubert-ecg'],
  ['hera', undefined],
  ['her', 'hear'],
  ['patch', 'patchmix'],
  ['wav2vec2', undefined],
  ['', undefined],
])("for '%s' says %s", (name, expected) => {
  expect(didYouMean(name, known)).toBe(expected === undefined ? '' : `did you mean '${expected}'? `);
});

it('says nothing where nothing is known', () => {
  expect(didYouMean('x', [])).toBe('');
});

it('finds a known name again after one wrong letter', () => {
  fc.assert(
    fc.property(fc.constantFrom(...known), fc.nat(), (name, at) => {
      const index = at % name.length;
      const mistyped = `${name.slice(0, index)}#${name.slice(index + 1)}`;
      expect(didYouMean(mistyped, known)).toBe(`did you mean '${name}'? `);
    }),
  );
});
