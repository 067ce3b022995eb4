import { OptionError } from '@hearken/core';
import { expect, it } from 'vitest';
import { checkPrecision } from '../../src/node.js';

it('is fp32 unless told otherwise', () => {
  expect(checkPrecision(undefined)).toBe('fp32');
  expect(checkPrecision('fp32')).toBe('fp32');
  expect(checkPrecision('int8')).toBe('int8');
});

it.each(['int4', 'INT8', 8, null, ['int8']])('refuses %j and names what there is', (value) => {
  expect(() => checkPrecision(value)).toThrow(OptionError);
  expect(() => checkPrecision(value)).toThrow(/choose fp32 or int8/);
});
