import { basename, dirname, join } from 'node:path';
import { FileError } from '@hearken/core';
import { readPlainFile } from '@hearken/core/node';
import { scoringKind, type TestAnswers } from '@hearken/metrics/internal';
import { thresholdsOf } from '@hearken/metrics';
import { readNpy } from '@hearken/signals';
import type { Result } from '../format/result.js';
import { storedKind } from '../kinds/registry.js';
import { parseTestClips, type TestClip, type TestClips } from './test-clips.js';

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
  return { labels: testClips.labels, answers: await foldAnswers(testClips, path, result, read) };
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

async function foldAnswers(
  testClips: TestClips,
  path: string,
  result: Result,
  read: ReadBeside,
): Promise<TestAnswers[]> {
  const { clips, labels, scoring } = testClips;
  const width = labels.length;
  const kind = storedKind(testClips);
  const data = scoringKind(testClips).hasRowPerClip
    ? await readPredictions(fileBeside(path, result.predictions?.file, 'test predictions'), [clips.length, width], read)
    : new Float32Array();
  return byFold(clips).map(({ test, start, end }, fold) => {
    const foldClips = clips.slice(start, end);
    const predictions = data.subarray(start * width, end * width);
    const chosen = chosenThresholds(result, result.folds[fold]?.decision);
    const answered = { test, clips: foldClips.map(({ clip }) => clip), ...groupsOf(foldClips) };
    return kind.answers(answered, foldClips, { labels, predictions, ...(scoring && { scoring }), ...chosen });
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
