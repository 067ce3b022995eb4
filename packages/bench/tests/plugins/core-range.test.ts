import { describe, expect, it } from 'vitest';
import { breakingPart, fitsRange } from '../../src/plugins/core-range.js';

describe('fitsRange', () => {
  it.each([
    ['0.1.0', '0.1.0'],
    ['0.1.3', '^0.1.0'],
    ['0.1.0', '^0.1.2'],
    ['1.4.0', '^1.9.0'],
    ['1.4.0', '1'],
    ['1.4.0', '1.x'],
    ['1.4.0', '~1.2'],
    ['2.0.0', '^1.0.0 || ^2.0.0'],
    ['2.5.0', '>=1.0.0'],
    ['2.5.0', '>=1.0.0 <3'],
    ['1.5.0', '1.0.0 - 2.0.0'],
    ['0.3.0', '0.x'],
    ['1.0.0', '*'],
    ['1.0.0', 'latest'],
    ['1.0.0', ''],
    ['1.0.0', 'workspace:^2.0.0'],
    ['1.0.0', 'file:../core'],
  ])('%s is in %s', (version, range) => {
    expect(fitsRange(version, range)).toBe(true);
  });

  it.each([
    ['0.1.0', '^0.2.0'],
    ['0.1.0', '^1.0.0'],
    ['1.0.0', '0.1.0'],
    ['2.0.0', '^1.0.0'],
    ['2.0.0', '1.x'],
    ['3.0.0', '^1.0.0 || ^2.0.0'],
    ['1.0.0', '>=2.0.0'],
    ['3.0.0', '>=1.0.0 <3'],
    ['3.1.0', '1.0.0 - 2.0.0'],
    ['1.0.0', '0.x'],
  ])('%s is not in %s', (version, range) => {
    expect(fitsRange(version, range)).toBe(false);
  });
});

it('knows what breaks', () => {
  expect(['1.4.2', '^0.3.1', '0.1', 'v2'].map(breakingPart)).toEqual(['1', '0.3', '0.1', '2']);
});
