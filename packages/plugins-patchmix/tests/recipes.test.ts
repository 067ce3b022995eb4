import { Random } from '@hearken/metrics';
import { describe, expect, it } from 'vitest';
import { augment, mixPatches, rarity, recipes } from '../src/recipes.js';

const [bands, frames] = [128, 798];
const settings = recipes['patchmix-cl'].settings!;

const clip = Float32Array.from({ length: bands * frames }, (_, index) => Math.sin(index));

describe('SpecAugment', () => {
  it('fills two bands with the mean, and two stretches with the mean taken anew', () => {
    const random = new Random(4);
    const widths: number[][] = [[], []];
    for (let round = 0; round < 20; round += 1) {
      const [data, former] = [clip.slice(), clip];
      augment({ data, count: 1, shape: [bands, frames] }, random, { ...settings, augmented: 1 });
      const changed = (index: number) => data[index] !== former[index];
      const rows = Array.from({ length: bands }, (_, band) => band);
      const columns = Array.from({ length: frames }, (_, frame) => frame);
      const filled = rows.filter((band) => columns.every((frame) => changed(band * frames + frame)));
      const stretch = columns.filter((frame) => rows.every((band) => changed(band * frames + frame)));
      widths[0].push(filled.length);
      widths[1].push(stretch.length);
      // Two values at most: one in the bands, one in the stretches.
      const values = new Set([...data].filter((_, index) => changed(index)));
      expect(values.size).toBeLessThanOrEqual(2);
      for (const value of values) expect(Math.abs(value)).toBeLessThan(0.01);
    }
    expect(Math.max(...widths[0])).toBeLessThan(96);
    expect(Math.max(...widths[0])).toBeGreaterThan(40);
    expect(Math.max(...widths[1])).toBeLessThan(320);
    expect(Math.max(...widths[1])).toBeGreaterThan(130);
  });

  it('leaves a sixth of the clips as they are', () => {
    const [count, size] = [60, 16 * 20];
    const former = Float32Array.from({ length: count * size }, (_, index) => Math.sin(index));
    const data = former.slice();
    augment({ data, count, shape: [16, 20] }, new Random(1), settings);
    const same = Array.from({ length: count }, (_, one) => one).filter((one) =>
      data.subarray(one * size, (one + 1) * size).every((value, index) => value === former[one * size + index]),
    );
    expect(same.length).toBeGreaterThan(4);
    expect(same.length).toBeLessThan(18);
  });
});

describe('mixing of patches', () => {
  it('takes the share that is left, and as many patches as it says', () => {
    const random = new Random(2);
    const shares = Array.from({ length: 200 }, () => {
      const batch = { data: new Float32Array(8 * 4 * 4), count: 8, shape: [4, 4] };
      const { inputs, mix } = mixPatches(batch, random, settings, { patches: 948 });
      const mask = inputs!.mixedPatches.data as Float32Array;
      expect(mask).toHaveLength(948);
      const mixed = mask.reduce((sum, value) => sum + value, 0);
      expect(new Set(mix!.shares)).toEqual(new Set([1 - mixed / 948]));
      expect([...mix!.partners].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect([...(inputs!.partners.data as BigInt64Array)].map(Number)).toEqual(mix!.partners);
      return mix!.shares[0];
    });
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(mean).toBeGreaterThan(0.4);
    expect(mean).toBeLessThan(0.6);
    expect(Math.min(...shares)).toBeLessThan(0.1);
    expect(Math.max(...shares)).toBeGreaterThan(0.9);
  });
});

it('weighs classes by how rare they are', () => {
  expect(rarity([7, 4, 7, 6]).map((weight) => Number(weight.toFixed(6)))).toEqual([
    0.20339, 0.355932, 0.20339, 0.237288,
  ]);
  expect(rarity([3, 0, 1])).toEqual([0.25, 0, 0.75]);
});
