import { expect, it } from 'vitest';
import { bandBank } from '../src/band-bank.js';

it('puts every bin into the band that holds its frequency, the lower edge included', () => {
  // Bins at 0, 1, 2, 3 and 4 Hz.
  const { weights, bands, bins } = bandBank([1, 3, 4], { fftSize: 8, sampleRate: 8 });
  expect({ bands, bins }).toEqual({ bands: 2, bins: 5 });
  expect(Array.from(weights)).toEqual([0, 1, 1, 0, 0, 0, 0, 0, 1, 0]);
});
