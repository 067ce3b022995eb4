import { TaskError } from '@hearken/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import metric from '../../src/regression/r2.js';
import { column, numbers } from '../small-numbers.js';

it('agrees with NumPy and SciPy', () => {
  expect(metric.compute(numbers)).toBeCloseTo(0.35917387283879787, 10);
  expect(metric.compute(column([2, 2, 2], [1, 2, 3]))).toBe(0);
  expect(metric.compute(column([0.1, 0.2, 0.1], [0.1, 0.1, 0.1]))).toBeNull();
});

const clips = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
  minLength: 2,
  maxLength: 9,
});

it('is best for perfect answers, never better than that, and the same in any order', () => {
  fc.assert(
    fc.property(clips, (rows) => {
      fc.pre(new Set(rows.map(([, value]) => value)).size > 1);
      const measured = rows.map(([, value]) => value);
      const predicted = rows.map(([prediction]) => prediction);
      expect(metric.compute(column(measured, measured))).toBeCloseTo(1, 12);
      const found = metric.compute(column(predicted, measured));
      const reversed = metric.compute(column(predicted.toReversed(), measured.toReversed()));
      if (found === null) expect(reversed).toBeNull();
      else {
        expect(reversed).toBeCloseTo(found, 10);
        expect(found).toBeLessThanOrEqual(1);
      }
    }),
  );
});

it('is undefined without clips and for answers that are not finite, and refuses sizes that disagree', () => {
  expect(metric.compute(column([], []))).toBeNull();
  expect(metric.compute(column([Number.NaN, 1], [1, 2]))).toBeNull();
  expect(() => metric.compute(column([1], [1, 2]))).toThrow(TaskError);
});
