import { describe, expect, it } from 'vitest';
import { Random } from '../../src/random.js';
import { scoreIntervals } from '../../src/intervals/score-intervals.js';
import { meanParts, scoreParts } from '../../src/intervals/score-parts.js';
import type { EventAnswers, SceneAnswers } from '../../src/kinds/answers.js';

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
  // SciPy's beta quantiles.
  it.each([
    [60, 60, 0.9403705077138331, 1],
    [60, 0, 0, 1 - 0.9403705077138331],
    [400, 300, 0.7045582813646831, 0.7916984933180367],
    [20, 19, 0.7512672372279722, 0.9987349105020502],
  ])('is exact for an accuracy: %d clips, %d of them right', (clips, right, low, high) => {
    const { top1_acc: interval } = scoreIntervals([[fold('test', clips, right)]], ['top1_acc'], labels, 0);
    expect(interval?.low).toBeCloseTo(low, 9);
    expect(interval?.high).toBeCloseTo(high, 9);
    expect(interval).toMatchObject({ level: 0.95, method: 'clopper-pearson', over: 'clips' });
  });

  it('counts clips as they weigh in the mean over folds', () => {
    const folds = [fold('one', 50, 50), fold('two', 10, 0)];
    const interval = scoreIntervals([folds], ['top1_acc'], labels, 0).top1_acc!;
    // 4 / (1/50 + 1/10) = 33.3 clips, half of them right.
    expect(interval.low).toBeCloseTo(0.3225, 4);
    expect(interval.high).toBeCloseTo(1 - interval.low, 9);
  });

  it('is of the mean over seeds', () => {
    // Each clip is right with one seed and wrong with the other: whatever is drawn, the mean is a half.
    const first = fold('test', 40, 20);
    const second = { ...first, predictions: first.predictions.map((value) => 1 - value) };
    const interval = scoreIntervals([[first], [second]], ['top1_acc'], labels, 0).top1_acc!;
    expect(interval).toMatchObject({ method: 'jackknife' });
    expect(interval.low).toBeLessThan(0.5);
    expect(interval.high).toBeCloseTo(1 - interval.low, 9);
  });

  it('is of groups where the clips come in groups, and counts each once where all are right', () => {
    const grouped = (right: number) => ({
      ...fold('test', 60, right),
      groups: Array.from({ length: 60 }, (_, clip) => Math.floor(clip / 10)),
    });
    const all = scoreIntervals([[grouped(60)]], ['top1_acc', 'mAP'], labels, 0);
    // 0.025 ** (1 / 6)
    expect(all.top1_acc).toMatchObject({ high: 1, method: 'korn-graubard', over: 'groups' });
    expect(all.top1_acc?.low).toBeCloseTo(0.5407, 4);
    // Three people are right throughout, three never: 30 of 60 clips say as much as 3 of 6 people.
    const { top1_acc: half } = scoreIntervals([[grouped(30)]], ['top1_acc'], labels, 0);
    expect(half?.low).toBeLessThan(0.12);
    expect(half?.high).toBeGreaterThan(0.88);
    const alone = { ...fold('test', 60, 60), groups: new Array<number>(60).fill(0) };
    expect(scoreIntervals([[alone]], ['top1_acc', 'mAP'], labels, 0)).toEqual({ top1_acc: null, mAP: null });
  });

  it('follows from the seed, where blocks of clips are drawn', () => {
    const random = new Random(2);
    const one = fold('test', 1201, 170);
    const targets = one.targets.map(() => random.integer(2));
    const folds = [[{ ...one, targets, predictions: one.predictions.map(() => random.uniform()) }]];
    const interval = (seed: number) => scoreIntervals(folds, ['mAP'], labels, seed);
    expect(interval(3)).toEqual(interval(3));
    expect(interval(3)).not.toEqual(interval(4));
    expect(interval(3).mAP?.low).toBeCloseTo(interval(4).mAP!.low, 2);
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
    // Of two files next to nothing is known.
    expect(interval?.low).toBeLessThan(0.01);
    expect(interval?.high).toBeGreaterThan(0.99);
    expect(interval).toMatchObject({ method: 'jackknife', over: 'clips' });
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
