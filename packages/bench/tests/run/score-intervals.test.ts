import { describe, expect, it } from 'vitest';
import { Random } from '../../src/files/random.js';
import { scoreIntervals } from '../../src/run/resampling/score-intervals.js';
import { meanParts, scoreParts } from '../../src/run/resampling/score-parts.js';
import type { EventAnswers, SceneAnswers } from '../../src/run/resampling/test-answers.js';

const labels = ['a', 'b'];

/** A fold of clips with label `a`, of which so many are answered right. */
function fold(test: string, clips: number, right: number): SceneAnswers {
  return {
    kind: 'scene',
    test,
    clips: Array.from({ length: clips }, (_, clip) => `${clip}.wav`),
    targets: Uint8Array.from({ length: clips * 2 }, (_, index) => 1 - (index % 2)),
    predictions: Float32Array.from({ length: clips * 2 }, (_, index) =>
      Number((index % 2 === 1) === index / 2 >= right),
    ),
  };
}

describe('scoreIntervals', () => {
  it('has the width that the binomial distribution gives an accuracy', () => {
    const { top1_acc: interval } = scoreIntervals([[fold('test', 400, 300)]], ['top1_acc'], labels, 0);
    // 1.96 sqrt(0.75 * 0.25 / 400) = 0.0424
    expect(interval?.low).toBeCloseTo(0.75 - 0.0424, 1.8);
    expect(interval?.high).toBeCloseTo(0.75 + 0.0424, 1.8);
    expect(interval).toMatchObject({ level: 0.95, samples: 1000 });
  });

  it('draws within folds: one that is all right and one that is all wrong stay so', () => {
    const folds = [fold('one', 50, 50), fold('two', 10, 0)];
    expect(scoreIntervals([folds], ['top1_acc'], labels, 0).top1_acc).toMatchObject({ low: 0.5, high: 0.5 });
  });

  it('is of the mean over seeds, on the same draw of clips', () => {
    // Each clip is right with one seed and wrong with the other.
    const first = fold('test', 40, 20);
    const second = { ...first, predictions: first.predictions.map((value) => 1 - value) };
    expect(scoreIntervals([[first], [second]], ['top1_acc'], labels, 0).top1_acc).toMatchObject({
      low: 0.5,
      high: 0.5,
    });
  });

  it('follows from the seed', () => {
    const random = new Random(2);
    const one = fold('test', 41, 17);
    // All kinds of scores and labels, so that every draw gives another score.
    const folds = [
      [
        {
          ...one,
          predictions: one.predictions.map(() => random.uniform()),
          targets: one.targets.map(() => random.integer(2)),
        },
      ],
    ];
    const interval = (seed: number) => scoreIntervals(folds, ['top1_acc', 'mAP'], labels, seed);
    expect(interval(3)).toEqual(interval(3));
    expect(interval(3)).not.toEqual(interval(4));
    // One metric does not change another's draws.
    expect(scoreIntervals(folds, ['mAP'], labels, 3).mAP).toEqual(interval(3).mAP);
  });

  it('covers the truth about as often as it says', () => {
    const random = new Random(11);
    let covered = 0;
    for (let trial = 0; trial < 100; trial += 1) {
      const right = Array.from({ length: 120 }, () => random.uniform() < 0.7).filter(Boolean).length;
      const { low, high } = scoreIntervals([[fold('test', 120, right)]], ['top1_acc'], labels, trial).top1_acc!;
      if (low <= 0.7 && 0.7 <= high) covered += 1;
    }
    expect(covered).toBeGreaterThanOrEqual(88);
  });

  it('is null where no draw has a score', () => {
    // Without a clip of label b its AUC is undefined.
    expect(scoreIntervals([[fold('test', 20, 10)]], ['aucroc'], labels, 0).aucroc).toBeNull();
  });

  it('is there for 10,000 clips and 20 labels, too', () => {
    const [clips, count] = [10_000, 20];
    const random = new Random(1);
    const many: SceneAnswers = {
      kind: 'scene',
      test: 'test',
      clips: Array.from({ length: clips }, (_, clip) => String(clip)),
      targets: Uint8Array.from({ length: clips * count }, (_, index) =>
        Number(Math.floor(index / count) % count === index % count),
      ),
      predictions: Float32Array.from({ length: clips * count }, () => random.uniform()),
    };
    const names = Array.from({ length: count }, (_, label) => String(label));
    const { mAP } = scoreIntervals([[many]], ['mAP'], names, 0);
    expect(mAP?.samples).toBe(1000);
  });
});

const events: EventAnswers = {
  kind: 'event',
  test: 'test',
  clips: ['1.wav', '2.wav'],
  reference: [[{ label: 'a', start: 0, end: 100 }], [{ label: 'b', start: 500, end: 900 }]],
  estimated: [
    [
      { label: 'a', start: 30, end: 100 },
      { label: 'b', start: 0, end: 100 },
    ],
    [{ label: 'b', start: 900, end: 990 }],
  ],
};

describe('scores of events', () => {
  it('have intervals over files', () => {
    const interval = scoreIntervals([[events]], ['event_onset_200ms_fms'], labels, 0).event_onset_200ms_fms;
    // Both files are drawn, or one of them twice: 0.4, 2/3 or 0.
    expect([interval?.low, interval?.high]).toEqual([0, 2 / 3]);
  });

  it('say what they are made of', () => {
    const metrics = ['event_onset_200ms_fms', 'segment_1s_er'];
    const parts = scoreParts(events, metrics, labels);
    expect(parts.event_onset_200ms_fms).toEqual({ f_measure: 0.4, precision: 1 / 3, recall: 0.5 });
    expect(Object.keys(parts.segment_1s_er)).toContain('insertion_rate');
    expect(scoreParts(fold('test', 2, 1), ['top1_acc'], labels)).toEqual({});
    expect(meanParts([parts.event_onset_200ms_fms, { f_measure: 0.8, precision: 1, recall: null }])).toEqual({
      f_measure: expect.closeTo(0.6) as number,
      precision: expect.closeTo(2 / 3) as number,
      recall: null,
    });
  });
});
