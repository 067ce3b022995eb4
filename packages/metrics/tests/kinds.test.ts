import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Metric, scoringKinds, type TestAnswers } from '../src/kinds/registry.js';
import { scoringKind, scoringOf, weightedMetric } from '../src/kinds/scoring.js';
import { metricByName, metricNames } from '../src/registry.js';

const answers: Readonly<Record<string, TestAnswers>> = {
  scene: {
    kind: 'scene',
    test: 'test',
    clips: ['a', 'b'],
    targets: Uint8Array.of(1, 0, 0, 1),
    predictions: Float32Array.of(0.75, 0.25, 0.5, 0.5),
  },
  regression: {
    kind: 'regression',
    test: 'test',
    clips: ['a'],
    values: Float64Array.of(1, 2),
    predictions: Float32Array.of(1, 3),
  },
  event: {
    kind: 'event',
    test: 'test',
    clips: ['a'],
    reference: [[{ label: 'x', start: 0, end: 100 }]],
    estimated: [[{ label: 'x', start: 50, end: 100 }]],
  },
};

describe.each(Object.keys(scoringKinds) as Metric['kind'][])('%s', (name) => {
  const kind = scoringKind({ kind: name });

  it('has a file, metrics, and answers of its own', () => {
    expect(readdirSync(new URL('../src/kinds/', import.meta.url))).toContain(`${name}.ts`);
    expect(metricNames().some((metric) => metricByName(metric).kind === name)).toBe(true);
    expect(answers[name].kind).toBe(name);
  });

  it('scores weighted clips that all count once as it scores them all', () => {
    for (const metric of metricNames().map((one) => metricByName(one))) {
      if (scoringOf(metric, answers[name]) === undefined) {
        const message = `metric ${metric.name} cannot score ${name} answers`;
        expect(() => weightedMetric(metric.name, answers[name], ['x', 'y'])).toThrow(message);
        continue;
      }
      const weighted = weightedMetric(metric.name, answers[name], ['x', 'y']);
      expect(weighted.score(new Uint16Array(weighted.count).fill(1))).toEqual(
        kind.score(metric, answers[name], ['x', 'y']),
      );
    }
  });

  it('knows the same reference from another one', () => {
    const one = answers[name];
    expect(kind.haveSameReference(one, structuredClone(one))).toBe(true);
    const other = structuredClone(one);
    if (other.kind === 'scene') other.targets[0] = 0;
    else if (other.kind === 'regression') other.values[0] = 0;
    else (other.reference as unknown[][])[0].pop();
    expect(kind.haveSameReference(one, other)).toBe(false);
  });
});
