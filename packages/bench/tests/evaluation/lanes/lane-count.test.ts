import { describe, expect, it } from 'vitest';
import { laneCount } from '../../../src/evaluation/lanes/lane-count.js';
import type { LaneRequest } from '../../../src/evaluation/lanes/trainer.js';

const mebibyte = 2 ** 20;
const setup = {} as LaneRequest['setup'];
const much = 1e6 * mebibyte;

function efforts(count: number, { bytes = 100 * mebibyte, operations = 1e12 } = {}) {
  return Array.from({ length: count }, () => ({ bytes, operations }));
}

describe('laneCount', () => {
  it('is one a core, and one a training at most', () => {
    expect(laneCount({ setup, efforts: efforts(8) }, 4, much)).toBe(4);
    expect(laneCount({ setup, efforts: efforts(3) }, 4, much)).toBe(3);
    expect(laneCount({ setup, efforts: efforts(8), threads: 2 }, 4, much)).toBe(2);
    expect(laneCount({ setup, efforts: [] }, 4, much)).toBe(1);
  });

  it('is what is asked for, cores or not', () => {
    expect(laneCount({ setup, efforts: efforts(8), lanes: 6, threads: 2 }, 4, much)).toBe(6);
    expect(laneCount({ setup, efforts: efforts(8, { operations: 1 }), lanes: 2 }, 4, much)).toBe(2);
  });

  it('is one where the work is not worth a start', () => {
    expect(laneCount({ setup, efforts: efforts(8, { operations: 1e8 }) }, 4, much)).toBe(1);
  });

  it('takes half of the free memory at most, for the largest training', () => {
    const mixed = [...efforts(7), ...efforts(1, { bytes: 436 * mebibyte })];
    expect(laneCount({ setup, efforts: mixed }, 8, 2000 * mebibyte)).toBe(2);
    expect(laneCount({ setup, efforts: mixed, lanes: 8 }, 8, 3000 * mebibyte)).toBe(3);
    expect(laneCount({ setup, efforts: mixed }, 8, 10 * mebibyte)).toBe(1);
  });
});
