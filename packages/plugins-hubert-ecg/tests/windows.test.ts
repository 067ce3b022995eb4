import { describe, expect, it } from 'vitest';
import { sceneStarts, timestampStarts } from '../src/windows.js';

describe('sceneStarts', () => {
  it.each([
    [2500, [0]],
    [5000, [0, 2500]],
    [5001, [0, 2500]],
    // Less than half a window is left out; more gets a window that ends with the record.
    [6249, [0, 2500]],
    [6250, [0, 2500, 3750]],
    [7499, [0, 2500, 4999]],
  ])('%i samples', (samples, starts) => {
    expect(sceneStarts(samples, 2500)).toEqual(starts);
  });
});

describe('timestampStarts', () => {
  it.each([
    [2500, 500, [0]],
    [2999, 500, [0]],
    [3500, 500, [0, 500, 1000]],
    [2600, 50 / 3, [0, 17, 33, 50, 67, 83, 100]],
  ])('%i samples every %d', (samples, hop, starts) => {
    expect(timestampStarts(samples, 2500, hop)).toEqual(starts);
  });
});
