import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { encodeWav, readNpy, writeNpy } from '@hearken/signals';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { writeTask } from '../../../../tests/support/task-folder.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { tone, writeToneTask } from '../../../../tests/support/tone-task.js';

/* Results are JSON that anybody may edit: what a forger would change is `any` here. */
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-return */

export const temporaryFolder = temporaryFolders();
export let made: string;
export let folder: string;

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
  // Files in the folder are named after what was run; here the task is enough.
  for (const name of await readdir(folder)) {
    await rename(join(folder, name), join(folder, name.replace(/\.[0-9a-f]{8}(?=\.json$)/, '')));
  }
});

/** A file beside the result of the tones. */
export async function beside(ending: string): Promise<string> {
  const name = (await readdir(folder)).find((file) => file.startsWith('tones') && file.endsWith(ending));
  return join(folder, name!);
}

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

export interface Forgery {
  readonly result: any;
  /** Lines of the test clips, the head first. */
  clips: any[];
  predictions: { data: Float32Array; shape: readonly number[] };
  /** Replaces the text of the result. */
  text?: string;
}

/** Changes a result and the files next to it, including the hashes, as a careful forger would. */
export async function forge(name: string, edit: (forgery: Forgery) => unknown): Promise<string> {
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

export async function verify(...more: string[]) {
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

/** Makes every score of a result follow from its folds again, and shifts the intervals. */
export function summarize(result: any, value: number): void {
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

/** Removes a test clip with its predictions, and every trace of it. */
export function drop({ result, clips, predictions }: Forgery, index: number): void {
  const width = predictions.shape[1];
  const [{ test }] = clips.splice(index + 1, 1);
  const data = [...predictions.data];
  data.splice(index * width, width);
  Object.assign(predictions, { data: Float32Array.from(data), shape: [predictions.shape[0] - 1, width] });
  result.predictions.shape = predictions.shape;
  result.folds.find((fold: any) => fold.test === test).rows -= 1;
}
