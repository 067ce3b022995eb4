import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlannedEntry } from '../../src/datasets/dataset.js';
import type { PlannedClip } from '../../src/datasets/planned-clip.js';
import { checkGroups, splitByGroup } from '../../src/datasets/split-by-group.js';

const items = fc.array(
  fc.record({
    group: fc.string({ maxLength: 2 }),
    labels: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 60 },
);

describe('splitByGroup', () => {
  it('puts every group into one split, whatever the order of the items', () => {
    fc.assert(
      fc.property(items, fc.nat(), (clips, seed) => {
        const splits = splitByGroup(clips, { train: 6, valid: 2, test: 2 }, seed);
        expect(new Set(splits.keys())).toEqual(new Set(clips.map(({ group }) => group)));
        const turned = splitByGroup([...clips].reverse(), { train: 6, valid: 2, test: 2 }, seed);
        expect(Object.fromEntries(turned)).toEqual(Object.fromEntries(splits));
      }),
    );
  });

  it('gives each split its share of clips and labels', () => {
    const clips = Array.from({ length: 400 }, (_, index) => ({
      group: `person ${index >> 1}`,
      labels: [index % 10 === 0 ? 'rare' : 'common'],
    }));
    const splits = splitByGroup(clips, { train: 6, valid: 2, test: 2 }, 0);
    const count = (split: string, label: string) =>
      clips.filter(({ group, labels }) => splits.get(group) === split && labels[0] === label).length;
    expect([count('train', 'rare'), count('valid', 'rare'), count('test', 'rare')]).toEqual([24, 8, 8]);
    for (const [split, share] of Object.entries({ train: 216, valid: 72, test: 72 })) {
      expect(Math.abs(count(split, 'common') - share)).toBeLessThanOrEqual(8);
    }
  });

  it('depends on the seed', () => {
    const clips = Array.from({ length: 40 }, (_, index) => ({ group: String(index), labels: [] }));
    const made = [0, 1].map((seed) => JSON.stringify([...splitByGroup(clips, { train: 1, test: 1 }, seed)].sort()));
    expect(made[0]).not.toBe(made[1]);
  });
});

describe('checkGroups', () => {
  const clip = (group: string): PlannedClip => ({ name: group, source: group, group, metadata: {} });
  const entry = (group: string, split: string): PlannedEntry => ({ clip: clip(group), split, content: ['x'] });
  const entries = [entry('Ann', 'train'), entry('Bob', 'train'), entry('Bob', 'test')];

  it('names the person whom a split divides', () => {
    expect(() => checkGroups({ name: 'coughs', entries })).toThrow(/coughs.*'Bob' in test and train/);
    expect(() => checkGroups({ name: 'coughs', entries, sharedGroups: ['Ann'] })).toThrow(/'Bob'/);
  });

  it('warns of people whom a published split divides', () => {
    expect(checkGroups({ name: 'coughs', entries, sharedGroups: ['Bob'] })).toEqual([
      expect.stringMatching(/coughs: the published split has 1 people .*\(Bob\)/),
    ]);
    expect(checkGroups({ name: 'coughs', entries: entries.slice(0, 2), sharedGroups: ['Bob'] })).toEqual([]);
  });
});
