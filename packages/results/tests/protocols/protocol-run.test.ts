import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeWav } from '@hearken/signals';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeMiniTasks } from '@hearken/tasks/node';
import { embeddedClips, fakePlugin } from '../../../../tests/support/fake-run.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeTask } from '../../../../tests/support/task-folder.js';
import { tone, writeToneTask } from '../../../../tests/support/tone-task.js';
import { writeClipTable } from '../../../tasks/tests/subsets/made-clips.js';

const temporaryFolder = temporaryFolders();
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

const places = () => ['--out', join(folder, 'out'), '--cache', join(folder, 'cache'), '--threads', '1'];
const run = (...more: string[]) =>
  hearken('run', '--model', fakePlugin, '--tasks', join(folder, 'tasks'), ...places(), ...more);
const quick = ['--probe', 'linear', '--grid', 'faster', '--grid-points', '1'];

/** A task of the ICBHI protocol, of tones. */
function writeCycles(name: string) {
  const metadata = { evaluation: ['icbhi_score', 'top1_acc'], evaluation_params: { normal_label: 'low' } };
  return writeToneTask(join(folder, 'tasks', name), { name, clips: 8, metadata });
}

describe('hearken run --protocol', () => {
  it('runs the tasks that it asks for with its probe, names the others and ends with its mean', async () => {
    await writeCycles('icbhi_4class_official');
    await writeToneTask(join(folder, 'tasks', 'other'), { name: 'other', clips: 2 });
    const { status, out, err } = await run('--protocol', 'icbhi');
    expect(err).not.toContain('other-v1-full');
    expect(status).toBe(0);
    expect(out).toMatch(
      /fake:small: mean score \d\.\d{4} over 1 of 2 tasks of icbhi \(Four classes\)\nMissing: Two classes\n$/,
    );
    const [name] = (await readdir(join(folder, 'out', 'fake-small'))).filter((file) => file.endsWith('.json'));
    const result = JSON.parse(await readFile(join(folder, 'out', 'fake-small', name), 'utf8')) as object;
    expect(result).toMatchObject({ evaluation: { probe: 'linear', grid: 'default', gridPoints: 8 } });

    await writeCycles('icbhi_2class_official');
    const json = await run('--protocol', 'icbhi', '--json');
    expect(JSON.parse(json.out)).toHaveLength(2);
    expect(json.err).toMatch(/over 2 of 2 tasks of icbhi/);
    const score = await hearken('protocols', 'score', join(folder, 'out'), '--protocol', 'icbhi');
    expect(score.out).toMatch(/Four classes.*icbhi_score.*\d\.\d{4}/);
    expect(score.out).toMatch(/mean score, all.*over 2/);
    expect(score).toMatchObject({ status: 0, err: '' });

    await writeFile(join(folder, 'out', 'damaged.json'), JSON.stringify({ ...result, scores: [] }));
    const beside = await hearken('protocols', 'score', join(folder, 'out'), '--protocol', 'icbhi');
    expect(beside.out).toBe(score.out);
    expect(beside.err).toMatch(/damaged\.json was skipped: scores is \[\], expected an object with mean/);
    expect(beside.status).toBe(1);
  });

  it('adds up each share of the training clips, and results across devices, on their own', async () => {
    const task = await writeCycles('icbhi_4class_official');
    await writeClipTable(task, 8, (split, clip) => [`${split} ${clip}`, clip < 4 ? 'phone' : 'tablet']);
    const shares = await run('--protocol', 'icbhi', '--train-fractions', '0.5,1');
    expect(shares.out).toMatch(/0\.5 of the training clips, fake:small: mean score .*\n.*\nfake:small: mean score/);
    const across = await run('--protocol', 'icbhi', '--generalize', 'device', '--test-on', 'tablet');
    expect(across.out).toMatch(/fake:small: mean score \d\.\d{4} over 1 of 2/);
    const score = async (...more: string[]) => {
      const { out } = await hearken(
        'protocols',
        'score',
        join(folder, 'out'),
        '--protocol',
        'icbhi',
        '--json',
        ...more,
      );
      return out === '' ? 0 : (JSON.parse(out) as { models: unknown[] }).models.length;
    };
    expect(await score()).toBe(1);
    expect(await score('--train-fraction', '0.5')).toBe(1);
    expect(await score('--train-fraction', '0.25')).toBe(0);
    expect(await score('--generalize', 'device')).toBe(1);
    expect(await score('--generalize', 'site')).toBe(0);
  });

  it('refuses what contradicts it, and a folder without its tasks', async () => {
    await writeToneTask(join(folder, 'tasks', 'other'), { name: 'other', clips: 2 });
    const probe = await run('--protocol', 'icbhi', '--probe', 'mlp');
    expect(probe).toMatchObject({ status: 2, out: '' });
    expect(probe.err).toMatch(/a protocol with probe linear/);
    const none = await run('--protocol', 'icbhi');
    expect(none.status).toBe(2);
    expect(none.out).toBe('');
    expect(none.err).toMatch(/tasks of protocol 'icbhi' in .*none of its 2 tasks/s);
    const score = await hearken('protocols', 'score', join(folder, 'tasks'), '--protocol', 'icbhi');
    expect(score).toMatchObject({ status: 2, out: '' });
    expect(score.err).toMatch(/results of protocol 'icbhi' in .*make them with 'hearken run --protocol icbhi'/s);
    expect((await run('--protocol', 'icbi')).err).toMatch(/Allowed choices/);
  });
});

describe('hearken run --train-fractions', () => {
  it('gives each share a result of its own, from embeddings computed once', async () => {
    await writeToneTask(join(folder, 'tasks', 'tones'), { clips: 16 });
    const before = embeddedClips();
    const { status, out } = await run(...quick, '--train-fractions', '0.0625,0.25,1', '--seeds', '2', '--json');
    expect(status).toBe(0);
    expect(embeddedClips() - before).toBe(48);
    const entries = JSON.parse(out) as { trainFraction?: number; trainClips?: number[]; file: string }[];
    expect(entries.map(({ trainFraction, trainClips }) => [trainFraction, trainClips])).toEqual([
      [0.0625, [2]],
      [0.25, [4]],
      [undefined, undefined],
    ]);
    expect(entries[0].file).toMatch(/tones-v1-full\.train-0\.0625\.[0-9a-f]{8}\.json$/);
    const results = await Promise.all(
      entries.map(
        async ({ file }) => JSON.parse(await readFile(file, 'utf8')) as Record<string, Record<string, unknown>>,
      ),
    );
    expect(results.map(({ evaluation }) => evaluation.trainFraction)).toEqual([0.0625, 0.25, undefined]);
    expect('trainFraction' in results[2].evaluation).toBe(false);
    // Of 8 clips a class a sixteenth is half a clip.
    expect(results[0].warnings).toEqual([
      expect.stringMatching(/less than one clip of '(low|high)', '(low|high)'; one of each/),
    ]);
    // All are found again, and the test split is the whole one.
    const again = await run(...quick, '--train-fractions', '0.0625,0.25,1', '--seeds', '2');
    expect(again.err.match(/already finished/g)).toHaveLength(3);
    expect(again.out).toMatch(/trained on/);
    expect(results.map(({ folds }) => (folds as unknown as { rows: number }[])[0].rows)).toEqual([16, 16, 16]);
    expect(embeddedClips() - before).toBe(48);
    const verified = await hearken('verify', join(folder, 'out'));
    expect(verified.out).toMatch(/3 of 3 results verified/);
    // The answers of all seeds are there.
    expect(verified.out).not.toMatch(/first of 2 seeds/);
    await run(...quick, '--train-fractions', '0.25,0.5', '--force');
    expect(embeddedClips() - before).toBe(96);
  });

  it('works on folds, with the mlp probe and several lanes', async () => {
    const splits = ['fold00', 'fold01', 'fold02', 'fold03'];
    const metadata = { split_mode: 'presplit_kfold', nfolds: 4, splits };
    const files = Object.fromEntries(
      splits.flatMap((split, fold) =>
        Array.from({ length: 8 }, (_, clip) => [
          `8000/${split}/${clip}.wav`,
          encodeWav(tone(clip % 2 === 0 ? 0.1 : 0.9, clip + 8 * fold), 8000),
        ]),
      ),
    );
    const labels = Object.fromEntries(
      Array.from({ length: 8 }, (_, clip) => [`${clip}.wav`, [clip % 2 === 0 ? 'low' : 'high']]),
    );
    await writeTask(join(folder, 'tasks', 'folds'), {
      metadata: { task_name: 'folds', ...metadata },
      vocabulary: 'idx,label\n0,low\n1,high\n',
      splits: Object.fromEntries(splits.map((split) => [split, labels])),
      files,
    });
    const { status, out, err } = await hearken(
      'run',
      '--model',
      fakePlugin,
      '--tasks',
      join(folder, 'tasks'),
      '--out',
      join(folder, 'out'),
      '--cache',
      join(folder, 'cache'),
      '--grid',
      'faster',
      '--grid-points',
      '2',
      '--train-fractions',
      '0.5',
      '--threads',
      '2',
      '--json',
    );
    expect(err).not.toContain('rror');
    expect(status).toBe(0);
    const [entry] = JSON.parse(out) as { score: number; trainClips: number[]; interval: unknown }[];
    expect(entry.trainClips).toEqual([8, 8, 8, 8]);
    expect(entry.interval).toMatchObject({ level: 0.95 });
    expect((await hearken('verify', join(folder, 'out'))).status).toBe(0);
  });

  it('takes whole clips of an event task', async () => {
    const [task] = await makeMiniTasks(join(folder, 'mini'), { seed: 2, tasks: ['events'] });
    const args = ['run', '--model', 'baseline', '--tasks', task, ...places(), ...quick];
    const { status, out } = await hearken(...args, '--train-fractions', '0.5', '--json');
    expect(status).toBe(0);
    const [entry] = JSON.parse(out) as { score: number; trainClips: number[] }[];
    expect(entry.trainClips[0]).toBeGreaterThan(0);
    expect(entry.score).toBeGreaterThan(0);
    expect((await hearken('verify', join(folder, 'out'))).status).toBe(0);
  });

  it.each([['0'], ['1.5'], ['half'], ['']])('refuses %j', async (text) => {
    const { status, err } = await run(...quick, '--train-fractions', text);
    expect(status).toBe(2);
    expect(err).toMatch(/Not shares over 0/);
  });
});

describe('hearken run --generalize', () => {
  it('trains on some devices and tests on others', async () => {
    const task = await writeToneTask(join(folder, 'tasks', 'tones'), { clips: 12 });
    await writeClipTable(task, 12, (split, clip) => [`${split} ${clip}`, clip < 8 ? 'phone' : 'tablet']);
    const { status, out, err } = await run(...quick, '--generalize', 'device', '--train-on', 'phone', '--json');
    expect(err).not.toContain('Error');
    expect(status).toBe(0);
    const [entry] = JSON.parse(out) as { file: string }[];
    expect(entry).toMatchObject({
      generalization: { column: 'device', train: ['phone'], test: ['tablet'] },
      trainClips: [8],
    });
    expect(entry.file).toMatch(/tones-v1-full\.across-device\.[0-9a-f]{8}\.json$/);
    const result = JSON.parse(await readFile(entry.file, 'utf8')) as Record<string, object>;
    expect(result).toMatchObject({
      evaluation: {
        generalization: { column: 'device' },
        clipsSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
      folds: [{ test: 'test', rows: 4 }],
      normalizedScore: null,
    });
    const lines = (await readFile(entry.file.replace('.json', '.test.jsonl'), 'utf8')).trim().split('\n').slice(1);
    expect(lines.map((line) => (JSON.parse(line) as { clip: string }).clip)).toEqual([
      '8.wav',
      '9.wav',
      '10.wav',
      '11.wav',
    ]);
    expect((await hearken('verify', entry.file)).status).toBe(0);
  });

  it('names the columns and values that there are, and a person in two splits', async () => {
    const task = await writeToneTask(join(folder, 'tasks', 'tones'), { clips: 4 });
    expect((await run(...quick, '--generalize', 'device', '--train-on', 'phone')).err).toMatch(/no clips\.csv/);
    await writeClipTable(task, 4, (split, clip) => [`${split} ${clip}`, clip < 2 ? 'phone' : 'tablet']);
    const unknown = await run(...quick, '--generalize', 'device', '--train-on', 'watch');
    expect(unknown.status).toBe(2);
    expect(unknown.err).toMatch(/no clips with value 'watch'; there are 'phone' \(6\), 'tablet' \(6\)/);
    expect((await run(...quick, '--train-on', 'phone')).err).toMatch(/no column that they belong to/);
    await writeClipTable(task, 4, (_split, clip) => [`person ${clip}`, '']);
    const divided = await run(...quick);
    expect(divided.status).toBe(2);
    expect(divided.err).toMatch(/'person 0' in train and valid and test, 'person 1' in train/);
  });
});

describe('hearken protocols', () => {
  it('lists them and shows one', async () => {
    const list = await hearken('protocols', 'list');
    expect(list.out).toMatch(/hear-2021.*19.*mlp.*normalized/);
    const show = await hearken('protocols', 'show', 'icbhi');
    expect(show.out).toMatch(/Note: Patch-Mix CL's 62\.37/);
    const json = await hearken('protocols', 'show', 'hear-health', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ aggregation: 'reciprocal-rank' });
    expect(await hearken('protocols', 'show', 'oper')).toMatchObject({
      status: 2,
      err: expect.stringContaining("'opera'") as string,
    });
  });
});
