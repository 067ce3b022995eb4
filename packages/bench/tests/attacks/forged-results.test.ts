import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, readdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/encode-wav.js';
import { readNpy, writeNpy } from '../../src/files/npy.js';
import { fakePlugin } from '../support/fake-run.js';
import { hearken } from '../support/run-hearken.js';
import { writeTask } from '../support/task-folder.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { tone, writeToneTask } from '../support/tone-task.js';

/* Results are JSON that anybody may edit: what a forger would change is `any` here. */
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-return */

const temporaryFolder = temporaryFolders();
let made: string;
let folder: string;

const folds = ['fold00', 'fold01', 'fold02'];

beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'hearken forged '));
  const metadata = { evaluation: ['top1_acc', 'aucroc', 'f1_macro'] };
  await writeToneTask(join(made, 'tasks', 'tones'), { clips: 12, metadata });
  await writeToneTask(join(made, 'tasks', 'events'), {
    name: 'events',
    clips: 6,
    event: true,
    metadata: { evaluation: ['segment_1s_er'], sample_duration: 0.5 },
  });
  await writeFolds(join(made, 'tasks', 'folded'));
  const { status, err } = await hearken(
    ...['run', '--model', fakePlugin, '--tasks', join(made, 'tasks'), '--threads', '1'],
    ...['--probe', 'linear', '--grid', 'faster', '--grid-points', '1'],
    ...['--out', join(made, 'out'), '--cache', join(made, 'cache')],
  );
  expect(err).not.toContain('Error');
  expect(status).toBe(0);
});
afterAll(() => rm(made, { recursive: true, force: true }));

async function writeFolds(target: string): Promise<void> {
  const files: Record<string, Uint8Array> = {};
  const splits: Record<string, Record<string, unknown>> = {};
  folds.forEach((fold, index) => {
    splits[fold] = {};
    for (let clip = 0; clip < 8; clip += 1) {
      files[`8000/${fold}/${clip}.wav`] = encodeWav(tone(clip % 2 === 1 ? 0.9 : 0.1, clip + 8 * index), 8000);
      splits[fold][`${clip}.wav`] = [clip % 2 === 1 ? 'high' : 'low'];
    }
  });
  const metadata = {
    task_name: 'folded',
    split_mode: 'new_split_kfold',
    splits: folds,
    nfolds: 3,
    evaluation: ['top1_acc'],
  };
  await writeTask(target, { metadata, vocabulary: 'idx,label\n0,low\n1,high\n', splits, files });
}

beforeEach(async () => {
  folder = await temporaryFolder();
  const [model] = await readdir(join(made, 'out'));
  await cp(join(made, 'out', model), folder, { recursive: true });
  // What the folder holds is named by what was run; here the task alone will do.
  for (const name of await readdir(folder)) {
    await rename(join(folder, name), join(folder, name.replace(/\.[0-9a-f]{8}(?=\.json$)/, '')));
  }
});

/** A file beside the result of the tones. */
async function beside(ending: string): Promise<string> {
  const name = (await readdir(folder)).find((file) => file.startsWith('tones') && file.endsWith(ending));
  return join(folder, name!);
}

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

interface Forgery {
  readonly result: any;
  /** Lines of the test clips, the head first. */
  clips: any[];
  predictions: { data: Float32Array; shape: readonly number[] };
  /** Replaces the text of the result. */
  text?: string;
}

/** Changes a result and what lies beside it, the hashes along with them, as a careful forger does. */
async function forge(name: string, edit: (forgery: Forgery) => unknown): Promise<string> {
  const path = join(folder, `${name}-v1-full.json`);
  const result = JSON.parse(await readFile(path, 'utf8'));
  const clipsPath = join(folder, result.testClips.file);
  const predictionsPath = join(folder, result.predictions.file);
  const lines = (await readFile(clipsPath, 'utf8')).trimEnd().split('\n');
  const forgery: Forgery = {
    result,
    clips: lines.map((line) => JSON.parse(line)),
    predictions: readNpy(await readFile(predictionsPath), predictionsPath),
  };
  edit(forgery);
  const clips = forgery.clips.map((line) => `${JSON.stringify(line)}\n`).join('');
  const bytes = writeNpy(forgery.predictions.data, forgery.predictions.shape);
  await writeFile(clipsPath, clips);
  await writeFile(predictionsPath, bytes);
  if (result.testClips?.sha256 !== undefined) result.testClips.sha256 = sha256(clips);
  if (result.predictions?.sha256 !== undefined) result.predictions.sha256 = sha256(bytes);
  await writeFile(path, forgery.text ?? JSON.stringify(result));
  return path;
}

async function verify(...more: string[]) {
  const { status, out, err } = await hearken('verify', folder, ...more);
  const json = JSON.parse((await hearken('verify', folder, '--json', ...more)).out) as {
    file: string;
    ok: boolean;
    problems: { message: string }[];
    cannotBeChecked: string[];
  }[];
  return { status, out, err, json };
}

const median = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Makes every score of a result follow from its folds again, and raises the intervals. */
function summarize(result: any, value: number): void {
  for (const metric of Object.keys(result.scores)) {
    const scores = result.folds.map((fold: any) => fold.scores[metric] as number);
    const mean = median(scores);
    const squares = scores.reduce((sum: number, one: number) => sum + (one - mean) ** 2, 0);
    result.scores[metric] = {
      ...result.scores[metric],
      mean,
      deviation: scores.length > 1 ? Math.sqrt(squares / (scores.length - 1)) : null,
      interval: { ...result.scores[metric].interval, low: value, high: 1 },
    };
  }
}

/** Drops a test clip with its predictions, and says that there never was one. */
function drop({ result, clips, predictions }: Forgery, index: number): void {
  const width = predictions.shape[1];
  const [{ test }] = clips.splice(index + 1, 1);
  const data = [...predictions.data];
  data.splice(index * width, width);
  Object.assign(predictions, { data: Float32Array.from(data), shape: [predictions.shape[0] - 1, width] });
  result.predictions.shape = predictions.shape;
  result.folds.find((fold: any) => fold.test === test).rows -= 1;
}

describe('a result that was forged', () => {
  it('is none: every result as it was made is verified, and what cannot be checked is said', async () => {
    const { status, out, json } = await verify('--tasks', join(made, 'tasks'));
    expect(json.flatMap(({ problems }) => problems)).toEqual([]);
    expect(status).toBe(0);
    expect(out).toMatch(/3 of 3 results verified\n$/);
    expect(out).toMatch(/cannot be checked of any result:\n- that the predictions are those of the model/);
    expect(out).toMatch(/tones-v1-full\.json \(\d+ numbers\)\n +cannot be checked:\n/);
    for (const { cannotBeChecked } of json) {
      expect(cannotBeChecked.join('\n')).toMatch(/no registry lists the task/);
      expect(cannotBeChecked.join('\n')).toMatch(/validation scores, epochs/);
    }
  });

  it.each<[string, string, (forgery: Forgery) => unknown, RegExp]>([
    ['a mean', 'tones', ({ result }) => (result.scores.top1_acc.mean -= 0.1), /top1_acc, mean: states/],
    ['a deviation', 'folded', ({ result }) => (result.scores.top1_acc.deviation = 0.3), /deviation: states/],
    [
      'a score of a fold',
      'folded',
      ({ result }) => (result.folds[1].scores.top1_acc = 0.25),
      /fold 'fold01', top1_acc/,
    ],
    ['the bounds of an interval', 'tones', ({ result }) => (result.scores.aucroc.interval.low -= 0.1), /interval\.low/],
    [
      'the level of an interval',
      'tones',
      ({ result }) => (result.scores.aucroc.interval.level = 0.5),
      /interval\.level/,
    ],
    [
      'an interval that is null',
      'tones',
      ({ result }) => (result.scores.top1_acc.interval = null),
      /interval: states null/,
    ],
    [
      'an interval, of an older version of Hearken',
      'tones',
      ({ result }) => {
        result.harness.version = '0.0.9';
        result.scores.aucroc.interval.low -= 0.1;
      },
      /aucroc, interval\.low: states/,
    ],
    [
      "a label's area",
      'tones',
      ({ result }) => (Object.values<any>(result.scores.aucroc.delong)[0].low = 0.99),
      /delong\./,
    ],
    ['the rows of a fold', 'tones', ({ result }) => (result.folds[0].rows = 1000), /rows: states 1000, recomputed 12/],
    ['the number of clips', 'folded', ({ result }) => (result.task.clips = 24_000), /task\.clips is 24000, .* 24/],
    ['the number of labels', 'tones', ({ result }) => (result.task.labels = 9), /task\.labels is 9/],
    ['a normalised score', 'tones', ({ result }) => (result.normalizedScore = 1.2), /normalizedScore: states 1\.2/],
    ['folds in another order', 'folded', ({ result }) => result.folds.reverse(), /folds are \["fold02"/],
    [
      'a fold whose name joins others',
      'tones',
      ({ result, clips }) => {
        const [real] = result.folds;
        const names = [real.test, ...Array.from({ length: 399 }, (_, index) => `f${index}`)];
        const perfect = Object.fromEntries(Object.keys(real.scores).map((metric) => [metric, 1]));
        result.folds = names.map((test, index) => ({ ...real, test, scores: index === 0 ? real.scores : perfect }));
        summarize(result, 0.998);
        result.harness.version = '0.0.9';
        for (const clip of clips.slice(1)) clip.test = names.join(', ');
      },
      /folds are \["test","f0"/,
    ],
    [
      'a fold that is left out',
      'folded',
      ({ result }) => {
        result.folds.pop();
        summarize(result, 0.9);
      },
      /folds are/,
    ],
    ['a clip that is left out of one of the folds', 'folded', (forgery) => drop(forgery, 3), /each is tested once/],
    [
      'a clip that comes twice',
      'tones',
      ({ clips }) => (clips[2].clip = clips[1].clip),
      /test clip '0\.wav' comes twice/,
    ],
    [
      'all clips as test clips',
      'tones',
      ({ result }) => (result.task.clips = 12),
      /task\.clips is 12, with clips left to train/,
    ],
    ['clips in another order', 'tones', ({ clips }) => clips.push(clips.splice(1, 1)[0]), /states|other labels/],
    [
      'predictions that are swapped',
      'tones',
      ({ predictions: { data } }) => data.set([data[2], data[3], data[0], data[1]]),
      /fold 'test', top1_acc: states/,
    ],
    [
      'predictions that are cut off',
      'tones',
      ({ predictions }) => Object.assign(predictions, { data: predictions.data.slice(0, 10), shape: [5, 2] }),
      /shape \[5, 2\] for 12 clips/,
    ],
    [
      'predictions of another shape',
      'tones',
      ({ predictions }) => Object.assign(predictions, { shape: [2, 12] }),
      /shape \[2, 12\]/,
    ],
    [
      "a shape that is not the file's",
      'tones',
      ({ result }) => (result.predictions.shape = [6, 4]),
      /predictions\.shape is \[6,4\]/,
    ],
    [
      'NaN',
      'tones',
      ({ predictions }) => (predictions.data[3] = Number.NaN),
      /no finite numbers: NaN in row 1, label 1/,
    ],
    ['infinity', 'tones', ({ predictions }) => (predictions.data[0] = Infinity), /no finite numbers/],
    [
      'numbers that are no probabilities',
      'tones',
      ({ predictions }) => (predictions.data[23] = 7),
      /no probabilities: 7 in row 11/,
    ],
    [
      'event predictions that are no probabilities',
      'events',
      ({ predictions }) => (predictions.data[0] = -3),
      /no probabilities: -3/,
    ],
    [
      'events that were moved',
      'events',
      ({ clips }) =>
        (clips[1].estimated = [
          [0, 499, 1],
          [0, 499, 0],
        ]),
      /segment_1s_er/,
    ],
    [
      'parts of an event score',
      'events',
      ({ result }) => (Object.values<any>(result.folds[0].parts)[0].x = 1),
      /parts\./,
    ],
    ['test clips of another task', 'tones', ({ clips }) => (clips[0].contentHash = '0'.repeat(64)), /of other content/],
    [
      'no checkpoint hash',
      'tones',
      ({ result }) => delete result.model.checkpointSha256,
      /model\.checkpointSha256 is nothing/,
    ],
    [
      'a checkpoint hash that is none',
      'tones',
      ({ result }) => (result.model.checkpointSha256 = 'abc'),
      /not a SHA-256/,
    ],
    ['no schemaVersion', 'tones', ({ result }) => delete result.schemaVersion, /schemaVersion is nothing/],
    ['another schemaVersion', 'tones', ({ result }) => (result.schemaVersion = '1'), /schemaVersion is '1', this/],
    ['no model', 'tones', ({ result }) => delete result.model, /model is nothing, not an object/],
    ['a model that is a text', 'tones', ({ result }) => (result.model = 'hear'), /model is 'hear', not an object/],
    [
      'a metric of nobody',
      'tones',
      ({ result }) => {
        result.scores.mine = result.scores.top1_acc;
        result.folds[0].scores.mine = 1;
      },
      /scores\.'mine' is not a known metric/,
    ],
    [
      'a metric of an extension that is not loaded',
      'tones',
      ({ result }) => {
        result.scores.mine = result.scores.top1_acc;
        result.folds[0].scores.mine = 1;
        const stated = { kind: 'metric', name: 'mine', version: '1.0.0', summary: 'mine', maximize: true };
        result.extensions = [{ ...stated, module: 'mine.mjs', sha256: 'a'.repeat(64) }];
      },
      /needs .*mine.*none of Hearken's own/,
    ],
    [
      'a key that is __proto__',
      'tones',
      (forgery) => (forgery.text = JSON.stringify(forgery.result).replace('"top1_acc":{', '"__proto__":{')),
      /scores\.'__proto__'|scores is not/,
    ],
    [
      'JSON that is very deep',
      'tones',
      (forgery) => (forgery.text = '['.repeat(200_000) + ']'.repeat(200_000)),
      /nested over 64 deep/,
    ],
    [
      'JSON that is deep inside of a result',
      'tones',
      (forgery) =>
        (forgery.text = JSON.stringify(forgery.result).replace(
          /}$/,
          `,"x":${'{"a":'.repeat(500)}1${'}'.repeat(500)}}`,
        )),
      /nested over 64 deep/,
    ],
    ['text in place of JSON', 'tones', (forgery) => (forgery.text = 'score: 1'), /cannot be read as JSON/],
    ['a file elsewhere', 'tones', ({ result }) => (result.testClips.file = '../x.jsonl'), /test ?[cC]lips of result/],
  ])('%s: fails alone, named', async (_what, name, edit, message) => {
    const path = await forge(name, edit);
    const { status, out, json } = await verify();
    expect(status).toBe(1);
    expect(out).toMatch(message);
    expect(out).toMatch(/2 of 3 results verified\n$/);
    const failed = json.filter(({ ok }) => !ok);
    expect(failed.map(({ file }) => file)).toEqual([path]);
  });

  it.each<[string, string, (forgery: Forgery) => unknown, RegExp]>([
    [
      'a test clip that is left out',
      'tones',
      (forgery) => drop(forgery, 3),
      /1 of the task's 12 clips are left out, such as '3\.wav'/,
    ],
    ['a clip of another name', 'tones', ({ clips }) => (clips[1].clip = 'easy.wav'), /clips are left out/],
    [
      'labels that were changed',
      'folded',
      ({ clips }) => (clips[1].labels = [1]),
      /fold 'fold00': clip '0\.wav' has other labels/,
    ],
    ['events that were changed', 'events', ({ clips }) => (clips[1].reference = []), /has other labels/],
    ['labels that were renamed', 'tones', ({ clips }) => (clips[0].labels = ['low', 'hoch']), /labels is 'low, hoch'/],
    [
      'the hash of another content',
      'tones',
      ({ clips, result }) => (clips[0].contentHash = result.task.contentHash = 'a'.repeat(64)),
      /task\.contentHash is 'a+'/,
    ],
    [
      'the rate of another folder',
      'tones',
      ({ result }) => (result.task.sampleRate = 16_000),
      /task\.sampleRate is 16000/,
    ],
  ])('%s: is seen against the task, and what it takes is said', async (_what, name, edit, message) => {
    await forge(name, edit);
    const { status, out } = await verify('--tasks', join(made, 'tasks'));
    expect(status).toBe(1);
    expect(out).toMatch(message);
    expect((await verify()).out).toMatch(/labels and events are the task's, unless the task is passed with --tasks/);
  });

  it.each<[string, (forgery: Forgery) => unknown, RegExp]>([
    [
      'a checkpoint that was never run',
      ({ result }) => (result.model.checkpointSha256 = 'b'.repeat(64)),
      /predictions are those of the model, checkpoint/,
    ],
    ['a probe that was never trained', ({ result }) => (result.evaluation.probe = 'mlp'), /the configuration that won/],
    [
      'files without a hash',
      ({ result }) => {
        delete result.predictions.sha256;
        delete result.testClips.sha256;
      },
      /states no hash/,
    ],
    [
      'thresholds',
      ({ result }) => (result.folds[0].decision = { thresholds: {} }),
      /Thresholds are taken as they are stated/,
    ],
    ['no interval', ({ result }) => delete result.scores.top1_acc.interval, /no interval of top1_acc/],
    ['a validation score', ({ result }) => (result.folds[0].validationScore = 1), /validation scores/],
    ['the machine', ({ result }) => (result.machine.processor = 'abacus'), /the machine/],
  ])('%s: is named among what cannot be checked', async (_what, edit, line) => {
    await forge('tones', edit);
    const { status, out } = await verify();
    expect(status).toBe(0);
    expect(out).toMatch(line);
  });

  it('of a task that is published is held against the registry', async () => {
    const path = await forge('tones', ({ result, clips }) => {
      Object.assign(result.task, { id: 'esc50-v2.0.0-full', name: 'esc50', version: 'v2.0.0' });
      clips[0].task = 'esc50-v2.0.0-full';
    });
    const { status, out } = await verify();
    expect(status).toBe(1);
    expect(out).toContain(`FAILED  ${path}`);
    expect(out).toMatch(/task\.clips is 36, HEAR's catalogue has 2000 for esc50-v2\.0\.0-full/);
    expect(out).toMatch(/task\.labels is 2, HEAR's catalogue has 50/);
    expect(out).toMatch(/folds is 1, HEAR's catalogue has 5/);
    expect(out).toMatch(/content hash is that of the published esc50-v2\.0\.0-full: none is recorded/);
  });
});

describe.runIf(process.platform !== 'win32')('files that are none', () => {
  it.each(['predictions.npy', 'test.jsonl'])('a link to a device as %s is a problem named', async (ending) => {
    const path = await beside(ending);
    await rm(path);
    await symlink('/dev/zero', path);
    const { status, out } = await verify();
    expect(status).toBe(1);
    expect(out).toMatch(/something not a file \(a device\)/);
    expect(out).toMatch(/2 of 3 results verified/);
    expect((await hearken('report', folder, '--out', join(folder, 'site'))).status).not.toBe(2);
  });

  it.each(['predictions.npy', 'test.jsonl'])('a named pipe as %s is a problem named', async (ending) => {
    const path = await beside(ending);
    await rm(path);
    execFileSync('mkfifo', [path]);
    const { status, out } = await verify();
    expect(status).toBe(1);
    expect(out).toMatch(/something not a file \(a named pipe\)/);
  });

  it('a link out of the folder, and one to a secret, are not followed', async () => {
    const secret = join(await temporaryFolder(), 'secret');
    await writeFile(secret, 'secret');
    const path = await beside('test.jsonl');
    await rm(path);
    await symlink(secret, path);
    const { out } = await verify();
    expect(out).toMatch(/a link that leads out of/);
    expect(out).not.toMatch(/no JSON in line/);
  });

  it('a huge result, and huge files beside one, are refused by their size', async () => {
    await truncate(join(folder, 'folded-v1-full.json'), 2 ** 34);
    await truncate(await beside('test.jsonl'), 2 ** 34);
    const { status, out } = await verify();
    expect(status).toBe(1);
    expect(out).toMatch(/folded-v1-full\.json\n +17179869184 bytes, over the limit of 67108864/);
    expect(out).toMatch(/17179869184 bytes, over the limit of 134217728/);
    expect(out).toMatch(/1 of 3 results verified/);
  });

  it('a result that is a named pipe fails alone', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.json')]);
    const { out } = await hearken('verify', join(folder, 'pipe.json'), join(folder, 'tones-v1-full.json'));
    expect(out).toMatch(/FAILED .*pipe\.json\n +something not a file/);
    expect(out).toMatch(/1 of 2 results verified/);
  });
});

describe('other commands on a malformed result', () => {
  it('compare, report and submit name it or pass over it, and never end in a fault of ours', async () => {
    await forge('tones', ({ result }) => {
      delete result.model;
    });
    await forge('events', ({ result }) => {
      result.folds[0].scores = null;
      result.extensions = { toString: 1 };
    });
    const path = join(folder, 'tones-v1-full.json');
    for (const args of [
      ['compare', path, path],
      ['compare', join(folder, 'events-v1-full.json'), path],
      ['compare', folder, folder],
      ['report', folder, '--out', join(folder, 'site')],
      ['submit', folder, '--protocol', 'hear-2021', '--out', join(folder, 'repository')],
      ['protocols', 'score', folder, '--protocol', 'hear-2021'],
    ]) {
      const { err, out, status } = await hearken(...args);
      expect([0, 1, 2], args[0]).toContain(status);
      expect(`${args[0]}: ${err}${out}`).not.toMatch(/TypeError|Cannot read|is not iterable|undefined/);
    }
  });

  it('run computes again what it cannot read, and leaves the others', async () => {
    const out = join(await temporaryFolder(), 'out');
    await cp(join(made, 'out'), out, { recursive: true });
    const [model] = await readdir(out);
    const path = join(
      out,
      model,
      (await readdir(join(out, model))).find((file) => /^tones.*\.json$/.test(file))!,
    );
    const result = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...result, evaluation: { probe: {} }, extensions: 5 }));
    const { status, err } = await hearken(
      ...['run', '--model', fakePlugin, '--tasks', join(made, 'tasks', 'tones'), '--threads', '1'],
      ...['--probe', 'linear', '--grid', 'faster', '--grid-points', '1', '--out', out, '--cache', join(made, 'cache')],
    );
    expect(err).not.toMatch(/TypeError/);
    expect(status).toBe(0);
    expect((await hearken('verify', out)).status).toBe(0);
  });
});
