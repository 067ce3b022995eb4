import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metricByName, type SceneMetric } from '@hearken/metrics';
import { confusionMatrix, reliability } from '../src/statistics/answers.js';
import { criticalDifference, nemenyiQuantile, undividedGroups } from '../src/statistics/critical-difference.js';
import { paretoFront } from '../src/statistics/pareto.js';
import { averageRanks, meanReciprocalRanks, ranks } from '../src/statistics/ranks.js';

const ece = metricByName('ece') as SceneMetric;

describe('ranks', () => {
  it('share the mean where scores are equal, and turn where less is better', () => {
    expect(ranks([0.9, 0.5, 0.9, 0.1], true)).toEqual([1.5, 3, 1.5, 4]);
    expect(ranks([0.9, 0.5, 0.9, 0.1], false)).toEqual([3.5, 2, 3.5, 1]);
  });

  it('sum to the same for any scores', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 20 }), (scores) => {
        const sum = ranks(scores, true).reduce((total, rank) => total + rank, 0);
        expect(sum).toBeCloseTo((scores.length * (scores.length + 1)) / 2, 9);
      }),
    );
  });

  it('are averaged over tasks', () => {
    const tasks = [
      { scores: [3, 2, 1], maximize: true },
      { scores: [3, 2, 1], maximize: false },
    ];
    expect(averageRanks(tasks)).toEqual([2, 2, 2]);
    expect(meanReciprocalRanks(tasks)).toEqual([2 / 3, 1 / 2, 2 / 3]);
  });
});

describe('the Nemenyi test', () => {
  // J. Demsar (2006), table 5(a), alpha 0.05; it has 3.102 for nine and ten models from 2 on.
  it.each([
    [2, 1.96],
    [3, 2.343],
    [4, 2.569],
    [5, 2.728],
    [6, 2.85],
    [7, 2.949],
    [8, 3.031],
    [9, 3.102],
    [10, 3.164],
  ])('has the published quantile of %d models', (models, quantile) => {
    expect(Math.abs(nemenyiQuantile(models) - quantile)).toBeLessThan(0.0011);
  });

  it('has the critical difference of the example of Demsar, section 3.2.2', () => {
    expect(criticalDifference(4, 14)).toBeCloseTo(1.25, 2);
  });

  it('joins what it cannot tell apart, the largest groups only', () => {
    expect(undividedGroups([1, 1.5, 2.4, 4], 1)).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(undividedGroups([1, 3, 5], 1)).toEqual([]);
  });
});

describe('the Pareto front', () => {
  it('is what nothing beats', () => {
    const points = [
      { cost: 1, score: 0.5 },
      { cost: 2, score: 0.4 },
      { cost: 2, score: 0.7 },
      { cost: 5, score: 0.7 },
      { cost: 9, score: 0.9 },
    ];
    expect(paretoFront(points)).toEqual([points[0], points[2], points[4]]);
    expect(paretoFront(points, false)).toEqual([points[0], points[1]]);
  });

  it('beats every point that is not on it', () => {
    const point = fc.record({ cost: fc.integer({ min: 1, max: 9 }), score: fc.integer({ min: 0, max: 9 }) });
    fc.assert(
      fc.property(fc.array(point), (points) => {
        const front = paretoFront(points);
        for (const one of points) {
          expect(front.some(({ cost, score }) => cost <= one.cost && score >= one.score)).toBe(true);
        }
      }),
    );
  });
});

describe('answers', () => {
  const scores = {
    labels: ['a', 'b'],
    predictions: Float32Array.from([0.9, 0.1, 0.4, 0.6, 0.7, 0.3]),
    targets: Uint8Array.from([1, 0, 1, 0, 0, 1]),
    predictionType: 'multiclass' as const,
  };

  it('are counted by what was right', () => {
    expect([...confusionMatrix(scores)!]).toEqual([1, 1, 1, 0]);
    expect(confusionMatrix({ ...scores, predictionType: 'multilabel' })).toBeUndefined();
  });

  it('are binned as the calibration error bins them', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    const clip = fc.record({ p: probability, right: fc.boolean() });
    fc.assert(
      fc.property(fc.array(clip, { minLength: 1, maxLength: 40 }), (clips) => {
        const made = {
          labels: ['a', 'b'],
          predictions: Float64Array.from(clips.flatMap(({ p }) => [p, 1 - p])),
          targets: Uint8Array.from(clips.flatMap(({ right }) => [Number(right), Number(!right)])),
          predictionType: 'multiclass' as const,
        };
        const bins = reliability(made)!;
        const count = bins.reduce((sum, bin) => sum + bin.count, 0);
        const error = bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.confidence - bin.hits), 0) / count;
        expect(count).toBe(clips.length);
        expect(error).toBeCloseTo(ece.compute(made)!, 9);
      }),
    );
  });

  it('have no reliability where they are no probabilities', () => {
    expect(reliability({ ...scores, predictions: Float32Array.from([3, 0, 0, 1, 1, 0]) })).toBeUndefined();
  });
});
