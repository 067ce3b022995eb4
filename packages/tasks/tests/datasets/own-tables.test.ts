import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeWav } from '@hearken/signals';
import type { MakeTasksOptions } from '../../src/datasets/make-tasks.node.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { convert, npyRecord, ramp, wfdbRecord, writeReplica, type Files } from './replica.js';

const newFolder = temporaryFolders();
const wav = ramp(16_000, 1);
const files = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`c${index}.wav`, wav]));
const table = (head: string, row: (index: number) => string) =>
  `${head}\n${Array.from({ length: 9 }, (_, index) => row(index)).join('\n')}\n`;
const plain = table('file,label,person', (i) => `c${i}.wav,${i % 2 ? 'a' : 'b'},p${i}`);

async function make(content: Files, options: Partial<MakeTasksOptions> = {}) {
  const root = await newFolder();
  const notes: string[] = [];
  const made = await convert('csv', root, content, { onNote: (text) => notes.push(text), ...options });
  const folder = join(root, 'tasks/my_task-v1-full');
  const read = async (name: string) => readFile(join(folder, name), 'utf8');
  const metadata = JSON.parse(await read('task_metadata.json')) as Record<string, unknown>;
  return { ...made, notes, root, folder, metadata, read };
}

const failing = async (content: Files, options: Partial<MakeTasksOptions> = {}) =>
  make(content, options).then(
    () => 'made',
    (error: unknown) => (error as Error).message,
  );

describe('columns of people', () => {
  it.each(['person', 'patient_id', 'Subject', 'speakerID', 'participant', 'recording'])(
    'are found: %s',
    async (name) => {
      const text = table(`file,label,${name}`, (i) => `c${i}.wav,${i % 2 ? 'a' : 'b'},p${i % 4}`);
      const { metadata, notes, made } = await make({ ...files, 'my.csv': text });
      expect(metadata.grouping).toEqual({ state: 'named', by: name, count: 4 });
      expect(notes.join()).toContain(`grouped by column '${name}'`);
      expect(Object.values(made[0].groups ?? {}).reduce((sum, count) => sum + count, 0)).toBe(4);
    },
  );

  it('are not a recording of its own for every row', async () => {
    const text = table('file,label,recording', (i) => `c${i}.wav,${i % 2 ? 'a' : 'b'},r${i}`);
    const { metadata, warnings } = await make({ ...files, 'my.csv': text });
    expect(metadata.grouping).toEqual({ state: 'unknown' });
    expect(warnings.join()).toMatch(/scores assume that no two clips share a person/);
  });

  it('are answered by none, or by a person who is asked once', async () => {
    const text = table('file,label', (i) => `c${i}.wav,${i % 2 ? 'a' : 'b'}`);
    const content = { ...files, 'my.csv': text };
    const none = await make(content, { groupColumn: 'none' });
    expect([none.metadata.grouping, none.warnings.join()]).toEqual([
      { state: 'none' },
      expect.not.stringContaining('scores assume'),
    ]);
    let asked = 0;
    const answering = (answer: boolean | undefined) => ({
      askWhetherShared: () => {
        asked += 1;
        return Promise.resolve(answer);
      },
    });
    const no = await make(content, answering(false));
    expect([no.metadata.grouping, asked]).toEqual([{ state: 'none' }, 1]);
    // The answer holds: the same task is there, and nobody is asked again.
    const again = await convert('csv', no.root, content, answering(false));
    expect([again.made[0].state, again.made[0].grouping, asked]).toEqual(['present', { state: 'none' }, 1]);
    expect((await make(content, answering(undefined))).metadata.grouping).toEqual({ state: 'unknown' });
    expect(await failing(content, answering(true))).toMatch(/clips that share people.*--group-column/);
  });

  it('are an error where a split divides one', async () => {
    const text = table(
      'file,label,patient,split',
      (i) => `c${i}.wav,a,p${i % 3},${['train', 'valid', 'test'][i >> 2]}`,
    );
    expect(await failing({ ...files, 'my.csv': text })).toMatch(/'p\d' in .* and .*put all clips of one person/);
  });
});

describe('onset and offset', () => {
  const events =
    'file,onset,offset,label\nc0.wav,0.1,0.25,x\nc0.wav,0.5,0.75,y\nc1.wav,,,\nc2.wav,0,0.5,x\nc3.wav,0.2,0.4,y\n';

  it('make events, and name the columns', async () => {
    const { task, metadata, notes } = await make({ ...files, 'my.csv': events }, { folds: 1 });
    const made = await task('my_task');
    expect([metadata.embedding_type, made.labels]).toEqual(['event', ['x', 'y']]);
    const clips = new Map([...made.splits.values()].flat().map((clip) => [clip.name, clip.events]));
    expect(clips.get('c0.wav')).toEqual([
      { label: 'x', start: 100, end: 250 },
      { label: 'y', start: 500, end: 750 },
    ]);
    expect(clips.get('c1.wav')).toEqual([]);
    expect(notes.join('\n')).toMatch(/'onset' and 'offset' are read as events/);
    expect(notes.join('\n')).toMatch(/are read as seconds/);
  });

  it.each([
    ['start,end', '0.1,0.25'],
    ['Start Time (s),End Time (s)', '0.1,0.25'],
    ['onset_ms,offset_ms', '100,250'],
    ['onset,duration', '0.1,0.15'],
    ['onset (ms),duration_s', '100,0.15'],
    ['beginTime,stopTime', '0.1,0.25'],
  ])('go by the names %s', async (names, times) => {
    const text = table(`file,label,${names}`, (i) => `c${i}.wav,${i % 2 ? 'a' : 'b'},${times}`);
    const { task } = await make({ ...files, 'my.csv': text });
    const [clip] = [...(await task('my_task')).splits.values()].flat();
    expect(clip.events).toEqual([{ label: expect.any(String) as string, start: 100, end: 250 }]);
  });

  it('cut clips where that is asked for', async () => {
    const cuts = events.replace('c1.wav,,,\n', '');
    const { task, rows, metadata } = await make(
      { ...files, 'my.csv': cuts },
      { times: 'clips', folds: 1, groupColumn: 'none' },
    );
    expect(metadata.embedding_type).toBe('scene');
    expect([...(await task('my_task')).splits.values()].flat()).toHaveLength(4);
    expect((await rows('my_task'))[1]).toMatchObject({ clip: 'c0_001.wav', start: '0.5', end: '0.75' });
  });

  it('are refused by name where they are not whole, or wrong', async () => {
    const run = (head: string, cells: string, options = {}) =>
      failing({ ...files, 'my.csv': table(`file,label,${head}`, (i) => `c${i}.wav,a,${cells}`) }, options);
    expect(await run('onset', '0.1')).toMatch(/column 'onset' without one for the end.*--metadata-column/);
    expect(await run('offset', '0.1')).toMatch(/column 'offset' without one for the start/);
    expect(await run('onset,offset,end', '0,1,1')).toMatch(/columns 'offset', 'end' for the same time/);
    expect(await run('start_sample,end_sample', '0,10')).toMatch(/'start_sample' in sample/);
    expect(await run('onset,offset', '0.5,0.1')).toMatch(/line 2 .*onset 0.5 and offset 0.1/);
    expect(await run('onset,offset', 'early,late')).toMatch(/line 2 .*"early" as onset/);
    // Milliseconds taken for seconds.
    expect(await run('onset,offset', '100,250')).toMatch(/an event that ends at 250 s of 1 s.*--time-unit/);
    expect(await run('onset,offset', '100,250', { timeUnit: 'ms' })).toBe('made');
    expect(await run('onset,offset', '0,1', { predictionType: 'regression' })).toMatch(/events.*--times clips/);
    expect(await run('onset', '0.1', { metadataColumns: ['onset'] })).toBe('made');
    // How long a file is says nothing of events.
    expect(await run('duration', '1.0')).toBe('made');
  });
});

describe('a file that a table names', () => {
  it('may be named without its ending, as WFDB records are', async () => {
    const records = Object.assign({}, ...Array.from({ length: 9 }, (_, i) => wfdbRecord(`r${i}`, 360, 1))) as Files;
    for (const ending of ['', '.hea', '.dat']) {
      const text = table('file,label,patient', (i) => `r${i}${ending},${i % 2 ? 'a' : 'b'},p${i}`);
      const { task, metadata } = await make({ ...records, 'my.csv': text });
      expect([metadata.modality, (await task('my_task')).sampleRates]).toEqual(['ecg', [360]]);
    }
  });

  it('may be missing, or a link that leads nowhere: all are named, and can be left out', async () => {
    const root = await newFolder();
    const text = table(
      'file,label,person',
      (i) => `${['none.wav', 'dangling.wav', 'out.wav'][i - 6] ?? `c${i}.wav`},${i % 2 ? 'a' : 'b'},p${i}`,
    );
    await writeReplica(join(root, 'outside'), { 'o.wav': wav });
    await mkdir(join(root, 'source'));
    await symlink(join(root, 'nowhere.wav'), join(root, 'source/dangling.wav'));
    await symlink(join(root, 'outside/o.wav'), join(root, 'source/out.wav'));
    const content = { ...files, 'my.csv': text };
    const error = await convert('csv', root, content).catch((cause: unknown) => (cause as Error).message);
    expect(error).toMatch(
      /3 that cannot be used: line 8 .*'none.wav' \(no file of that name\); line 9 .*leads nowhere.*line 10 .*out of the folder/,
    );
    expect(error).toMatch(/--allow-missing/);
    const { made, warnings } = await convert('csv', root, content, { allowMissing: true });
    expect(Object.values(made[0].clips).reduce((sum, count) => sum + count, 0)).toBe(6);
    expect(warnings.join('\n')).toMatch(/Left out 3 recordings: .*problems.csv/);
    const listed = await readFile(join(root, 'tasks/my_task-v1-full/problems.csv'), 'utf8');
    expect(listed).toMatch(/^source,clip,start,end,severity,left_out,found,fix\nnone.wav,,,,unusable,yes,/);
    expect(listed.trimEnd().split('\n')).toHaveLength(4);
  });

  it('may be a link to a file of the same folder', async () => {
    const root = await newFolder();
    await writeReplica(join(root, 'source'), {
      '.git/annex/k1': wav,
      ...files,
      'my.csv': plain.replace('c0.wav', 'l0.wav'),
    });
    await symlink('.git/annex/k1', join(root, 'source/l0.wav'));
    const { rows } = await convert('csv', root, {});
    expect((await rows('my_task'))[0]).toMatchObject({ clip: 'l0.wav', source: 'l0.wav' });
  });
});

describe('bad recordings', () => {
  const broken = { ...files, 'c3.wav': Uint8Array.of(1, 2, 3), 'c4.wav': new Uint8Array(), 'my.csv': plain };
  const silent = encodeWav(new Float32Array(8000), 16_000);

  it('are named file by file, and left out', async () => {
    const error = await failing(broken);
    expect(error).toMatch(/2 that cannot be used: 'c3.wav' \(.*'c4.wav' \(/);
    const { made, read } = await make(broken, { allowMissing: true });
    expect(made[0].leftOut).toBe(2);
    expect(await read('problems.csv')).toMatch(/c3.wav,,,,unusable,yes,.*\nc4.wav,/);
    expect(await read('conversion.json')).toContain('"c3.wav"');
  });

  it('are kept with a warning where they can be used, or left out', async () => {
    const content = { ...files, 'c3.wav': silent, 'my.csv': plain };
    const kept = await make(content);
    expect(kept.warnings.join('\n')).toMatch(/Kept 1 recording that looks wrong: 'c3.wav' \(silence/);
    expect([kept.made[0].leftOut, await kept.read('problems.csv')]).toEqual([
      0,
      expect.stringContaining(',suspicious,no,'),
    ]);
    const skipped = await make(content, { skipBad: true });
    expect([skipped.made[0].leftOut, await skipped.read('problems.csv')]).toEqual([
      1,
      expect.stringContaining(',yes,silence'),
    ]);
  });

  it('of ECGs lead to no advice about WAV', async () => {
    const two = wfdbRecord('r8', 500, 1);
    // A record without lead V6.
    const header = String(two['r8.hea']).replace(/ V6\n/, ' X9\n');
    const records = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`r${i}.npy`, npyRecord(500)]));
    const text = table('file,label,patient', (i) => `r${i}${i < 8 ? '.npy' : '.hea'},${i % 2 ? 'a' : 'b'},p${i}`);
    const error = await failing({ ...records, ...two, 'r8.hea': header, 'my.csv': text });
    expect(error).toMatch(/'r8.hea' \(.*V6/);
    expect(error).not.toMatch(/WAV/i);
  });
});

describe('rates', () => {
  it('are kept, the highest where there are several', async () => {
    const same = Object.fromEntries(Object.keys(files).map((name) => [name, ramp(44_100, 0.2)]));
    const one = await make({ ...same, 'my.csv': plain });
    expect([(await one.task('my_task')).sampleRates, one.warnings.join()]).toEqual([
      [44_100],
      expect.not.stringContaining('Hz'),
    ]);
    const mixed = await make({ ...same, 'c0.wav': ramp(8000, 0.2), 'my.csv': plain });
    expect((await mixed.task('my_task')).sampleRates).toEqual([44_100]);
    expect(mixed.warnings.join('\n')).toMatch(/several sample rates \(1 of 8000 Hz, 8 of 44100 Hz\); .*44100 Hz/);
  });

  it('that are lowered are said', async () => {
    const { task, warnings } = await make({ ...files, 'my.csv': plain }, { sampleRate: 8000 });
    expect((await task('my_task')).sampleRates).toEqual([8000]);
    expect(warnings.join('\n')).toMatch(/downsampled to 8000 Hz \(9 of 16000 Hz\): what is above 4000 Hz is lost/);
  });
});

describe('other spellings of a table', () => {
  it('are read: semicolons, decimal commas, Excel, UTF-16', async () => {
    const text = `sep=;\r\n${table('file;fev1;person', (i) => `c${i}.wav;${i},5;p${i}`).replace(/\n/g, '\r\n')}`;
    const options = { labelColumns: ['fev1'], predictionType: 'regression' as const, folds: 3 };
    for (const content of [text, Buffer.from(`\uFEFF${text}`, 'utf16le')]) {
      const { task } = await make({ ...files, 'my.csv': content }, options);
      const values = [...(await task('my_task')).splits.values()].flat().map(({ values: [value] = [] }) => value);
      expect(values.sort()).toEqual([0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5]);
    }
  });

  it('name what is kept and what is left out', async () => {
    const text = table('file,label,person,device,note', (i) => `c${i}.wav,a,p${i},d,n`);
    expect((await make({ ...files, 'my.csv': text })).notes).toContainEqual(
      expect.stringMatching(/copied to clips.csv and not used otherwise: 'device', 'note'/),
    );
    const some = await make({ ...files, 'my.csv': text }, { metadataColumns: ['device'] });
    expect(some.notes).toContainEqual("Columns left out: 'note'.");
    expect(await failing({ ...files, 'my.csv': text }, { labelColumns: ['lable'] })).toMatch(/'lable'.*--label-column/);
  });
});

describe('hearken tasks make csv', () => {
  it('says how many clips and groups each part has', async () => {
    const root = await newFolder();
    const text = table(
      'file,label,split,person',
      (i) => `c${i}.wav,${i % 2 ? 'a' : 'b'},${['train', 'valid', 'test'][i % 3]},p${i % 6}`,
    );
    await writeReplica(join(root, 'source'), { ...files, 'my.csv': text });
    const args = ['csv', '--source', join(root, 'source'), '--out', join(root, 'tasks')];
    const { status, out, err } = await hearken('tasks', 'make', ...args);
    expect([status, out]).toEqual([0, expect.stringMatching(/train 3, valid 3, test 3 │ train 2, valid 2, test 2/)]);
    expect(err).toMatch(/Warning: my_task: 2 people are too few to tell models apart/);
    const json = JSON.parse((await hearken('tasks', 'make', ...args, '--json')).out) as unknown;
    expect(json).toMatchObject([
      { state: 'present', groups: { train: 2, valid: 2, test: 2 }, grouping: { by: 'person' } },
    ]);
  });
});
