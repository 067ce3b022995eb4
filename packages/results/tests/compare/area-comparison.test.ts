import { describe, expect, it } from 'vitest';
import { compareAnswers } from '../../src/compare/compare-answers.js';
import { compareAreas } from '../../src/compare/area-comparison.js';
import { delongTest, Random } from '@hearken/metrics';
import type { SceneAnswers } from '@hearken/metrics/internal';

const labels = ['healthy', 'ill'];

/** A fold of a binary task, its clips answered with probabilities that tell the labels apart as well as `skill` says. */
function fold(test: string, clips: number, skill: number, random: Random): SceneAnswers {
  const targets = Uint8Array.from({ length: 2 * clips }, (_, index) => Number((index >> 1) % 2 === index % 2));
  const predictions = new Float32Array(2 * clips);
  for (let clip = 0; clip < clips; clip += 1) {
    const share = 1 / (1 + Math.exp(-random.normal() - skill * (targets[2 * clip + 1] - 0.5)));
    predictions.set([1 - share, share], 2 * clip);
  }
  const names = Array.from({ length: clips }, (_, clip) => `${clip}`);
  return { kind: 'scene', test, clips: names, targets, predictions, scoring: { predictionType: 'multiclass' } };
}

function models(skills: readonly [number, number], clips: readonly number[], seed: number) {
  const random = new Random(seed);
  return skills.map((skill) => clips.map((count, index) => fold(`fold${index}`, count, skill, random))) as [
    SceneAnswers[],
    SceneAnswers[],
  ];
}

describe('compareAreas', () => {
  it('is DeLong’s test of the positive label on one fold', () => {
    const [first, second] = models([2, 1], [60], 1);
    const column = (values: Float32Array | Uint8Array) => Array.from(values).filter((_, index) => index % 2 === 1);
    const { difference, standardError, pValue } = delongTest(
      column(first[0].predictions),
      column(second[0].predictions),
      column(first[0].targets),
    )!;
    const compared = compareAreas(labels, [first, second])!;
    expect(compared.label).toBe('ill');
    expect(compared.difference).toBeCloseTo(difference, 12);
    expect(compared.standardError).toBeCloseTo(standardError, 12);
    expect(compared.pValue).toBeCloseTo(pValue, 12);
  });

  it('goes with the comparison by aucroc, whose difference it has, and with no other', () => {
    const pair = models([2, 0.5], [60, 40], 2);
    const compared = compareAnswers('aucroc', labels, pair, 0)!;
    expect(compared.delong!.difference).toBeCloseTo(compared.difference, 9);
    expect(compared.delong!.pValue).toBeLessThan(0.01);
    expect(Math.abs(Math.log10(compared.delong!.pValue / compared.pValue))).toBeLessThan(2);
    expect(compareAnswers('mAP', labels, pair, 0)).not.toHaveProperty('delong');
  });

  it('gives models that are alike small p-values as often as those say', () => {
    const below = Array.from({ length: 300 }, (_, seed) => compareAreas(labels, models([1, 1], [40, 40], seed))!);
    const share = below.filter(({ pValue }) => pValue < 0.1).length / below.length;
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.16);
  });

  it('is 1 for a model and itself, and absent where there is no one curve', () => {
    const [model] = models([1, 1], [30], 3);
    expect(compareAreas(labels, [model, model])).toMatchObject({ difference: 0, pValue: 1 });
    expect(compareAreas(['a', 'b', 'c'], [model, model])).toBeUndefined();
    const [tiny] = models([1, 1], [2], 3);
    expect(compareAreas(labels, [tiny, tiny])).toBeUndefined();
    expect(compareAreas(labels, [[], []])).toBeUndefined();
  });
});
