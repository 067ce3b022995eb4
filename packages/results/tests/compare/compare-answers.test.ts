import { describe, expect, it } from 'vitest';
import { compareAnswers } from '../../src/compare/compare-answers.js';
import { Random, signFlipTest } from '@hearken/metrics';
import type { EventAnswers, SceneAnswers } from '@hearken/metrics/internal';

const labels = ['a', 'b', 'c'];

/** A fold whose clips are answered with this much more for the right label than for the others. */
function fold(test: string, clips: number, skill: number, random: Random): SceneAnswers {
  const targets = new Uint8Array(clips * 3);
  for (let clip = 0; clip < clips; clip += 1) targets[clip * 3 + (clip % 3)] = 1;
  const predictions = Float32Array.from(targets, (target) => random.normal() + skill * target);
  return { kind: 'scene', test, clips: Array.from({ length: clips }, (_, clip) => `${clip}`), targets, predictions };
}

function models(skills: readonly [number, number], clips = [120, 80], seed = 1) {
  const random = new Random(seed);
  return skills.map((skill) => clips.map((count, index) => fold(`fold${index}`, count, skill, random))) as [
    SceneAnswers[],
    SceneAnswers[],
  ];
}

describe.each(['top1_acc', 'mAP', 'aucroc'])('comparing by %s', (metric) => {
  it('shows the difference between a good and a bad model, whichever comes first', () => {
    const [good, bad] = models([2, 0.5]);
    const one = compareAnswers(metric, labels, [good, bad], 0)!;
    const other = compareAnswers(metric, labels, [bad, good], 0)!;
    expect(one.difference).toBeGreaterThan(0.1);
    expect(one.pValue).toBeLessThan(0.001);
    expect(one.interval!.low).toBeGreaterThan(0);
    expect(one.interval!.low).toBeLessThan(one.difference);
    expect(one.interval!.high).toBeGreaterThan(one.difference);
    expect(other.difference).toBeCloseTo(-one.difference, 12);
    expect(other.scores).toEqual([...one.scores].reverse());
    expect(other.pValue).toBeCloseTo(one.pValue, 2);
  });

  it('shows none between a model and itself', () => {
    const [model] = models([1, 1]);
    const found = compareAnswers(metric, labels, [model, model], 0)!;
    expect(found).toMatchObject({ difference: 0, pValue: 1 });
    // That they agree on these clips does not say that they do on others.
    expect(found.interval!.low).toBeCloseTo(-found.interval!.high, 9);
  });

  it('gives models that are alike small p-values no more often than those say', () => {
    let below = 0;
    for (let trial = 0; trial < 60; trial += 1) {
      const { pValue } = compareAnswers(metric, labels, models([1, 1], [40], trial), trial)!;
      if (pValue < 0.1) below += 1;
    }
    // Six are expected; over 13 come once in a thousand times.
    expect(below).toBeLessThanOrEqual(13);
  });

  it('follows from the seed', () => {
    const pair = models([1, 0.8]);
    expect(compareAnswers(metric, labels, pair, 3)).toEqual(compareAnswers(metric, labels, pair, 3));
  });
});

describe('compareAnswers', () => {
  it('is a sign-flip test for accuracy: all exchanges, where there are few', () => {
    const answers = (right: readonly number[]): SceneAnswers[] => [
      {
        kind: 'scene',
        test: 'test',
        clips: right.map(String),
        targets: Uint8Array.from(right.flatMap(() => [1, 0, 0])),
        predictions: Float32Array.from(right.flatMap((one) => [one, 0.5, 0])),
      },
    ];
    const [own, others] = [
      [1, 1, 1, 1, 1, 0, 1, 1],
      [0, 0, 0, 1, 0, 1, 0, 1],
    ];
    const result = compareAnswers('top1_acc', labels, [answers(own), answers(others)], 0)!;
    const expected = signFlipTest(
      own.map((one, clip) => one - others[clip]),
      { random: () => 0 },
    );
    expect(result).toMatchObject({ exact: true, exchanges: 256, scores: [7 / 8, 3 / 8] });
    expect(result.pValue).toBe(expected.pValue);
  });

  it('does not mind that one model ranks on another scale', () => {
    const [good, bad] = models([1.5, 1]);
    const scaled = bad.map((one) => ({ ...one, predictions: one.predictions.map((value) => 1024 * value) }));
    for (const metric of ['mAP', 'aucroc']) {
      const one = compareAnswers(metric, labels, [good, bad], 0)!;
      const other = compareAnswers(metric, labels, [good, scaled], 0)!;
      expect(other.pValue).toBeCloseTo(one.pValue, 10);
      expect(other.difference).toBeCloseTo(one.difference, 6);
    }
  });

  it('compares events file by file', () => {
    const reference = Array.from({ length: 14 }, (_, file) => [
      { label: 'a', start: 100 * file, end: 100 * file + 50 },
    ]);
    const answers = (found: (file: number) => boolean): EventAnswers[] => [
      {
        kind: 'event',
        test: 'test',
        clips: reference.map((_, file) => String(file)),
        reference,
        estimated: reference.map((events, file) => (found(file) ? events : [])),
      },
    ];
    const all = answers(() => true);
    const some = answers((file) => file % 2 === 0);
    const result = compareAnswers('event_onset_200ms_fms', labels, [all, some], 0)!;
    expect(result.scores).toEqual([1, 2 / 3]);
    // Of the 2^7 ways to exchange the files that differ, two are as far apart.
    expect(result.pValue).toBeCloseTo(2 / 128, 2);
    const rates = compareAnswers('segment_1s_er', labels, [all, some], 0)!;
    expect(rates.difference).toBeLessThan(0);
  });

  it('is null where a score is undefined', () => {
    const [model] = models([1, 1], [9]);
    const onlyA = model.map((one) => ({ ...one, targets: one.targets.map((_, index) => Number(index % 3 === 0)) }));
    expect(compareAnswers('aucroc', labels, [onlyA, onlyA], 0)).toBeNull();
  });
});
