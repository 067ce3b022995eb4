import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OptionError, TaskError } from '@hearken/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { readClipTable } from '../../src/subsets/clip-table.node.js';
import { checkDividedGroups } from '../../src/subsets/divided-groups.js';
import { resolveGeneralization, type GeneralizationRequest } from '../../src/subsets/generalization.js';
import type { Grouping } from '../../src/task.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { madeTask, writeClipTable } from './made-clips.js';

const temporaryFolder = temporaryFolders();
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
});

const read = (grouping?: Grouping) => {
  const { metadata } = madeTask({ train: 1, valid: 1, test: 1 });
  return readClipTable({ folder, metadata: grouping === undefined ? metadata : { ...metadata, grouping } });
};
const devices = ['phone', 'tablet', ''];

describe('readClipTable', () => {
  it('finds the cell of a clip, and the columns that clips differ by', async () => {
    expect(await read()).toBeUndefined();
    await writeClipTable(folder, 3, (split, clip) => [`${split} ${clip}`, devices[clip]]);
    const table = (await read())!;
    expect(table.columns).toEqual(['group', 'device']);
    expect(table.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect([table.cell('valid', '1.wav', 'group'), table.cell('test', '2.wav', 'device')]).toEqual(['valid 1', '']);
    expect(() => table.cell('test', '3.wav', 'device')).toThrow(/clip '3\.wav' of split 'test'.*no line for it/);
  });

  it('takes groups from where the task says that they are', async () => {
    await writeFile(join(folder, 'clips.csv'), 'clip,split,patient,video\na.wav,train,p,v\n');
    expect((await read())?.groupColumn).toBe('patient');
    expect((await read({ state: 'unknown' }))?.groupColumn).toBe('patient');
    expect((await read({ state: 'named', by: 'video' }))?.groupColumn).toBe('video');
    expect((await read({ state: 'named', by: 'uploader' }))?.groupColumn).toBe('patient');
    // Whoever made the task says that no two clips share anybody.
    expect((await read({ state: 'none' }))?.groupColumn).toBeUndefined();
    await writeFile(join(folder, 'clips.csv'), 'clip,split,video,group\na.wav,train,v,g\n');
    expect((await read({ state: 'named', by: 'video' }))?.groupColumn).toBe('group');
  });

  it.each([
    ['clip,group\na.wav,x\n', /no column 'split'/],
    ['clip,split\na.wav,train\na.wav,train\n', /line 3.*a second time/],
    ['clip,split\na.wav\n', /line 2/],
    ['', /clips\.csv/],
  ])('refuses %j', async (text, message) => {
    await writeFile(join(folder, 'clips.csv'), text);
    await expect(read()).rejects.toThrow(TaskError);
    await expect(read()).rejects.toThrow(message);
  });
});

describe('resolveGeneralization', () => {
  const task = madeTask({ train: 3, valid: 3, test: 3 });
  const resolve = async (request: GeneralizationRequest) => {
    await writeClipTable(folder, 3, (_split, clip) => ['', devices[clip]]);
    return resolveGeneralization(task, await read(), request);
  };

  it('gives the values that nobody names to the other side', async () => {
    const both = { column: 'device', train: ['phone'], test: ['tablet'] };
    expect(await resolve({ column: 'device', train: ['phone'] })).toEqual(both);
    expect(await resolve({ column: 'device', test: ['tablet'] })).toEqual(both);
    expect(await resolve(both)).toEqual(both);
  });

  it('lists what there is where a column or value is not', async () => {
    const counts = "'phone' \\(3\\), 'tablet' \\(3\\), unknown \\(3\\)";
    await expect(resolve({ column: 'devise', train: ['phone'] })).rejects.toThrow(
      /it has group, device; did you mean 'device'\?/,
    );
    await expect(resolve({ column: 'device', train: ['phon'] })).rejects.toThrow(
      new RegExp(`no clips with value 'phon'; there are ${counts}; did you mean 'phone'\\?`),
    );
    await expect(resolve({ column: 'device', train: ['phone', 'tablet'] })).rejects.toThrow(/no value to test on/);
    expect(() => resolveGeneralization(task, undefined, { column: 'device', train: ['x'] })).toThrow(/no clips\.csv/);
  });

  it('refuses a request without values, or with one on both sides', async () => {
    await expect(resolve({ column: 'device' })).rejects.toThrow(OptionError);
    await expect(resolve({ column: 'device', train: ['phone'], test: ['phone'] })).rejects.toThrow(/on both sides/);
  });
});

describe('checkDividedGroups', () => {
  it('refuses a person in two splits by name, but for those that a conversion knows of', async () => {
    await writeClipTable(folder, 2, (split, clip) => [clip === 0 && split !== 'valid' ? 'ann' : `${split}${clip}`, '']);
    const task = { ...madeTask({ train: 2, valid: 2, test: 2 }), folder };
    const table = (await read())!;
    await expect(checkDividedGroups(task, table)).rejects.toThrow(
      /'ann' in train and test \(column 'group'\); put all clips/,
    );
    await writeFile(join(folder, 'conversion.json'), '{}');
    expect(await checkDividedGroups(task, table)).toEqual([
      expect.stringMatching(/'ann' in train and test \(column 'group'\); scores/),
    ]);
    await writeClipTable(folder, 2, (split, clip) => [`${split}${clip}`, '']);
    expect(await checkDividedGroups(task, (await read())!)).toEqual([]);
  });
});
