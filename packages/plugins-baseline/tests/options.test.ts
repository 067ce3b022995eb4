import { OptionError } from '@hearken/core';
import { expect, it } from 'vitest';
import { checkOptions } from '../src/options.js';

it('fills in the defaults', () => {
  expect(checkOptions('mel', {})).toEqual({ melBands: 64 });
  expect(checkOptions('mel', { melBands: 40 })).toEqual({ melBands: 40 });
  expect(checkOptions('ecg', {})).toEqual({});
});

it.each([0, 97, 1.5, NaN, '64', null, [64]])('refuses melBands %j', (melBands) => {
  expect(() => checkOptions('mel', { melBands })).toThrow(OptionError);
});

it('refuses mel bands of an ECG', () => {
  expect(() => checkOptions('ecg', { melBands: 64 })).toThrow(/without mel bands/);
});
