import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaIntervals } from '../../src/intervals/area-intervals.js';
import { delongInterval, delongTest, meanDelongInterval } from '../../src/statistics/delong.js';
import { twoSidedTail } from '../../src/statistics/normal-tail.js';

const positive = [0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1];
const first = [0.3, 0.6, 0.68, 0.4, 0.41, 0.87, 0.48, 0.32, 0.4, 0.61, 0.82, 0.72];
const second = [0.32, 0.44, 0.42, 0.38, 0.29, 0.61, 0.44, 0.33, 0.23, 0.37, 0.62, 0.42];

describe('delongInterval', () => {
  it('agrees with the structural components pair by pair, in NumPy', () => {
    const found = delongInterval(first, positive)!;
    expect(found.area).toBeCloseTo(0.7714285714285715, 12);
    expect(found.standardError).toBeCloseTo(0.14615246907831245, 12);
    // 8.26 answers, 6.3 of them worth with Student's t of 10 degrees of freedom: SciPy's beta quantiles of those.
    expect(found.size).toBeCloseTo(8.254777070063692, 9);
    expect(found.low).toBeCloseTo(0.318607784232, 9);
    expect(found.high).toBeCloseTo(0.9839980784565742, 9);
  });

  it('has the variance of groups where clips are of groups', () => {
    const alone = delongInterval(first, positive, 0.95, [...first.keys()])!;
    const free = delongInterval(first, positive)!;
    // Each clip a group: nearly the variance of independent clips.
    expect(alone.standardError / free.standardError).toBeCloseTo(1, 1);
    // Every clip twice, of the same person, tells no more than once.
    const twice = [...first, ...first];
    const people = [...first.keys(), ...first.keys()];
    const pairs = delongInterval(twice, [...positive, ...positive], 0.95, people)!;
    expect(pairs.standardError).toBeCloseTo(alone.standardError, 9);
    expect(delongInterval(twice, [...positive, ...positive])!.standardError).toBeLessThan(0.8 * pairs.standardError);
    expect(delongInterval(first, positive, 0.95, new Array<number>(12).fill(1))).toBeNull();
  });

  it('is null with fewer than two clips on one side, and has a length for a perfect ranking', () => {
    expect(delongInterval([1, 2, 3], [0, 0, 1])).toBeNull();
    expect(delongInterval([1, Number.NaN, 3, 4], [0, 0, 1, 1])).toBeNull();
    expect(delongInterval([1, 2, 3, 4], [0, 0, 1, 1])).toMatchObject({ area: 1, standardError: 0, high: 1 });
    const perfect = delongInterval(
      Array.from({ length: 40 }, (_, clip) => clip),
      Array.from({ length: 40 }, (_, clip) => Number(clip >= 20)),
    )!;
    expect(perfect.low).toBeGreaterThan(0.88);
    expect(perfect.low).toBeLessThan(0.93);
  });

  it('does not change when scores are stretched in order, and turns round with the labels', () => {
    const clips = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 1 })), {
      minLength: 6,
      maxLength: 30,
    });
    fc.assert(
      fc.property(clips, (rows) => {
        const scores = rows.map(([score]) => score);
        const labels = rows.map(([, label]) => label);
        const found = delongInterval(scores, labels);
        fc.pre(found !== null);
        expect(
          delongInterval(
            scores.map((score) => Math.exp(score)),
            labels,
          ),
        ).toEqual(found);
        const turned = delongInterval(
          scores,
          labels.map((label) => 1 - label),
        )!;
        expect(turned.area).toBeCloseTo(1 - found.area, 12);
        expect(turned.standardError).toBeCloseTo(found.standardError, 12);
      }),
    );
  });

  it('gets a shorter interval of the mean of independent folds', () => {
    const fold = delongInterval(first, positive)!;
    const mean = meanDelongInterval([fold, fold, fold, fold])!;
    expect(mean.area).toBeCloseTo(fold.area, 12);
    expect(mean.standardError).toBeCloseTo(fold.standardError / 2, 12);
    expect(meanDelongInterval([fold, null])).toBeNull();
  });
});

describe('delongTest', () => {
  it('agrees with NumPy and SciPy', () => {
    const found = delongTest(first, second, positive)!;
    expect(found.difference).toBeCloseTo(0.20000000000000007, 12);
    expect(found.standardError).toBeCloseTo(0.11413680775435127, 12);
    expect(found.z).toBeCloseTo(1.7522831059936965, 10);
    expect(found.pValue).toBeCloseTo(0.07972513951621951, 12);
  });

  it('finds no difference between a model and itself', () => {
    expect(delongTest(first, first, positive)).toMatchObject({ difference: 0, z: 0, pValue: 1 });
  });
});

it.each([
  [0, 1.0],
  [0.1, 0.920344325445942],
  [1, 0.31731050786291415],
  [1.96, 0.04999579029644087],
  [3, 0.0026997960632601866],
  [4.2, 2.669149803181262e-5],
  [4.3, 1.707981094198359e-5],
  [6, 1.973175290075389e-9],
  [10, 1.523970604832094e-23],
  [30, 9.813427854295816e-198],
])("has SciPy's two-sided tail of %d", (z, expected) => {
  expect(Math.abs(twoSidedTail(z) / expected - 1)).toBeLessThan(1e-7);
});

it('reports the area of the positive class of two, or of every label', () => {
  const answers = (width: number) => ({
    kind: 'scene' as const,
    test: 'test',
    clips: first.map(String),
    targets: Uint8Array.from(positive.flatMap((own) => [1 - own, own, own].slice(0, width))),
    predictions: Float32Array.from(first.flatMap((score) => [1 - score, score, score].slice(0, width))),
    scoring: { predictionType: width === 2 ? ('multiclass' as const) : ('multilabel' as const), settings: {} },
  });
  expect(Object.keys(areaIntervals([answers(2)], ['no', 'yes'])!)).toEqual(['yes']);
  const all = areaIntervals([answers(3)], ['a', 'b', 'c'])!;
  expect(all.b?.area).toBeCloseTo(0.7714285714285715, 6);
  expect(all.c).toEqual(all.b);
});
