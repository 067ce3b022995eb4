import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { metricByName } from '../src/registry.js';
import type { SceneMetric } from '../src/metric.js';
import type { SceneScores } from '../src/scores.js';

interface Degenerate {
  readonly scene: readonly {
    readonly predictionType: 'multilabel' | 'multiclass';
    readonly labels: number;
    readonly predictions: readonly number[];
    readonly targets: readonly number[];
    readonly expected: Readonly<Record<string, number | null>>;
    readonly undefined: readonly string[];
  }[];
  readonly icbhi: readonly {
    readonly labels: readonly string[];
    readonly targets: readonly number[];
    readonly answers: readonly number[];
    readonly expectedPercent: Readonly<Record<'specificity' | 'sensitivity' | 'score', number>>;
  }[];
  readonly cinc2020: readonly {
    readonly labels: readonly string[];
    readonly targets: readonly number[];
    readonly answers: readonly number[];
    readonly expected: number;
  }[];
}

/** Expected: scikit-learn 1.9, the challenge's own code, and `get_score` of Patch-Mix. */
const cases = JSON.parse(
  await readFile(new URL('./fixtures/metrics-degenerate.json', import.meta.url), 'utf8'),
) as Degenerate;

function sceneMetric(name: string): SceneMetric {
  const metric = metricByName(name);
  if (metric.kind !== 'scene') throw new TypeError(name);
  return metric;
}

function named(count: number): string[] {
  return Array.from({ length: count }, (_, label) => `l${label}`);
}

describe('degenerate test clips', () => {
  it.each(cases.scene.map((one, index) => [index, one] as const))('case %d: as scikit-learn', (_, one) => {
    const scores: SceneScores = {
      predictions: Float64Array.from(one.predictions),
      targets: Uint8Array.from(one.targets),
      labels: named(one.labels),
      predictionType: one.predictionType,
    };
    for (const [name, expected] of Object.entries(one.expected)) {
      const metric = sceneMetric(name);
      const found = metric.compute(scores);
      if (expected === null) expect([name, found]).toEqual([name, null]);
      else expect(found, name).toBeCloseTo(expected, 9);
      expect([name, metric.undefinedBecause?.(scores) !== undefined]).toEqual([name, one.undefined.includes(name)]);
    }
  });

  it.each(cases.icbhi)(
    'of ICBHI: a side without clips counts 0, and is named',
    ({ labels, targets, answers, expectedPercent }) => {
      const oneHot = (classes: readonly number[]) =>
        classes.flatMap((own) => labels.map((_, label) => Number(label === own)));
      const scores: SceneScores = {
        predictions: Float64Array.from(oneHot(answers)),
        targets: Uint8Array.from(oneHot(targets)),
        labels,
        predictionType: 'multiclass',
      };
      for (const [name, expected] of Object.entries(expectedPercent)) {
        // The original divides by the count and 1e-10.
        expect(sceneMetric(`icbhi_${name}`).compute(scores), name).toBeCloseTo(expected / 100, 9);
      }
      expect(sceneMetric('icbhi_score').undefinedBecause?.(scores)).toMatch(/^no clip is (ab)?normal$/);
    },
  );

  it.each(cases.cinc2020)('of CinC 2020: 0 where nothing can be gained', ({ labels, targets, answers, expected }) => {
    const weights = labels.map((_, row) => labels.map((_column, column) => (row === column ? 1 : 0.4)));
    const scores: SceneScores = {
      predictions: Float64Array.from(answers),
      targets: Uint8Array.from(targets),
      labels,
      predictionType: 'multilabel',
      settings: { cinc2020Weights: { diagnoses: labels.map((label) => [label]), weights } },
    };
    expect(sceneMetric('cinc2020').compute(scores)).toBeCloseTo(expected, 12);
    expect(sceneMetric('cinc2020').undefinedBecause?.(scores)).toMatch(/sinus rhythm/);
  });
});
