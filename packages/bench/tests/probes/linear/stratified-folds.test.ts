import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '@hearken/metrics';
import { orderByFold, stratifiedFolds } from '../../../src/probes/linear/stratified-folds.js';

const oneLabelRows = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 60 });

function oneHot(labels: readonly number[]): Uint8Array {
  return Uint8Array.from(labels.flatMap((label) => [0, 1, 2, 3].map((column) => Number(column === label))));
}

function own(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, row) => row);
}

describe('stratified folds', () => {
  it('have sizes, and counts of each label, that differ by one at most', () => {
    fc.assert(
      fc.property(oneLabelRows, fc.nat(), (labels, seed) => {
        const { folds, count } = stratifiedFolds(oneHot(labels), 4, own(labels.length), 5, new Random(seed));
        expect(count).toBe(Math.min(5, labels.length));
        for (const wanted of [undefined, 0, 1, 2, 3]) {
          const sizes = new Array<number>(count).fill(0);
          labels.forEach((label, row) => (sizes[folds[row]] += Number(wanted === undefined || label === wanted)));
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('keep the rows of a clip together', () => {
    const clips = Uint32Array.from({ length: 40 }, (_, row) => Math.floor(row / 4));
    const targets = Uint8Array.from({ length: 80 }, (_, index) => Number(index % 7 === 0));
    const { folds } = stratifiedFolds(targets, 2, clips, 5, new Random(0));
    clips.forEach((clip, row) => expect(folds[row]).toBe(folds[clip * 4]));
    expect(new Set(folds).size).toBe(5);
  });

  it('spread a rare label of rows that have others, too', () => {
    // Every row has label 0, five have label 1.
    const targets = Uint8Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? 1 : Number(index < 10)));
    const { folds } = stratifiedFolds(targets, 2, own(30), 5, new Random(3));
    expect([...folds.subarray(0, 5)].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('follow from the seed', () => {
    const folds = (seed: number) =>
      [...stratifiedFolds(oneHot(new Array<number>(30).fill(1)), 4, own(30), 5, new Random(seed)).folds].join('');
    expect(folds(1)).toBe(folds(1));
    expect(folds(1)).not.toBe(folds(2));
  });

  it('can be laid out one after the other', () => {
    const { order, ranges } = orderByFold(Uint8Array.of(1, 0, 1, 2, 0), 3);
    expect([...order]).toEqual([2, 0, 3, 4, 1]);
    expect(ranges).toEqual([
      [0, 2],
      [2, 4],
      [4, 5],
    ]);
  });
});
