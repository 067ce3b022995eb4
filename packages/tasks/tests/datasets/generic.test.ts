import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { convert, labelsBy, npyRecord, ramp } from './replica.js';

const newFolder = temporaryFolders();
const wav = ramp(16_000, 0.1);

const files = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`audio/c${index}.wav`, wav]));
const table = (head: string, row: (index: number) => string) =>
  `${head}\n${Array.from({ length: 20 }, (_, index) => row(index)).join('\n')}\n`;

describe('csv', () => {
  it('divides by group and keeps further columns', async () => {
    const text = table(
      'file,label,group,device,note',
      (i) => `audio/c${i}.wav,${i % 2 ? 'cough' : 'sneeze'},p${i >> 1},d${i % 3},x`,
    );
    const { task, rows, warnings } = await convert(
      'csv',
      await newFolder(),
      { ...files, 'my.csv': text },
      { name: 'My Coughs', folds: 1 },
    );
    const made = await task('my_coughs');
    expect(made.labels).toEqual(['cough', 'sneeze']);
    expect([...made.splits.values()].map((clips) => clips.length)).toEqual([12, 4, 4]);
    const splitOf = new Map<string, string>();
    for (const { group, split } of await rows('my_coughs')) {
      expect(splitOf.get(group) ?? split).toBe(split);
      splitOf.set(group, split);
    }
    expect((await rows('my_coughs'))[4]).toMatchObject({ clip: 'c4.wav', device: 'd1', note: 'x', group: 'p2' });
    expect(warnings).toEqual([expect.stringMatching(/2 people are too few to tell models apart/)]);
  });

  it('honours splits, and refuses one that divides a person', async () => {
    const split = (i: number) => ['train', 'train', 'val', 'test'][(i >> 1) % 4];
    const honest = table('file,label,group,split', (i) => `c${i}.wav,${i % 2},p${i >> 1},${split(i)}`);
    const { task } = await convert('csv', await newFolder(), { ...files, 'audio/my.csv': honest });
    expect([...(await task('my_task')).splits.values()].map((clips) => clips.length)).toEqual([12, 4, 4]);
    const leak = honest.replace('c1.wav,1,p0,train', 'c1.wav,1,p0,test');
    await expect(convert('csv', await newFolder(), { ...files, 'audio/my.csv': leak })).rejects.toThrow(
      /'p0' in test and train/,
    );
  });

  it('makes multilabel, regression and fold tasks', async () => {
    const several = table('path,tags', (i) => `audio/c${i}.wav,${i % 2 ? 'a|b' : 'a'}`);
    const multilabel = await convert(
      'csv',
      await newFolder(),
      { ...files, 'my.csv': several },
      {
        ...{ fileColumn: 'path', labelColumns: ['tags'], labelSeparator: '|', folds: 4 },
      },
    );
    const folds = await multilabel.task('my_task');
    expect([folds.metadata.predictionType, folds.splits.size]).toEqual(['multilabel', 4]);
    expect(multilabel.warnings.join()).toMatch(/nothing says which clips belong together/);
    const columns = table('file,x,y', (i) => `audio/c${i}.wav,${i % 2},1`);
    const flags = await convert(
      'csv',
      await newFolder(),
      { ...files, 'my.csv': columns },
      { labelColumns: ['x', 'y'], folds: 1 },
    );
    expect(Object.values(labelsBy(await flags.task('my_task'), 'train'))).toContainEqual(['x', 'y']);
    const ages = table('file,age', (i) => `audio/c${i}.wav,${i}.5`);
    const regression = await convert(
      'csv',
      await newFolder(),
      { ...files, 'my.csv': ages },
      {
        ...{ labelColumns: ['age'], predictionType: 'regression' as const, folds: 1 },
      },
    );
    const task = await regression.task('my_task');
    expect(task.metadata.evaluation[0]).toBe('mae');
    expect(task.splits.get('train')?.[0].values).toEqual([0.5]);
  });

  it('reads ECG records at 500 Hz', async () => {
    const records = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`r${i}.npy`, npyRecord(1000)]));
    const text = table('file,label', (i) => `r${i}.npy,${i % 2}`);
    const { task } = await convert('csv', await newFolder(), { ...records, 'my.csv': text });
    const made = await task('my_task');
    expect([made.metadata.modality, made.sampleRates]).toEqual(['ecg', [500]]);
  });

  it('names the line of what is wrong, and keeps within its folder', async () => {
    const run = async (text: string, more = {}) =>
      convert('csv', await newFolder(), { ...files, 'my.csv': text, ...more });
    await expect(run('file,label\naudio/c0.wav,a\nnone.wav,b\n')).rejects.toThrow(
      /line 3 of 'my.csv': 'none.wav' \(no file of that name\)/,
    );
    await expect(run('file,label\n../../../etc/passwd,a\n')).rejects.toThrow(/line 2 .*no file/);
    await expect(run('file,label\naudio/c0.wav,\n')).rejects.toThrow(/line 2 .*0 labels/);
    await expect(run('file,label,group\naudio/c0.wav,a,\n')).rejects.toThrow(/line 2 .*no group/);
    await expect(run('file,label\nc0.wav,a\n')).rejects.toThrow(/write 'audio\/c0.wav'/);
    await expect(run('file,label\naudio/c0.wav,a\naudio/c0.wav,b\n')).rejects.toThrow(
      /line 3 of 'my.csv'.*'audio\/c0.wav' a second time, after line 2/,
    );
    await expect(run('file,label\naudio/c0.wav,a\n', { 'other.csv': 'x' })).rejects.toThrow(
      /2: my.csv, other.csv.*--table/,
    );
  });
});

describe('folders', () => {
  const named = (path: (index: number) => string) =>
    Object.fromEntries(Array.from({ length: 12 }, (_, index) => [path(index), wav]));

  it('takes classes from folders, people from a pattern', async () => {
    const download = named((i) => `${i % 2 ? 'cough' : 'breath'}/p${i >> 1}_${i}.wav`);
    const options = { name: 'mine', groupPattern: '/(p\\d+)_' };
    const { task, rows } = await convert('folders', await newFolder(), { ...download, 'README.md': 'x' }, options);
    expect((await task('mine')).labels).toEqual(['breath', 'cough']);
    expect(new Set((await rows('mine')).map(({ group }) => group)).size).toBe(6);
    await expect(convert('folders', await newFolder(), download, { groupPattern: '(' })).rejects.toThrow(
      /group pattern/,
    );
    await expect(convert('folders', await newFolder(), download, { groupPattern: 'q' })).rejects.toThrow(/no match/);
  });

  it('takes splits from the outer folders, and tells files of one name apart', async () => {
    const download = named((i) => `${['train', 'valid', 'test'][i % 3]}/${i % 2 ? 'a' : 'b'}/same${i >> 2}.wav`);
    const { task } = await convert('folders', await newFolder(), download, { name: 'mine' });
    expect(Object.keys(labelsBy(await task('mine'), 'valid'))).toContain('valid_a_same0.wav');
    await expect(convert('folders', await newFolder(), { 'a.wav': wav })).rejects.toThrow(
      /'a.wav', which is not in a folder/,
    );
  });
});
