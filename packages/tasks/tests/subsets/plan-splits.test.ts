import { TaskError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import type { ClipTable } from '../../src/subsets/clip-table.js';
import { planSplits } from '../../src/subsets/plan-splits.js';
import { madeTask } from './made-clips.js';

function table(cell: (split: string, clip: number, column: string) => string): ClipTable {
  return {
    path: 'clips.csv',
    sha256: '0'.repeat(64),
    columns: ['group', 'device'],
    groupColumn: 'group',
    cell: (split, clip, column) => cell(split, Number.parseInt(clip, 10), column),
  };
}

describe('planSplits', () => {
  it('takes a share of the training clips and leaves validation and test alone', () => {
    const task = madeTask({ train: 40, valid: 6, test: 8 });
    const { picked, folds, trainClips, warnings } = planSplits(task, undefined, { trainFraction: 0.25, seed: 1 });
    expect(folds).toEqual([[{ train: ['train'], valid: ['valid'], test: ['test'] }]]);
    expect(picked.get('train')?.clips).toHaveLength(10);
    expect(picked.get('valid')?.clips).toEqual([0, 1, 2, 3, 4, 5]);
    expect(picked.get('test')?.clips).toHaveLength(8);
    expect([trainClips, warnings]).toEqual([[10], []]);
  });

  it('draws of all training folds together, and tests whole folds', () => {
    const task = madeTask({ f0: 12, f1: 12, f2: 12, f3: 12 }, true);
    const { picked, folds, trainClips } = planSplits(task, undefined, { trainFraction: 0.25, seed: 1 });
    expect(trainClips).toEqual([6, 6, 6, 6]);
    expect(folds[0].map(({ test }) => test)).toEqual([['f0'], ['f1'], ['f2'], ['f3']]);
    for (const { train, valid, test } of folds[0]) {
      for (const name of [...valid, ...test]) expect(picked.get(name)?.clips).toHaveLength(12);
      const origins = train.map((name) => picked.get(name)?.split);
      expect(origins).not.toContain(test[0]);
      expect(origins).not.toContain(valid[0]);
    }
  });

  it('has a draw for each probe seed, nested in itself', () => {
    const task = madeTask({ train: 64, valid: 4, test: 4 });
    const plan = (trainFraction: number) => planSplits(task, undefined, { trainFraction, seed: 5, seeds: 3 });
    const clips = ({ picked, folds }: ReturnType<typeof plan>, draw: number) =>
      folds[draw][0].train.flatMap((name) => picked.get(name)?.clips ?? []);
    const [small, large] = [plan(0.125), plan(0.5)];
    expect(small.folds).toHaveLength(3);
    for (const draw of [0, 1, 2]) {
      expect(clips(small, draw)).toHaveLength(8);
      expect(clips(large, draw)).toEqual(expect.arrayContaining(clips(small, draw)));
    }
    expect(clips(small, 0)).not.toEqual(clips(small, 1));
    // The draw of a seed does not depend on how many follow.
    expect(clips(planSplits(task, undefined, { trainFraction: 0.125, seed: 6 }), 0)).toEqual(clips(small, 1));
  });

  it('draws whole groups where clips.csv has them', () => {
    const task = madeTask({ train: 60, valid: 4, test: 4 });
    const person = (clip: number) => `p${clip % 12}`;
    const groups = table((_split, clip) => person(clip));
    const { picked } = planSplits(task, groups, { trainFraction: 0.5, seed: 2 });
    const drawn = picked.get('train')?.clips ?? [];
    const people = new Set(drawn.map(person));
    expect(drawn).toHaveLength(people.size * 5);
    expect(people.size).toBe(6);
  });

  it('names the classes that a share is too small for', () => {
    const task = madeTask({ train: 6, valid: 4, test: 4 });
    const { warnings, trainClips } = planSplits(task, undefined, { trainFraction: 0.125, seed: 1 });
    expect(warnings).toEqual([expect.stringMatching(/0\.125 of the training clips.*'cat', '7'; one of each is kept/)]);
    expect(trainClips).toEqual([2]);
  });

  it('trains and validates on some devices, and tests on others', () => {
    const task = madeTask({ train: 12, valid: 6, test: 6 });
    const devices = ['phone', 'tablet', ''];
    const known = table((_split, clip) => devices[clip % 3]);
    const generalization = { column: 'device', train: ['phone'], test: ['tablet'] };
    const { picked } = planSplits(task, known, { generalization, seed: 0 });
    expect(picked.get('train')?.clips).toEqual([0, 3, 6, 9]);
    expect(picked.get('valid')?.clips).toEqual([0, 3]);
    expect(picked.get('test')?.clips).toEqual([1, 4]);
  });

  it('keeps the names of folds that test, though they train with other clips', () => {
    const task = madeTask({ f0: 4, f1: 4, f2: 4 }, true);
    const known = table((_split, clip) => (clip < 2 ? 'phone' : 'tablet'));
    const generalization = { column: 'device', train: ['phone'], test: ['tablet'] };
    const { picked, folds } = planSplits(task, known, { generalization, seed: 0 });
    expect(folds[0].map(({ test }) => test[0])).toEqual(['f0', 'f1', 'f2']);
    for (const { train, valid, test } of folds[0]) {
      for (const name of [...train, ...valid]) expect(picked.get(name)?.clips).toEqual([0, 1]);
      expect(picked.get(test[0])?.clips).toEqual([2, 3]);
    }
  });

  it('says which values a split has where none is left', () => {
    const task = madeTask({ train: 4, valid: 2, test: 2 });
    const known = table((split, clip) => (split === 'valid' ? 'tablet' : clip % 2 === 0 ? 'phone' : 'tablet'));
    const generalization = { column: 'device', train: ['phone'], test: ['tablet'] };
    const plan = () => planSplits(task, known, { generalization, seed: 0 });
    expect(plan).toThrow(TaskError);
    expect(plan).toThrow(/split 'valid'.*device phone.*none; it has 'tablet' \(2\)/);
  });
});
