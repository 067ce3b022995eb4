import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventMetric, SceneMetric } from '../../src/metric.js';
import { metricByName, metricNames } from '../../src/registry.js';
import { selectClips } from '../../src/scene-scores.js';
import { eventScores, type FileAnswer, weightedEventMetric } from '../../src/kinds/event.js';
import { affordableSamples, indicesOf } from '../../src/intervals/weighted-metric.js';
import { midranks } from '../../src/midranks.js';
import { weightedSceneMetric } from '../../src/kinds/scene.js';

const metrics = metricNames().map((name) => metricByName(name));
const sceneMetrics = metrics.filter((metric): metric is SceneMetric => metric.kind === 'scene');
const eventMetrics = metrics.filter((metric): metric is EventMetric => metric.kind === 'event');
const labels = ['a', 'b', 'c'];

/** Few different scores, so that ties are common. */
const clip = fc.record({
  predictions: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 3, maxLength: 3 }),
  targets: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 3, maxLength: 3 }),
  weight: fc.integer({ min: 0, max: 3 }),
});
const clips = fc.array(clip, { minLength: 1, maxLength: 20 }).filter((all) => all.some(({ weight }) => weight > 0));

function scoresOf(all: readonly { predictions: number[]; targets: number[] }[]) {
  return {
    predictions: Float32Array.from(all.flatMap(({ predictions }) => predictions)),
    targets: Uint8Array.from(all.flatMap(({ targets }) => targets)),
    labels,
  };
}

describe('weighted scene metrics', () => {
  it.each(sceneMetrics)('$name of weighted clips is that of each clip as often', (metric) => {
    const cinc2020Weights = {
      diagnoses: [['a'], ['b'], ['c']],
      weights: [
        [1, 0.5, 0.2],
        [0.5, 1, 0.3],
        [0.1, 0.3, 1],
      ],
    };
    const settings = { positiveLabel: 'b', normalLabel: 'a', cinc2020Weights };
    const type = fc.constantFrom('multiclass' as const, 'multilabel' as const);
    fc.assert(
      fc.property(clips, type, fc.boolean(), (all, predictionType, areProbabilities) => {
        // Calibration is of probabilities alone, also those of clips that do not count.
        fc.pre(areProbabilities || !['brier', 'ece'].includes(metric.name));
        const own = scoresOf(all);
        const predictions = areProbabilities ? own.predictions.map((value) => value / 5) : own.predictions;
        const scores = { ...own, predictions, predictionType, settings };
        const weights = Uint16Array.from(all, ({ weight }) => weight);
        const expected = metric.compute(selectClips(scores, indicesOf(weights)));
        const weighted = weightedSceneMetric(metric, scores).score(weights);
        if (expected === null) expect(weighted).toBeNull();
        else expect(weighted).toBeCloseTo(expected, 12);
      }),
    );
  });

  it.each(sceneMetrics)('$name is undefined where a prediction is not finite', (metric) => {
    const scores = {
      predictions: Float32Array.of(NaN, 0, 0, 1, 0, 0),
      targets: Uint8Array.of(1, 0, 0, 0, 1, 1),
      labels,
    };
    expect(weightedSceneMetric(metric, scores).score(Uint16Array.of(1, 1))).toBeNull();
  });

  it.each(sceneMetrics.filter(({ ranking }) => ranking !== undefined))(
    '$name sees no difference between scores and their ranks',
    (metric) => {
      fc.assert(
        fc.property(clips, (all) => {
          const scores = scoresOf(all);
          const ranked = { ...scores, predictions: midranks(scores.predictions, labels.length) };
          expect(metric.compute(ranked)).toBe(metric.compute(scores));
        }),
      );
    },
  );

  it('ranks share their mean where scores are equal', () => {
    expect([...midranks(Float32Array.of(0.5, 0.1, 0.5, 0.9), 1)]).toEqual([2.5, 1, 2.5, 4]);
    expect([...midranks(Float32Array.of(3, 0, 1, 0, 2, 0), 2)]).toEqual([3, 2, 1, 2, 2, 2]);
  });

  it('knows a metric that it has never heard of by computing it anew', () => {
    const compute: SceneMetric['compute'] = ({ targets }) => targets.reduce((sum, target) => sum + target, 0);
    const unknown: SceneMetric = {
      name: 'unheard_of',
      summary: '',
      maximize: true,
      range: [0, Infinity],
      kind: 'scene',
      compute,
    };
    const scores = scoresOf([
      { predictions: [0, 0, 0], targets: [1, 1, 0] },
      { predictions: [0, 0, 0], targets: [1, 0, 0] },
    ]);
    expect(weightedSceneMetric(unknown, scores).score(Uint16Array.of(2, 1))).toBe(5);
  });
});

const event = fc
  .record({
    label: fc.constantFrom(...labels),
    start: fc.integer({ min: 0, max: 2000 }),
    length: fc.integer({ min: 0, max: 900 }),
  })
  .map(({ label, start, length }) => ({ label, start, end: start + length }));
const events = fc.array(event, { maxLength: 5 });
const file = fc.record({ reference: events, estimated: events, weight: fc.integer({ min: 0, max: 3 }) });

describe('weighted event metrics', () => {
  it.each(eventMetrics)('$name of weighted files is that of each file as often', (metric) => {
    fc.assert(
      fc.property(fc.array(file, { minLength: 1, maxLength: 6 }), (all) => {
        const weights = Uint16Array.from(all, ({ weight }) => weight);
        const answers: FileAnswer[] = all;
        const expected = metric.compute(eventScores(answers, labels, indicesOf(weights))) ?? 0;
        expect(weightedEventMetric(metric, answers, labels).score(weights)).toBeCloseTo(expected, 12);
      }),
    );
  });
});

describe('resamples', () => {
  it('are fewer the more they cost, and never too few', () => {
    const costing = (cost: number) => ({ count: 1, cost, score: () => 1 });
    expect(affordableSamples([costing(100)], 1000, 100)).toBe(1000);
    expect(affordableSamples([costing(4e6)], 1000, 100)).toBe(500);
    expect(affordableSamples([costing(2e6), costing(2e6)], 1000, 100)).toBe(500);
    expect(affordableSamples([costing(1e12)], 1000, 100)).toBe(100);
  });
});
