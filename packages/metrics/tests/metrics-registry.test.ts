import { readdirSync } from 'node:fs';
import { OptionError, TaskError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectFiles } from '../src/event-scores.js';
import { metricByName, metricNames } from '../src/registry.js';
import { selectClips } from '../src/scene-scores.js';
import type { SceneScores } from '../src/scores.js';

function stems(folder: string, ending: string): string[] {
  return readdirSync(new URL(folder, import.meta.url))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();
}

describe('one name for the registry, the file and the test', () => {
  it('has a file for every metric and a metric for every file', () => {
    for (const kind of ['scene', 'regression', 'event']) {
      const registered = metricNames().filter((name) => metricByName(name).kind === kind);
      const files = stems(`../src/${kind}/`, '.ts').filter((name) => name !== 'postprocess');
      expect(registered.sort()).toEqual(files);
    }
  });

  it('has a test for every metric', () => {
    expect(stems('./metrics/', '.test.ts')).toEqual(metricNames().sort());
  });

  it('knows every metric by its own name, once', () => {
    for (const name of metricNames()) expect(metricByName(name).name).toBe(name);
    expect(new Set(metricNames()).size).toBe(metricNames().length);
  });

  it('names the nearest metric for a mistyped one', () => {
    expect(() => metricByName('top1_ac')).toThrow(OptionError);
    expect(() => metricByName('top1_ac')).toThrow("did you mean 'top1_acc'?");
  });
});

const sceneMetrics = metricNames()
  .map((name) => metricByName(name))
  .filter((metric) => metric.kind === 'scene');

/** Scores of 2 to 12 clips and 2 to 4 labels, every label with and without a clip, many of them tied. */
const anyScores = fc
  .tuple(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 2, max: 4 }))
  .chain(([clips, width]) =>
    fc.record({
      predictions: fc.array(fc.integer({ min: -8, max: 8 }), { minLength: clips * width, maxLength: clips * width }),
      targets: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: clips * width, maxLength: clips * width }),
      width: fc.constant(width),
      clips: fc.constant(clips),
    }),
  )
  .map(({ predictions, targets, width, clips }): SceneScores & { clips: number } => {
    for (let label = 0; label < width; label += 1) {
      targets[label] = 1;
      targets[width + label] = 0;
    }
    return {
      predictions: Float64Array.from(predictions, (value) => value / 8),
      targets: Uint8Array.from(targets),
      labels: Array.from({ length: width }, (_, index) => `c${index}`),
      clips,
    };
  });

/** Metrics that look at sizes of scores: a threshold divides them, or they are held against how often they are right. */
const ofSizes = [
  'f1_macro',
  'f1_micro',
  'f1_weighted',
  'balanced_accuracy',
  'sensitivity',
  'specificity',
  'ppv',
  'cinc2020',
  'brier',
  'ece',
];
/** Metrics of tasks with labels of a certain kind; their tests have such tasks. */
const ofCertainTasks = [
  'ppv',
  'sensitivity',
  'specificity',
  'icbhi_score',
  'icbhi_sensitivity',
  'icbhi_specificity',
  'cinc2020',
];
const general = sceneMetrics.filter(({ name }) => !ofCertainTasks.includes(name));

describe.each(sceneMetrics.filter(({ name }) => !ofSizes.includes(name)))('$name', (metric) => {
  it('does not change when the scores are stretched without changing their order', () => {
    fc.assert(
      fc.property(anyScores, (scores) => {
        const stretched = scores.predictions.map((value) => 1 / (1 + Math.exp(-3 * value)));
        expect(metric.compute({ ...scores, predictions: stretched })).toEqual(metric.compute(scores));
      }),
      { endOnFailure: true },
    );
  });
});

describe.each(general)('$name', (metric) => {
  it('stays in its range, and is best for perfect predictions', () => {
    fc.assert(
      fc.property(anyScores, (scores) => {
        const perfect = metric.compute({ ...scores, predictions: Float64Array.from(scores.targets) });
        if (metric.name === 'd_prime') {
          expect(perfect).toBeNull();
          return;
        }
        const predictions = scores.predictions.map((value) => (value + 1) / 2);
        const found = metric.compute({ ...scores, predictions }) ?? Number.NaN;
        expect(perfect).toBe(metric.maximize ? 1 : 0);
        expect(found).toBeGreaterThanOrEqual(0);
        expect(found).toBeLessThanOrEqual(metric.range[1]);
      }),
      { endOnFailure: true },
    );
  });
});

describe.each(sceneMetrics)('$name', (metric) => {
  it('does not depend on the order of the clips', () => {
    fc.assert(
      fc.property(anyScores, (scores) => {
        const reversed = Int32Array.from({ length: scores.clips }, (_, index) => scores.clips - 1 - index);
        const found = metric.compute(scores);
        const again = metric.compute(selectClips(scores, reversed));
        if (found === null) expect(again).toBeNull();
        else expect(again).toBeCloseTo(found, 12);
      }),
    );
  });

  it('is undefined without clips and for predictions that are not finite', () => {
    const labels = ['c0', 'c1'];
    expect(metric.compute({ predictions: new Float32Array(0), targets: new Uint8Array(0), labels })).toBeNull();
    const targets = Uint8Array.of(1, 0, 0, 1);
    for (const value of [Number.NaN, Infinity]) {
      expect(metric.compute({ predictions: Float32Array.of(value, 0, 0, 1), targets, labels })).toBeNull();
    }
  });

  it('refuses sizes that disagree', () => {
    const wrong = { predictions: new Float32Array(5), targets: new Uint8Array(6), labels: ['c0', 'c1', 'c2'] };
    expect(() => metric.compute(wrong)).toThrow(TaskError);
    expect(() => metric.compute({ ...wrong, predictions: new Float32Array(6), labels: [] })).toThrow(TaskError);
  });
});

const eventMetrics = metricNames()
  .map((name) => metricByName(name))
  .filter((metric) => metric.kind === 'event');

describe.each(eventMetrics)('$name', (metric) => {
  it('refuses labels outside the vocabulary and times that are none', () => {
    const score = (label: string, start: number, end: number) =>
      metric.compute({
        reference: new Map([['a.wav', [{ label, start, end }]]]),
        estimated: new Map(),
        labels: ['door'],
      });
    expect(() => score('dor', 0, 1)).toThrow("did you mean 'door'?");
    expect(() => score('door', Number.NaN, 1)).toThrow(TaskError);
    expect(() => score('door', 2, 1)).toThrow(TaskError);
  });
});

describe('selections for resampling', () => {
  it('takes a clip as often as it is drawn', () => {
    const scores = { predictions: Float32Array.of(1, 2, 3, 4), targets: Uint8Array.of(1, 0, 0, 1), labels: ['a', 'b'] };
    expect(selectClips(scores, [1, 1, 0])).toEqual({
      predictions: Float64Array.of(3, 4, 3, 4, 1, 2),
      targets: Uint8Array.of(0, 1, 0, 1, 1, 0),
      labels: ['a', 'b'],
    });
  });

  it('takes a file as often as it is drawn, and keeps its two sides together', () => {
    const door = { label: 'door', start: 0, end: 100 };
    const scores = {
      reference: new Map([
        ['a.wav', [door]],
        ['b.wav', [door]],
      ]),
      estimated: new Map([['a.wav', [door]]]),
      labels: ['door'],
    };
    const recall = (names: string[]) => {
      const metric = metricByName('event_onset_200ms_fms');
      return metric.kind === 'event' ? metric.details(selectFiles(scores, names)).recall : null;
    };
    expect([recall(['a.wav', 'b.wav']), recall(['a.wav', 'a.wav', 'b.wav', 'a.wav']), recall(['b.wav'])]).toEqual([
      0.5, 0.75, 0,
    ]);
  });
});
