import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseResult } from '../../src/format/read-result.js';
import type { Result } from '../../src/format/result.js';
import { areEqual, compareScores } from '../../src/reproduce/compare-scores.js';
import { environmentRows } from '../../src/reproduce/environment.js';
import { type MadeResult, resultDocument } from '../../../../tests/support/made-results.js';

function made(parts: MadeResult = {}): Result {
  const read = parseResult(JSON.stringify(resultDocument(parts)));
  if ('problems' in read) throw new Error(read.problems[0].message);
  return read.result;
}

describe('areEqual', () => {
  it.each([
    [0.5, 0.5, 0, true],
    [0.5, 0.5 + 2 ** -53, 0, false],
    [0.5, 0.50004, 0.00005, true],
    [0.5, 0.50006, 0.00005, false],
    [70, 70.003, 0.00005, true],
    [-70, -70.004, 0.00005, false],
    [null, null, 0, true],
    [null, 0, 1, false],
    [0, null, 1, false],
  ])('of %d and %d within %d: %s', (one, other, tolerance, expected) => {
    expect(areEqual(one, other, tolerance)).toBe(expected);
  });

  it('holds for any number and itself, and for no number that is further away', () => {
    const number = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(number, fc.double({ min: 1e-9, max: 1, noNaN: true }), (value, tolerance) => {
        expect(areEqual(value, value, 0)).toBe(true);
        expect(areEqual(value, value + 2 * tolerance, tolerance)).toBe(false);
      }),
    );
  });
});

describe('compareScores', () => {
  it('compares the mean, the deviation and each fold', () => {
    expect(compareScores(made({ score: 0.75 }), made({ score: 0.5 }), 0.1)).toEqual([
      { metric: 'top1_acc', of: 'mean', recorded: 0.75, here: 0.5, isEqual: false },
      { metric: 'top1_acc', of: 'deviation', recorded: null, here: null, isEqual: true },
      { metric: 'top1_acc', of: 'on test', recorded: 0.75, here: 0.5, isEqual: false },
    ]);
  });

  it('compares every seed and its folds', () => {
    const one = made();
    const ofSeed = (seed: number, score: number) => {
      const folds = one.folds.map((fold) => ({ ...fold, scores: { top1_acc: score } }));
      return { seed, scores: { top1_acc: score }, folds };
    };
    const several = { ...one, seeds: [ofSeed(3, 0.75), ofSeed(4, 0.7)] };
    const other = { ...one, seeds: [ofSeed(3, 0.75), ofSeed(4, 0.6)] };
    const compared = compareScores(several, other, 0);
    expect(compared.map(({ of, isEqual }) => [of, isEqual])).toEqual([
      ['mean', true],
      ['deviation', true],
      ['seed 3', true],
      ['seed 3 on test', true],
      ['seed 4', false],
      ['seed 4 on test', false],
    ]);
  });

  it('takes a score that is not there any more as different, and leaves out new ones', () => {
    const one = made({ metric: 'top1_acc' });
    const two = { ...one, scores: { ...one.scores, mAP: { ...one.scores.top1_acc, mean: 0.1 } } };
    expect(compareScores(one, two, 0).every(({ isEqual }) => isEqual)).toBe(true);
    expect(compareScores(two, one, 1).filter(({ isEqual }) => !isEqual)).toEqual([
      { metric: 'mAP', of: 'mean', recorded: 0.1, isEqual: false },
      { metric: 'mAP', of: 'deviation', recorded: null, isEqual: false },
    ]);
  });

  it('does not mistake metrics and folds with strange names for each other', () => {
    const one = made();
    const names = ['a', 'a mean', '__proto__', 'toString'];
    const scores = Object.fromEntries(names.map((name, index) => [name, { ...one.scores.top1_acc, mean: index }]));
    const strange = { ...one, scores, folds: [{ ...one.folds[0], test: 'mean', scores: { a: 5, toString: 6 } }] };
    const compared = compareScores(strange, strange, 0);
    expect(compared).toHaveLength(2 * names.length + 2);
    expect(compared.filter(({ metric, of }) => metric === 'a' && of.endsWith('mean'))).toMatchObject([
      { of: 'mean', recorded: 0, here: 0 },
      { of: 'on mean', recorded: 5, here: 5 },
    ]);
  });
});

describe('environmentRows', () => {
  it('says what is unknown of results of version 1', () => {
    const rows = environmentRows(made(), made({ version: '0.2.0' }));
    expect(rows).toContainEqual({ what: 'hearken', recorded: '0.1.0', here: '0.2.0' });
    expect(rows).toContainEqual({ what: 'Node.js', recorded: 'unknown', here: 'unknown' });
    expect(rows).toContainEqual({ what: 'processor', recorded: 'made up', here: 'made up' });
  });
});
