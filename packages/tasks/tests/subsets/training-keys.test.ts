import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tooRareLabels, trainingKeys, type DrawnClip } from '../../src/subsets/training-keys.js';

const names = ['a', 'b', 'c', 'd', 'e'];
const fractions = [0.0625, 0.125, 0.25, 0.5, 0.9, 1];

const multiclass = fc
  .array(fc.constantFrom(...names), { minLength: 1, maxLength: 120 })
  .map((labels) => labels.map((label): DrawnClip => ({ labels: [label] })));

const multilabel = fc
  .array(
    fc.record({
      labels: fc.subarray(names),
      group: fc.option(fc.constantFrom('ann', 'bob', 'cem', 'dora', 'eve', 'fay'), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 80 },
  )
  .map((clips) => clips.map(({ labels, group }): DrawnClip => ({ labels, ...(group === undefined ? {} : { group }) })));

const seeds = fc.integer({ min: 0, max: 1e6 });

/** Places of the clips in a fraction. */
function drawn(keys: Float64Array, fraction: number): number[] {
  return [...keys.keys()].filter((clip) => keys[clip] < fraction);
}

describe('trainingKeys', () => {
  it('puts smaller fractions into larger ones, and everything into the whole', () => {
    fc.assert(
      fc.property(multilabel, seeds, (clips, seed) => {
        const keys = trainingKeys(clips, seed);
        expect(drawn(keys, 1)).toHaveLength(clips.length);
        for (let index = 1; index < fractions.length; index += 1) {
          const larger = new Set(drawn(keys, fractions[index]));
          expect(drawn(keys, fractions[index - 1]).every((clip) => larger.has(clip))).toBe(true);
        }
        expect(drawn(keys, 1e-9).length).toBeGreaterThan(0);
      }),
    );
  });

  it('has of each class its share, to less than a clip, and one at least', () => {
    fc.assert(
      fc.property(multiclass, seeds, fc.constantFrom(...fractions), (clips, seed, fraction) => {
        const keys = trainingKeys(clips, seed);
        const inFraction = drawn(keys, fraction);
        for (const label of new Set(clips.flatMap(({ labels }) => labels))) {
          const all = clips.filter(({ labels }) => labels.includes(label)).length;
          const own = inFraction.filter((clip) => clips[clip].labels.includes(label)).length;
          expect(own).toBeGreaterThanOrEqual(1);
          expect(own === 1 || Math.abs(own - fraction * all) < 1).toBe(true);
        }
      }),
    );
  });

  it('never divides a group, and has each label in every fraction', () => {
    fc.assert(
      fc.property(multilabel, seeds, fc.constantFrom(...fractions), (clips, seed, fraction) => {
        const inFraction = new Set(drawn(trainingKeys(clips, seed), fraction));
        for (const group of new Set(clips.map((clip) => clip.group))) {
          if (group === undefined) continue;
          const members = [...clips.keys()].filter((clip) => clips[clip].group === group);
          expect(new Set(members.map((clip) => inFraction.has(clip))).size).toBe(1);
        }
        const present = new Set([...inFraction].flatMap((clip) => clips[clip].labels));
        expect(present).toEqual(new Set(clips.flatMap(({ labels }) => labels)));
      }),
    );
  });

  it('takes its share of the whole where classes are even and small', () => {
    // 40 classes of 6 clips: an eighth is 0.75 of a clip a class.
    const clips = Array.from({ length: 240 }, (_, index) => ({ labels: [`class ${index % 40}`] }));
    expect(drawn(trainingKeys(clips, 1), 0.25)).toHaveLength(60);
    expect(drawn(trainingKeys(clips, 1), 0.125)).toHaveLength(40);
  });

  it('spreads numbers over their range', () => {
    const clips = Array.from({ length: 200 }, (_, value) => ({ labels: [], value }));
    fc.assert(
      fc.property(seeds, (seed) => {
        const values = drawn(trainingKeys(clips, seed), 0.25);
        expect(Math.abs(values.length - 50)).toBeLessThanOrEqual(5);
        for (let tenth = 0; tenth < 10; tenth += 1) {
          const own = values.filter((value) => Math.floor(value / 20) === tenth);
          expect(Math.abs(own.length - 5)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('follows from the seed', () => {
    const clips = Array.from({ length: 64 }, (_, index) => ({ labels: [names[index % 2]] }));
    expect(trainingKeys(clips, 3)).toEqual(trainingKeys(clips, 3));
    expect(drawn(trainingKeys(clips, 3), 0.25)).not.toEqual(drawn(trainingKeys(clips, 4), 0.25));
  });
});

describe('tooRareLabels', () => {
  it('names the classes that a fraction would have less than a clip of', () => {
    const clips = [...Array.from({ length: 16 }, () => ({ labels: ['common'] })), { labels: ['rare', 'rare'] }];
    expect(tooRareLabels(clips, 0.0625)).toEqual(['rare']);
    expect(tooRareLabels(clips, 0.05)).toEqual(['common', 'rare']);
    expect(tooRareLabels(clips, 1)).toEqual([]);
  });
});
