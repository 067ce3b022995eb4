import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideClips, type DivideOptions } from '../../src/datasets/divide-clips.js';
import { groupWarnings } from '../../src/datasets/group-warnings.js';
import type { LabelledClip } from '../../src/datasets/planned-splits.js';

const grouping = { state: 'named', by: 'person' } as const;

function clipsOf(
  people: number,
  content: (person: number, clip: number) => string[] | number,
  each = 4,
): LabelledClip[] {
  return Array.from({ length: people * each }, (_, index) => {
    const person = Math.floor(index / each);
    const clip = { name: `c${index}`, source: `c${index}.wav`, group: `p${person}`, metadata: {} };
    return { clip, content: content(person, index % each) };
  });
}

const divide = (clips: readonly LabelledClip[], options: Partial<DivideOptions> = {}) =>
  divideClips(clips, 'coughs', { seed: 0, grouping, countLabels: true, ...options });

function splitsOf(clips: ReturnType<typeof divide>, of: 'group' | 'label'): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { clip, content, split } of clips.entries) {
    for (const value of of === 'group' ? [clip.group] : (content as readonly string[])) {
      found.set(value, (found.get(value) ?? new Set<string>()).add(split));
    }
  }
  return found;
}

describe('divideClips', () => {
  it('tests each of six people in a fold of their own, and says so', () => {
    const made = divide(clipsOf(6, (_, clip) => [clip % 2 ? 'cough' : 'breath']));
    expect([made.splitMode, made.splits.length]).toEqual(['presplit_kfold', 6]);
    expect([...splitsOf(made, 'group').values()].every((folds) => folds.size === 1)).toBe(true);
    expect(new Set(made.entries.map(({ split }) => split)).size).toBe(6);
    expect(made.warnings).toEqual([
      expect.stringMatching(/coughs: 6 people are too few for one division.*6 folds by group \(person\).*--folds 1/),
    ]);
  });

  it('makes as many folds as every label can be in', () => {
    const ill = (count: number) => (person: number) => [person < count ? 'ill' : 'well'];
    for (const [people, count, folds] of [
      [20, 10, 5],
      [20, 4, 4],
      [20, 3, 3],
      [20, 2, 3],
    ] as const) {
      const made = divide(clipsOf(people, ill(count)));
      expect(made.splits).toHaveLength(folds);
      expect(splitsOf(made, 'label').get('ill')?.size).toBe(Math.min(count, folds));
      expect(splitsOf(made, 'label').get('well')?.size).toBe(folds);
    }
  });

  it('makes one division of many people, unless few of them have a label', () => {
    const many = divide(clipsOf(60, (person) => [person % 2 ? 'a' : 'b']));
    expect([many.splits, many.warnings]).toEqual([['train', 'valid', 'test'], []]);
    const rare = divide(clipsOf(60, (person) => [person < 10 ? 'ill' : 'well']));
    expect(rare.splitMode).toBe('presplit_kfold');
    expect(rare.warnings[0]).toMatch(/10 of 60 people have 'ill', too few/);
    // Published datasets keep their one division.
    const published = divide(
      clipsOf(60, (person) => [person < 10 ? 'ill' : 'well']),
      { countLabels: false },
    );
    expect(published.splitMode).toBe('trainvaltest');
  });

  it('does as it is told', () => {
    const clips = clipsOf(12, (_, clip) => [clip % 2 ? 'a' : 'b']);
    expect(divide(clips, { folds: 1 })).toMatchObject({ splitMode: 'trainvaltest', warnings: [] });
    expect(divide(clips, { folds: 4 })).toMatchObject({ splits: { length: 4 }, warnings: [] });
    expect(() => divide(clips, { folds: 13 })).toThrow(/13 folds.*12 people \(person\).*--folds 12/);
    expect(() => divide(clipsOf(2, () => ['a']))).toThrow(/by group: 2 people \(person\)/);
  });

  it('spreads the values of a regression task', () => {
    const made = divide(
      clipsOf(40, (person) => person, 1),
      { folds: 4 },
    );
    const means = made.splits.map((fold) => {
      const values = made.entries.flatMap(({ split, content }) => (split === fold ? [content as number] : []));
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    });
    for (const mean of means) expect(Math.abs(mean - 19.5)).toBeLessThan(6);
  });

  it('never divides a group, whatever there is', () => {
    const clips = fc.array(fc.record({ group: fc.nat(40), label: fc.constantFrom('a', 'b', 'c') }), { minLength: 1 });
    fc.assert(
      fc.property(clips, fc.nat(9), (some, seed) => {
        const planned = some.map(({ group, label }, index): LabelledClip => ({
          clip: { name: `c${index}`, source: 'x', group: String(group), metadata: {} },
          content: [label],
        }));
        fc.pre(new Set(some.map(({ group }) => group)).size >= 3);
        const made = divide(planned, { seed });
        expect([...splitsOf(made, 'group').values()].every((splits) => splits.size === 1)).toBe(true);
        expect(new Set(made.entries.map(({ split }) => split))).toEqual(new Set(made.splits));
      }),
    );
  });
});

describe('groupWarnings', () => {
  const taskOf = (people: number, state: 'named' | 'none' | 'unknown') => {
    const { splits, splitMode, entries } = divide(clipsOf(people, (_, clip) => [clip % 2 ? 'a' : 'b']));
    const about = { name: 'coughs', description: '', modality: 'audio', embeddingType: 'scene' } as const;
    const rest = { predictionType: 'multiclass', evaluation: ['top1_acc'], labels: ['a', 'b'] } as const;
    return { ...about, ...rest, splits, splitMode, entries, grouping: state === 'named' ? grouping : { state } };
  };

  it('says that so few cannot tell models apart', () => {
    expect(groupWarnings(taskOf(6, 'named'))).toEqual([
      expect.stringMatching(/6 people are too few to tell models apart/),
    ]);
    expect(groupWarnings(taskOf(12, 'named'))).toEqual([]);
    expect(groupWarnings(taskOf(60, 'named'))).toEqual([]);
  });

  it('says what is assumed where nobody named people', () => {
    expect(groupWarnings(taskOf(60, 'unknown'))).toEqual([expect.stringMatching(/scores assume that no two clips/)]);
    expect(groupWarnings(taskOf(60, 'none'))).toEqual([]);
  });
});
