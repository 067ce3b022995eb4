import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { metricByName } from '../src/registry.js';
import type { SoundEvent } from '../src/scores.js';

type EventsByFile = Record<string, SoundEvent[]>;

interface Reference {
  scenes: {
    seed: number;
    predictions: number[][];
    targets: number[][];
    expected: Record<string, number | null>;
  }[];
  events: {
    seed: number;
    labels: string[];
    reference: EventsByFile;
    estimated: EventsByFile;
    expected: Record<string, Record<string, number | null>>;
  }[];
}

// What scikit-learn and sed_eval answer.
const { scenes, events } = JSON.parse(
  readFileSync(new URL('./fixtures/metrics.json', import.meta.url), 'utf8'),
) as Reference;

function expectClose(found: number | null, expected: number | null, what: string): void {
  if (found === null || expected === null) expect(found, what).toBe(expected);
  // Relative above 1: an error rate with nothing annotated is near 1e16.
  else expect(Math.abs(found - expected), what).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
}

describe('scene metrics agree with scikit-learn', () => {
  it.each(scenes)('case $seed', ({ predictions, targets, expected }) => {
    const scores = {
      predictions: Float64Array.from(predictions.flat()),
      targets: Uint8Array.from(targets.flat()),
      labels: targets[0].map((_, index) => `c${index}`),
    };
    for (const [name, value] of Object.entries(expected)) {
      const metric = metricByName(name);
      expect(metric.kind).toBe('scene');
      if (metric.kind === 'scene') expectClose(metric.compute(scores), value, name);
    }
  });
});

describe('event metrics agree with sed_eval', () => {
  it.each(events)('case $seed', ({ labels, reference, estimated, expected }) => {
    const scores = {
      reference: new Map(Object.entries(reference)),
      estimated: new Map(Object.entries(estimated)),
      labels,
    };
    for (const [name, values] of Object.entries(expected)) {
      const metric = metricByName(name);
      expect(metric.kind).toBe('event');
      if (metric.kind !== 'event') continue;
      const found = metric.details(scores);
      for (const [part, value] of Object.entries(values)) expectClose(found[part], value, `${name} ${part}`);
      expect(metric.compute(scores)).toBe(found[metric.maximize ? 'f_measure' : 'error_rate']);
    }
  });
});

it('has forty cases of each kind', () => {
  expect([scenes.length, events.length]).toEqual([40, 40]);
});
