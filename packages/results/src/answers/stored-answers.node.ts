import { basename, dirname, join } from 'node:path';
import { FileError } from '@hearken/core';
import { readPlainFile } from '@hearken/core/node';
import type { TestAnswers } from '@hearken/metrics/internal';
import { thresholdsOf } from '@hearken/metrics';
import { readNpy } from '@hearken/signals';
import type { Result } from '../format/result.js';
import { parseTestClips, type ListedEvent, type TestClip, type TestClips } from './test-clips.js';

/** Larger files beside a result are not Hearken's, which leaves them out. */
const maximumFileBytes = 2 ** 27;

/** What was answered for the test clips of a result, as the files beside it say. */
export interface StoredAnswers {
  /** By index. */
  readonly labels: readonly string[];
  /** The first seed's answers, fold by fold. */
  readonly answers: readonly TestAnswers[];
}

/** Reads a file beside a result, see `readBeside`. */
export type ReadBeside = (path: string) => Promise<Buffer>;

/**
 * Reads the test clips and the predictions beside a result.
 *
 * @param path of the result
 * @param read the files
 * @throws FileError naming the file that is missing, damaged or of another task
 */
export async function readStoredAnswers(
  path: string,
  result: Result,
  read: ReadBeside = readBeside,
): Promise<StoredAnswers> {
  const clipsPath = fileBeside(path, result.testClips?.file, 'test clips');
  const testClips = parseTestClips((await read(clipsPath)).toString('utf8'), clipsPath);
  if (testClips.contentHash !== result.task.contentHash || testClips.task !== result.task.id) {
    throw answersFault(`test clips '${clipsPath}'`, `those of task '${testClips.task}' of other content`);
  }
  const answers =
    testClips.kind === 'event' ? eventAnswers(testClips) : await sceneAnswers(testClips, path, result, read);
  return { labels: testClips.labels, answers };
}

/**
 * The path of a file that a result names: beside it, and nowhere else.
 *
 * @throws FileError where it names none
 */
export function fileBeside(path: string, file: unknown, what: string): string {
  if (typeof file === 'string' && file === basename(file) && !['', '.', '..'].includes(file) && !/[\\\0]/.test(file))
    return join(dirname(path), file);
  throw answersFault(
    `${what} of result '${path}'`,
    'none',
    'compute the result again with --force; over 64 MiB they are left out',
  );
}

/** A file beside a result, which is a stranger's: no link out of its folder. */
export function readBeside(path: string): Promise<Buffer> {
  return readPlainFile(path, {
    maximumBytes: maximumFileBytes,
    within: dirname(path),
    refuse: ({ reason, found, cause }) => {
      const missing = 'copy it along with its result, or compute the result again with --force';
      return answersFault(`'${path}'`, found, reason === 'missing' ? missing : undefined, cause);
    },
  });
}

/** As `readBeside`, each file once: what is hashed, parsed and checked of it are then the same bytes. */
export function readingBesideOnce(): ReadBeside {
  const known = new Map<string, Promise<Buffer>>();
  return (path) => {
    const read = known.get(path) ?? readBeside(path);
    known.set(path, read);
    return read;
  };
}

/**
 * Reads stored predictions `[clips, labels]`.
 *
 * @throws FileError for a file of another shape
 */
export async function readPredictions(
  file: string,
  [clips, labels]: readonly [number, number],
  read: ReadBeside,
): Promise<Float32Array> {
  const { data, shape } = readNpy(await read(file), file);
  if (shape.length === 2 && shape[0] === clips && shape[1] === labels) return data;
  throw answersFault(
    `test predictions '${file}'`,
    `shape [${shape.join(', ')}] for ${clips} clips of ${labels} labels`,
  );
}

async function sceneAnswers(
  { clips, labels, kind, scoring }: TestClips,
  path: string,
  result: Result,
  read: ReadBeside,
): Promise<TestAnswers[]> {
  const file = fileBeside(path, result.predictions?.file, 'test predictions');
  const data = await readPredictions(file, [clips.length, labels.length], read);
  return byFold(clips).map(({ test, start, end }, fold) => {
    const foldClips = clips.slice(start, end);
    const names = foldClips.map(({ clip }) => clip);
    const predictions = data.subarray(start * labels.length, end * labels.length);
    if (kind === 'regression') {
      const values = Float64Array.from(foldClips.flatMap((clip) => ('values' in clip ? clip.values : [])));
      return { kind, test, clips: names, values, predictions, ...groupsOf(foldClips) };
    }
    const targets = new Uint8Array(foldClips.length * labels.length);
    foldClips.forEach((clip, row) => {
      for (const label of 'labels' in clip ? clip.labels : []) targets[row * labels.length + label] = 1;
    });
    const chosen = chosenThresholds(result, result.folds[fold]?.decision);
    return {
      kind: 'scene',
      test,
      clips: names,
      targets,
      predictions,
      scoring: { ...scoring, ...chosen },
      ...groupsOf(foldClips),
    };
  });
}

/** The groups of some clips, where any of them has one. */
function groupsOf(clips: readonly TestClip[]): { readonly groups?: readonly number[] } {
  return clips.some(({ group }) => group !== undefined) ? { groups: clips.map(({ group = -1 }) => group) } : {};
}

/** What a fold's validation chose for binary metrics. */
export function chosenThresholds({ scores }: Pick<Result, 'scores'>, decision: unknown) {
  const thresholds = Object.keys(scores).flatMap((metric) => {
    const chosen = thresholdsOf(decision, metric);
    return chosen === undefined ? [] : [[metric, chosen] as const];
  });
  return thresholds.length === 0 ? {} : { thresholds: Object.fromEntries(thresholds) };
}

function eventAnswers({ clips, labels }: TestClips): TestAnswers[] {
  const events = (listed: readonly ListedEvent[]) =>
    listed.map(([start, end, label]) => ({ start, end, label: labels[label] }));
  return byFold(clips).map(({ test, start, end }) => {
    const foldClips = clips.slice(start, end).filter((clip) => 'reference' in clip);
    return {
      kind: 'event',
      test,
      clips: foldClips.map(({ clip }) => clip),
      reference: foldClips.map(({ reference }) => events(reference)),
      estimated: foldClips.map(({ estimated }) => events(estimated)),
      ...groupsOf(foldClips),
    };
  });
}

/** The clips of a fold lie together. */
function byFold(clips: readonly TestClip[]): { test: string; start: number; end: number }[] {
  const folds: { test: string; start: number; end: number }[] = [];
  clips.forEach(({ test }, index) => {
    if (folds.at(-1)?.test !== test) folds.push({ test, start: index, end: index });
    folds[folds.length - 1].end = index + 1;
  });
  return folds;
}

/** An error about the files of a result. */
export function answersFault(
  asked: string,
  found: string,
  fix = 'compute the result again with --force: its files were changed or mixed up',
  cause?: unknown,
): FileError {
  return new FileError({ asked, found, fix, cause });
}
