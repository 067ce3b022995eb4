import { basename, dirname, join } from 'node:path';
import { FileError } from '@hearken/core';
import { readPlainFile } from '@hearken/core/node';
import { scoringKind, type TestAnswers } from '@hearken/metrics/internal';
import { thresholdsOf } from '@hearken/metrics';
import { readNpy } from '@hearken/signals';
import type { Result } from '../format/result.js';
import { storedKind } from '../kinds/registry.js';
import { parseTestClips, type TestClip, type TestClips } from './test-clips.js';

/** Larger files next to a result were not written by Hearken, which does not store them. */
const maximumFileBytes = 2 ** 27;

/** The answers for the test clips of a result, from the files next to it. */
export interface StoredAnswers {
  /** By index. */
  readonly labels: readonly string[];
  /** The first seed's answers, fold by fold. */
  readonly answers: readonly TestAnswers[];
}

/** Reads a file next to a result, see `readBeside`. */
export type ReadBeside = (path: string) => Promise<Buffer>;

/**
 * Reads the test clips and predictions next to a result.
 *
 * @param path of the result
 * @param read reads the files next to the result
 * @throws FileError naming the file that is missing, damaged or belongs to another task
 */
export async function readStoredAnswers(
  path: string,
  result: Result,
  read: ReadBeside = readBeside,
): Promise<StoredAnswers> {
  const clipsPath = fileBeside(path, result.testClips?.file, 'test clips');
  const testClips = parseTestClips((await read(clipsPath)).toString('utf8'), clipsPath);
  if (testClips.contentHash !== result.task.contentHash || testClips.task !== result.task.id) {
    throw answersFault(`test clips '${clipsPath}'`, `clips of task '${testClips.task}' with different content`);
  }
  return { labels: testClips.labels, answers: await foldAnswers(testClips, path, result, read) };
}

/**
 * The path of a file named by a result: in the same folder, and nowhere else.
 *
 * @throws FileError if it doesn't name one
 */
export function fileBeside(path: string, file: unknown, what: string): string {
  if (typeof file === 'string' && file === basename(file) && !['', '.', '..'].includes(file) && !/[\\\0]/.test(file))
    return join(dirname(path), file);
  throw answersFault(
    `${what} of result '${path}'`,
    'none stored',
    'compute the result again with --force; files over 64 MiB are not stored',
  );
}

/** Reads a file next to a result. It is untrusted: links out of the folder are refused. */
export function readBeside(path: string): Promise<Buffer> {
  return readPlainFile(path, {
    maximumBytes: maximumFileBytes,
    within: dirname(path),
    refuse: ({ reason, found, cause }) => {
      const missing = 'copy it together with its result, or compute the result again with --force';
      return answersFault(`'${path}'`, found, reason === 'missing' ? missing : undefined, cause);
    },
  });
}

/** Like `readBeside`, but reads each file only once, so that the same bytes are hashed, parsed and checked. */
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
 * @throws FileError for any other shape
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
    `shape [${shape.join(', ')}], expected [${clips}, ${labels}] (clips, labels)`,
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

/** The groups of some clips, if any of them has one. */
function groupsOf(clips: readonly TestClip[]): { readonly groups?: readonly number[] } {
  return clips.some(({ group }) => group !== undefined) ? { groups: clips.map(({ group = -1 }) => group) } : {};
}

/** The thresholds chosen on a fold's validation split for binary metrics. */
export function chosenThresholds({ scores }: Pick<Result, 'scores'>, decision: unknown) {
  const thresholds = Object.keys(scores).flatMap((metric) => {
    const chosen = thresholdsOf(decision, metric);
    return chosen === undefined ? [] : [[metric, chosen] as const];
  });
  return thresholds.length === 0 ? {} : { thresholds: Object.fromEntries(thresholds) };
}

/** Splits the clips into folds; those of a fold are adjacent. */
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
