import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeWav } from '@hearken/signals';
import type { BenchmarkOptions } from '../../src/run/benchmark.js';
import type { Result } from '@hearken/results';
import { runBenchmark } from '../../src/run/run-benchmark.node.js';
import { embeddedClips, fakePlugin, fakeRun } from '../../../../tests/support/fake-run.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { tone, writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
let folder: string;
let task: string;

const quick = ['--grid', 'faster', '--grid-points', '1', '--threads', '1'];

let out: string;
let cache: string;

const run = (...more: string[]) => {
  const places = ['--out', out, '--cache', cache];
  return hearken('run', '--model', fakePlugin, '--tasks', task, ...places, ...quick, ...more);
};

interface Entry {
  readonly file: string;
  readonly leftOut?: Result['leftOut'];
  readonly warnings: readonly string[];
}

async function ran(...more: string[]): Promise<{ entry: Entry; result: Result }> {
  const { status, err, ...printed } = await run('--json', ...more);
  expect([status, err]).toEqual([0, expect.any(String)]);
  const [entry] = JSON.parse(printed.out) as Entry[];
  return { entry, result: JSON.parse(await readFile(entry.file, 'utf8')) as Result };
}

async function edit(file: string, change: (result: Result) => object): Promise<void> {
  await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')) as Result)));
}

const clip = (path: string) => join(task, '8000', path);

beforeEach(async () => {
  folder = await temporaryFolder();
  [out, cache] = [join(folder, 'out'), join(folder, 'cache')];
  task = await writeToneTask(join(folder, 'task'), { clips: 8, replace: { 'train/3.wav': Buffer.from('RIFF') } });
  await rm(clip('test/6.wav'));
});

describe('hearken run with clips that cannot be read', () => {
  it('ends with an error that names the clip, and says how to go on without', async () => {
    const missing = await run();
    expect(missing.status).toBe(2);
    expect(missing.err).toMatch(/1 missing, the first '6\.wav'/);
    expect(missing.err).toMatch(/--skip-unreadable/);
    await writeFile(clip('test/6.wav'), encodeWav(tone(0.1, 0), 8000));
    const damaged = await run();
    expect(damaged.status).toBe(2);
    expect(damaged.err).toMatch(/clip '3\.wav' of task 'tones-v1-full', split 'train'/);
    expect(damaged.err).toMatch(/--skip-unreadable/);
  });

  it('leaves them out where it is told to, lists them, and finds the result again', async () => {
    const { entry, result } = await ran('--skip-unreadable');
    expect(result.leftOut).toEqual([
      { split: 'train', clip: '3.wav', reason: expect.stringMatching(/\S/) as string },
      { split: 'test', clip: '6.wav', reason: expect.stringMatching(/no such file/) as string },
    ]);
    expect(entry.leftOut).toEqual(result.leftOut);
    expect(JSON.stringify(result)).not.toContain(folder);
    expect(result.evaluation).toMatchObject({ skipUnreadable: true });
    expect([result.task.clips, result.folds[0].rows]).toEqual([22, 7]);
    expect(result.warnings[0]).toMatch(/^2 of 24 clips could not be read and were left out: 'train\/3\.wav' \(/);
    const again = await run('--skip-unreadable');
    expect(again.out).toMatch(/left out/);
    expect(again.err).toMatch(/already|finished|reused|found/i);
    expect((await ran('--skip-unreadable')).result.startedAt).toBe(result.startedAt);
    const listed = await hearken('results', join(folder, 'out'), '--format', 'json');
    expect(JSON.parse(listed.out)).toMatchObject([{ left_out: 2 }]);
  });

  it('is another run than one of all clips, though none had to be left out', async () => {
    task = await writeToneTask(join(folder, 'whole'), { clips: 8 });
    const whole = await ran();
    const skipping = await ran('--skip-unreadable');
    expect(skipping.result.leftOut).toEqual([]);
    expect(skipping.entry.file).not.toBe(whole.entry.file);
    expect(skipping.result.scores).toEqual(whole.result.scores);
    expect((await hearken('verify', join(folder, 'out'), '--tasks', task)).status).toBe(0);
  });

  it('takes no rows of another set of clips out of the cache', async () => {
    // A run that stops at the damaged clip leaves the embeddings of those before it.
    await writeFile(clip('test/6.wav'), encodeWav(tone(0.1, 0), 8000));
    await run();
    const { result } = await ran('--skip-unreadable');
    [out, cache] = [join(folder, 'fresh'), join(folder, 'fresh cache')];
    const fresh = await ran('--skip-unreadable');
    expect(result.scores).toEqual(fresh.result.scores);
    expect(result.leftOut).toEqual([expect.objectContaining({ split: 'train', clip: '3.wav' })]);
  });

  it('goes on after it was interrupted', async () => {
    const controller = new AbortController();
    const options = fakeRun(folder, [task], { skipUnreadable: true });
    const onEvent: BenchmarkOptions['onEvent'] = (event) => {
      if (event.kind === 'embed' && event.split === 'valid') controller.abort();
    };
    await expect(runBenchmark({ ...options, abortSignal: controller.signal, onEvent })).rejects.toThrow();
    const before = embeddedClips();
    const [outcome] = await runBenchmark(options);
    expect(outcome).toMatchObject({ result: { cachedClips: 15, leftOut: [{ clip: '3.wav' }, { clip: '6.wav' }] } });
    expect(embeddedClips() - before).toBe(7);
  });

  it('stops where more than a quarter of a split cannot be read', async () => {
    for (const name of ['0.wav', '1.wav']) await rm(clip(`test/${name}`));
    const { status, err } = await run('--skip-unreadable');
    expect(status).toBe(2);
    expect(err).toMatch(/more than 2 of the 8 clips in split 'test'/);
  });
});

describe('hearken verify and compare on clips that were left out', () => {
  const verify = (...more: string[]) => hearken('verify', join(folder, 'out'), ...more);

  it('accepts the list, and holds it against the task', async () => {
    await ran('--skip-unreadable');
    const alone = await verify();
    expect([alone.status, alone.out]).toEqual([0, expect.stringMatching(/2 clips left out are unreadable/)]);
    const held = await verify('--tasks', task);
    expect([held.status, held.out]).toEqual([0, expect.not.stringMatching(/2 clips left out/)]);
  });

  it.each<[string, (result: Result) => object, RegExp]>([
    ['a list that was taken away', ({ leftOut: _, ...rest }) => rest, /leftOut is missing/],
    [
      'a list that was not asked for',
      (result) => ({ ...result, evaluation: { ...result.evaluation, skipUnreadable: undefined } }),
      /leftOut is present/,
    ],
    ['an emptied list', (result) => ({ ...result, leftOut: [] }), /task\.clips is 22, but the task passed has 24/],
    [
      'a clip twice',
      (result) => ({ ...result, leftOut: [...result.leftOut!, result.leftOut![0]] }),
      /names a clip twice/,
    ],
    [
      'a clip that can be read',
      (result) => ({ ...result, leftOut: [{ ...result.leftOut![0], clip: '0.wav' }, result.leftOut![1]] }),
      /'0\.wav' of 'train' is left out, but it can be read/,
    ],
    [
      'a clip that was tested',
      (result) => ({ ...result, leftOut: [{ split: 'test', clip: '0.wav', reason: 'too hard' }, result.leftOut![1]] }),
      /'0\.wav' of 'test' is left out, but also tested/,
    ],
    [
      'a clip that the task lacks',
      (result) => ({ ...result, leftOut: [{ ...result.leftOut![0], clip: 'x.wav' }, result.leftOut![1]] }),
      /'x\.wav' of 'train' is left out, but the task does not have it/,
    ],
    [
      'no list',
      (result) => ({ ...result, leftOut: [{ clip: '0.wav' }] }),
      /leftOut\[0\]\.split is missing, expected a non-empty string/,
    ],
  ])('finds %s', async (_what, change, message) => {
    const { entry } = await ran('--skip-unreadable');
    await edit(entry.file, change);
    const verified = await verify('--tasks', task);
    expect([verified.status, verified.out]).toEqual([1, expect.stringMatching(message)]);
  });

  it('compares no results that were tested on other clips, and says why', async () => {
    const { entry } = await ran('--skip-unreadable');
    task = await writeToneTask(join(folder, 'whole'), { clips: 8 });
    out = join(folder, 'all');
    const whole = await ran();
    const other = await hearken('compare', entry.file, whole.entry.file);
    expect([other.status, other.err]).toEqual([
      expect.not.stringMatching(/^0$/),
      expect.stringMatching(/task content hashes/),
    ]);
    // As of a model that takes another rate, of which all clips are whole.
    await edit(entry.file, (result) => ({ ...result, task: { ...result.task, sampleRate: 16_000 } }));
    const { status, err } = await hearken('compare', entry.file, whole.entry.file);
    expect(status).not.toBe(0);
    expect(err).toMatch(
      /different test clips in fold 'test': 2 and 0 clips were left out because they could not be read/,
    );
  });

  it('names the clips that only one of two was trained on', async () => {
    await writeFile(clip('test/6.wav'), encodeWav(tone(0.1, 0), 8000));
    const { entry } = await ran('--skip-unreadable');
    const copy = join(folder, 'copy');
    await cp(join(folder, 'out'), copy, { recursive: true });
    const file = entry.file.replace(join(folder, 'out'), copy);
    await edit(file, (result) => ({ ...result, leftOut: [] }));
    const compared = await hearken('compare', entry.file, file);
    expect([compared.status, compared.out]).toEqual([
      0,
      expect.stringMatching(/They differ in: leftOut \(A: \["train\/3\.wav"\], B: \[\]\)/),
    ]);
  });
});
