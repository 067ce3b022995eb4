import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileError } from '@hearken/core';
import { readNpy } from '../files/npy.js';
import { metricNames } from '../metrics/index.js';
import { thresholdsOf } from '../evaluation/scene-scoring.js';
import { weightedMetric, type TestAnswers } from '../run/resampling/test-answers.js';
import { readResult } from '../run/result-file.node.js';
import type { Result } from '../run/result.js';
import { parseTestClips, type ListedEvent, type TestClip, type TestClips } from '../run/test-clips.js';

/** Larger files beside a result are not Hearken's, which leaves them out. */
const maximumFileBytes = 2 ** 27;

/** A result with what its score was computed of. */
export interface ScoredResult {
  readonly path: string;
  readonly result: Result;
  /** By index. */
  readonly labels: readonly string[];
  /** The first seed's answers, fold by fold. */
  readonly answers: readonly TestAnswers[];
}

/**
 * Reads a result and the test clips and predictions beside it, and makes sure that they give its scores.
 *
 * @throws FileError naming the file that is missing, damaged or of another result
 */
export async function readScoredResult(path: string): Promise<ScoredResult> {
  const result = await readResult(path);
  if (result === undefined || !isComplete(result)) {
    throw fault(`result '${path}'`, 'no result file of this version', "pass a file that 'hearken run' wrote");
  }
  const clipsPath = besides(path, result.testClips?.file, 'test clips');
  const testClips = parseTestClips(await readBounded(clipsPath, (file) => readFile(file, 'utf8')), clipsPath);
  if (testClips.contentHash !== result.task.contentHash || testClips.task !== result.task.id) {
    throw fault(`test clips '${clipsPath}'`, `those of task '${testClips.task}' of other content`);
  }
  const answers = testClips.kind === 'event' ? eventAnswers(testClips) : await sceneAnswers(testClips, path, result);
  checkScores(path, result, testClips.labels, answers);
  return { path, result, labels: testClips.labels, answers };
}

function isComplete(result: Result): boolean {
  const { metric, folds, task, model } = result as Partial<Result>;
  return (
    typeof metric === 'string' &&
    metricNames().includes(metric) &&
    Array.isArray(folds) &&
    folds.every((fold: unknown) => typeof fold === 'object' && fold !== null && 'scores' in fold) &&
    [task?.id, task?.contentHash, model?.plugin, model?.model].every((value) => typeof value === 'string')
  );
}

/** The path of a file that a result names: beside it, and nowhere else. */
function besides(path: string, file: unknown, what: string): string {
  if (typeof file === 'string' && file === basename(file) && file !== '' && file !== '..')
    return join(dirname(path), file);
  throw fault(
    `${what} of result '${path}'`,
    'none',
    'compute the result again with --force; over 64 MiB they are left out',
  );
}

async function readBounded<Content>(path: string, read: (path: string) => Promise<Content>): Promise<Content> {
  const size = await stat(path).then(
    (status) => status.size,
    (cause: unknown) => {
      throw fault(
        `'${path}'`,
        'no such file',
        'copy it along with its result, or compute the result again with --force',
        cause,
      );
    },
  );
  if (size > maximumFileBytes) throw fault(`'${path}'`, `${size} bytes, over ${maximumFileBytes}`);
  return read(path);
}

async function sceneAnswers(
  { clips, labels, kind, scoring }: TestClips,
  path: string,
  result: Result,
): Promise<TestAnswers[]> {
  const file = besides(path, result.predictions?.file, 'test predictions');
  const { data, shape } = readNpy(await readBounded(file, (name) => readFile(name)), file);
  if (shape.length !== 2 || shape[0] !== clips.length || shape[1] !== labels.length) {
    throw fault(
      `test predictions '${file}'`,
      `shape [${shape.join(', ')}] for ${clips.length} clips of ${labels.length} labels`,
    );
  }
  return byFold(clips).map(({ test, start, end }, fold) => {
    const own = clips.slice(start, end);
    const names = own.map(({ clip }) => clip);
    const predictions = data.subarray(start * labels.length, end * labels.length);
    if (kind === 'regression') {
      const values = Float64Array.from(own.flatMap((clip) => ('values' in clip ? clip.values : [])));
      return { kind, test, clips: names, values, predictions };
    }
    const targets = new Uint8Array(own.length * labels.length);
    own.forEach((clip, row) => {
      for (const label of 'labels' in clip ? clip.labels : []) targets[row * labels.length + label] = 1;
    });
    const thresholds = thresholdsOf(result.folds[fold]?.decision, result.metric);
    const chosen = thresholds === undefined ? {} : { thresholds: { [result.metric]: thresholds } };
    return { kind: 'scene', test, clips: names, targets, predictions, scoring: { ...scoring, ...chosen } };
  });
}

function eventAnswers({ clips, labels }: TestClips): TestAnswers[] {
  const events = (listed: readonly ListedEvent[]) =>
    listed.map(([start, end, label]) => ({ start, end, label: labels[label] }));
  return byFold(clips).map(({ test, start, end }) => {
    const own = clips.slice(start, end).filter((clip) => 'reference' in clip);
    return {
      kind: 'event',
      test,
      clips: own.map(({ clip }) => clip),
      reference: own.map(({ reference }) => events(reference)),
      estimated: own.map(({ estimated }) => events(estimated)),
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

/** Files that were mixed up would compare something, only not these models. */
function checkScores(
  path: string,
  { metric, folds }: Result,
  labels: readonly string[],
  answers: readonly TestAnswers[],
): void {
  const given = answers.map((fold) => {
    const weighted = weightedMetric(metric, fold, labels);
    return weighted.score(new Uint16Array(weighted.count).fill(1));
  });
  const agrees = folds.every(({ test, scores }, index) => {
    const [found, said] = [given[index], scores[metric]];
    if (answers[index]?.test !== test) return false;
    return found === null || said === null ? found === said : Math.abs(found - said) <= 1e-9;
  });
  if (agrees && folds.length === answers.length) return;
  throw fault(`the files beside result '${path}'`, `${metric} ${given.join(', ')} instead of what the result says`);
}

function fault(
  asked: string,
  found: string,
  fix = 'compute the result again with --force: its files were changed or mixed up',
  cause?: unknown,
): FileError {
  return new FileError({ asked, found, fix, cause });
}
