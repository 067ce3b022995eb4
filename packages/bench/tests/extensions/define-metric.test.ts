import { PluginError, TaskError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineMetric, type SceneMetricDefinition } from '../../src/extensions/define-metric.js';
import { metricByName, selectClips } from '@hearken/metrics';
import { weightedMetric } from '@hearken/metrics/internal';

const described = { name: 'own', version: '1.2.0', summary: 'made up', maximize: true, range: [-1, 1] } as const;
const labels = ['a', 'b'];

function scene(compute: SceneMetricDefinition['compute']) {
  return defineMetric({ ...described, kind: 'scene', compute });
}

/** Two clips, both right. */
const scores = { predictions: Float32Array.of(0.9, 0.1, 0.2, 0.8), targets: Uint8Array.of(1, 0, 0, 1), labels };

describe('defineMetric', () => {
  it('keeps what the definition says', () => {
    expect(scene(() => 0.5)).toMatchObject({ ...described, kind: 'scene' });
    expect(scene(() => 0.5).compute(scores)).toBe(0.5);
    expect(scene(() => null).compute(scores)).toBeNull();
  });

  it.each([
    [{ name: 'no spaces please' }, /a name that is not/],
    [{ name: 'constructor' }, /a name that is not/],
    [{ name: '__proto__' }, /a name that is not/],
    [{ version: '' }, /no version/],
    [{ summary: 'two\nlines' }, /no summary of one line/],
    [{ range: [1, 0] }, /no range of two numbers/],
    [{ range: undefined }, /no range of two numbers/],
    [{ maximize: 'yes' }, /no maximize/],
    [{ kind: 'clip' }, /no kind/],
    [{ compute: undefined, version: 1 }, /no version.*no function compute/],
  ])('refuses a definition that is not complete: %o', (change, found) => {
    const definition = { ...described, kind: 'scene', compute: () => 1, ...change } as SceneMetricDefinition;
    expect(() => defineMetric(definition)).toThrow(PluginError);
    expect(() => defineMetric(definition)).toThrow(found);
  });

  it.each([
    [Number.NaN, /a score of NaN/],
    [Infinity, /a score of Infinity/],
    [1.5, /a score of 1.5, outside its range \[-1, 1\]/],
    [-1.1, /outside its range/],
    ['0.5', /the text '0.5' instead of a score/],
    [undefined, /undefined instead of a score/],
    [Promise.resolve(1), /a promise instead of a score/],
    [[1], /a list instead of a score/],
  ])('names the metric and the value of a score that is none: %o', (value, found) => {
    const metric = scene(() => value as number);
    expect(() => metric.compute(scores)).toThrow(PluginError);
    expect(() => metric.compute(scores)).toThrow(/a score of metric 'own' 1\.2\.0/);
    expect(() => metric.compute(scores)).toThrow(found);
  });

  it('passes on what a metric throws, and by which metric', () => {
    const metric = scene(() => {
      throw new TypeError('of nothing');
    });
    expect(() => metric.compute(scores)).toThrow(/metric 'own' 1\.2\.0: it threw TypeError: of nothing/);
  });

  it('takes a score that is off its bound by rounding alone', () => {
    expect(scene(() => 1 + 1e-12).compute(scores)).toBe(1 + 1e-12);
    expect(() => scene(() => 1 + 1e-6).compute(scores)).toThrow(PluginError);
    const open = defineMetric({ ...described, range: [0, Infinity], kind: 'scene', compute: () => 1e300 });
    expect(open.compute(scores)).toBe(1e300);
  });

  it('is asked for no clip and for no prediction that is not finite', () => {
    const metric = scene(() => {
      throw new Error('asked');
    });
    expect(metric.compute({ predictions: new Float32Array(), targets: new Uint8Array(), labels })).toBeNull();
    expect(metric.compute({ ...scores, predictions: Float32Array.of(1, 0, Number.NaN, 0) })).toBeNull();
    expect(() => metric.compute({ ...scores, targets: Uint8Array.of(1) })).toThrow(TaskError);
  });

  it('works on copies: an author may sort them', () => {
    const metric = scene(({ predictions, targets }) => {
      predictions.sort();
      targets.fill(0);
      return 0;
    });
    metric.compute(scores);
    expect([...scores.targets]).toEqual([1, 0, 0, 1]);
    expect(scores.predictions[0]).toBeCloseTo(0.9);
  });

  it('checks thresholds', () => {
    const choosing = (thresholds: number[] | undefined) =>
      defineMetric({ ...described, kind: 'scene', compute: () => 0, chooseThresholds: () => thresholds });
    expect(choosing([0.2, 0.3]).chooseThresholds?.(scores)).toEqual([0.2, 0.3]);
    expect(choosing(undefined).chooseThresholds?.(scores)).toBeUndefined();
    expect(() => choosing([0.2]).chooseThresholds?.(scores)).toThrow(/thresholds that are not 2 finite numbers/);
  });

  it('scores numbers, and draws of them, as the built-in metric of the same formula does', () => {
    const own = defineMetric({
      ...described,
      kind: 'regression',
      maximize: false,
      range: [0, Infinity],
      compute: ({ predictions, values }) =>
        Array.from(predictions, (value, index) => Math.abs(value - values[index])).reduce((sum, error) => sum + error) /
        values.length,
    });
    const clip = fc.tuple(fc.float({ noNaN: true, min: -9, max: 9 }), fc.float({ noNaN: true, min: -9, max: 9 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(clip, fc.nat(3)), { minLength: 1, maxLength: 12 }), (drawn) => {
        const predictions = Float32Array.from(drawn, ([[prediction]]) => prediction);
        const values = Float64Array.from(drawn, ([[, value]]) => value);
        const mae = metricByName('mae');
        if (mae.kind !== 'regression') throw new TypeError('mae is of numbers');
        const regression = { predictions, values, labels: ['age'] };
        expect(own.compute(regression)).toBeCloseTo(mae.compute(regression)!, 9);
        const weights = drawn.map(([, weight]) => weight);
        const [score, wanted] = [own, mae].map((metric) => metric.prepare(regression)(weights));
        if (Number.isNaN(wanted)) expect(score).toBeNaN();
        else expect(score).toBeCloseTo(wanted, 9);
      }),
    );
    expect(own.compute({ predictions: new Float32Array(), values: new Float64Array(), labels: ['age'] })).toBeNull();
    const drifted = { predictions: Float32Array.of(Number.NaN), values: Float64Array.of(1), labels: ['age'] };
    expect(own.compute(drifted)).toBeNull();
  });

  it('scores draws of clips as a list in which each comes that often', () => {
    const own = scene(({ predictions, targets }) => {
      const right = Array.from(predictions, (value, index) => value * targets[index]);
      return right.reduce((sum, value) => sum + value, 0) / targets.length;
    });
    const clips = fc.array(
      fc.record({ high: fc.boolean(), score: fc.integer({ min: 0, max: 8 }), weight: fc.nat(3) }),
      {
        minLength: 1,
        maxLength: 10,
      },
    );
    fc.assert(
      fc.property(clips, (drawn) => {
        const targets = Uint8Array.from(drawn.flatMap(({ high }) => [Number(!high), Number(high)]));
        const predictions = Float32Array.from(drawn.flatMap(({ score }) => [score / 8, 1 - score / 8]));
        const answers = {
          kind: 'scene',
          test: 'test',
          clips: drawn.map((_, index) => `${index}`),
          targets,
          predictions,
        };
        const weighted = weightedMetric('own', answers as Parameters<typeof weightedMetric>[1], labels, [own]);
        const weights = Uint16Array.from(drawn, ({ weight }) => weight);
        const rows = drawn.flatMap(({ weight }, row) => new Array<number>(weight).fill(row));
        expect(weighted.score(weights)).toEqual(own.compute(selectClips({ predictions, targets, labels }, rows)));
      }),
    );
  });

  it('scores events, with its score as their only part', () => {
    const metric = defineMetric({
      ...described,
      kind: 'event',
      compute: ({ reference, estimated }) => (reference.size === 0 ? null : estimated.size / reference.size),
    });
    const events = { reference: new Map([['a.wav', []]]), estimated: new Map([['a.wav', []]]), labels };
    expect(metric.compute(events)).toBe(1);
    expect(metric.details(events)).toEqual({ score: 1 });
    expect(metric.compute({ ...events, reference: new Map() })).toBeNull();
  });
});
