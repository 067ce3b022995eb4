import { hasRowPerClip } from '../kinds/registry.js';
import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Evaluation } from './evaluation-record.js';
import { FileError } from '@hearken/core';
import { readResultFile } from '../format/read-result.node.js';
import { parseResult } from '../format/read-result.js';
import type { DamagedResult } from '../format/read-results.node.js';
import { resultError } from '../format/result-problem.js';
import { writeNpy } from '@hearken/signals';
import { joinValues } from '@hearken/core/internal';
import { removeLeftovers, writeFileAtomic, writeNewFile } from '@hearken/core/node';
import { evaluationIdentity, type EvaluationIdentity, modelIdentity, pathPart, type RunIdentity } from './identity.js';
import { hashIdentity } from './hash-identity.node.js';
import { DataFiles, removeReplaced } from './data-files.node.js';
import { modelPathName, type NamedModel } from '../models/model-name.js';
import type { TestAnswers } from '@hearken/metrics/internal';
import type { Result } from '../format/result.js';
import { testClipsText } from '../answers/test-clips.js';

/** Larger files (over 64 MiB) are not stored next to a result: results are meant to be committed. */
const maximumFileBytes = 2 ** 26;

/** Where a run's result goes, and the result if it already exists. */
export interface ResultPlace {
  /** The result's file, whether it exists or not. */
  readonly path: string;
  /** The content of the file; undefined if there is none. */
  readonly existing: Result | undefined;
  /** Unreadable files where the result could be: the one at `path` would be replaced, others are kept. */
  readonly damaged: readonly DamagedResult[];
}

/**
 * Where the result of a run is or will be: `<out>/<plugin>-<model>/<task>.json` with default options, else
 * `<task>.<hash of the run>.json`; a checkpoint that is not the published one has a separate folder
 * (`<plugin>-<model>-sha256-<its hash>`), unless an earlier version of Hearken wrote the result next to those of the
 * published one. The hash is also added if the plain name is taken by a different run, for example on other task
 * content, so that no run overwrites another's result.
 *
 * @param model what names the folder; default: the identity's model, which only has the checkpoint's hash
 * @throws FileError if the file in its place has a later version of the format: it may be this result, and is neither
 *   computed again nor overwritten
 */
export async function findResult(
  out: string,
  identity: RunIdentity,
  isDefault: boolean,
  model: NamedModel = identity.model,
): Promise<ResultPlace> {
  const folder = join(out, pathPart(modelPathName(model)));
  const place = await findInFolder(folder, identity, isDefault);
  const { plugin, model: name } = identity.model;
  const earlier = join(out, pathPart(`${plugin}-${name}`));
  if (place.existing !== undefined) return place;
  const before = earlier === folder ? place : await findInFolder(earlier, identity, isDefault);
  if (before.existing !== undefined) return before;
  const later = place.damaged.find(({ problem }) => problem.reason === 'newer-version');
  if (later !== undefined) throw resultError(later.path, later.problem, 'choose another folder with --out');
  return place;
}

async function findInFolder(folder: string, identity: RunIdentity, isDefault: boolean): Promise<ResultPlace> {
  const task = pathPart(identity.task.id);
  const hash = hashIdentity(identity);
  const named = (name: string) => join(folder, `${task}${subsetName(identity.evaluation)}.${name}.json`);
  const hashed = named(hash.slice(0, 8));
  // Another result may have the short hash, such as one that was edited or renamed.
  const longer = named(hash.slice(0, 32));
  const plain = join(folder, `${task}.json`);
  const damaged: DamagedResult[] = [];
  const others = new Set<string>();
  let isPlainFree = isDefault;
  // Only a default result can have the plain name.
  for (const path of isDefault ? [plain, hashed, longer] : [hashed, longer, plain]) {
    if (!(await exists(path))) continue;
    if (path === plain) isPlainFree = false;
    const read = await readResultFile(path);
    if ('problems' in read) {
      if (path !== plain || isDefault) damaged.push({ path, problem: read.problems[0] });
    } else if (hashIdentity(identityOf(read.result)) === hash) {
      return { path, existing: read.result, damaged: [] };
    } else others.add(path);
  }
  // As it was seen above: another process may have taken the plain name since, and with the same result.
  return { path: isPlainFree ? plain : others.has(hashed) ? longer : hashed, existing: undefined, damaged };
}

/** The part of a file's name about the clips that train and test, if not all do. */
function subsetName({ trainFraction, generalization }: EvaluationIdentity): string {
  const fraction = trainFraction === undefined ? '' : `.train-${trainFraction}`;
  return generalization === undefined ? fraction : `${fraction}.across-${pathPart(generalization.column).slice(0, 40)}`;
}

/** The identity of the run that computed a result. */
export function identityOf(result: Result): RunIdentity {
  const { task, evaluation } = result;
  return {
    model: modelIdentity(result.model),
    task: { id: task.id, contentHash: task.contentHash },
    evaluation: evaluationIdentity({
      ...evaluation,
      pca: evaluation.pca ?? undefined,
      extensions: result.extensions,
    }),
  };
}

/** A result to write, with its data. */
export interface FinishedResult {
  /** The content of its file. */
  readonly result: Result;
  /** The outcome of the evaluation, including predictions. */
  readonly evaluation: Evaluation;
  /** The answers of the first seed, in the order of the folds; undefined if they are not known. */
  readonly answers: readonly TestAnswers[] | undefined;
  /** Labels by index. */
  readonly labels: readonly string[];
}

/** How to write a result. */
export interface WriteResultOptions {
  /** What names the folder; default: the identity's own model. */
  readonly model?: NamedModel;
  /** The result that this one replaces, if there was one when the run began. */
  readonly replaced?: Result;
}

/**
 * Writes a result and, before it, its test predictions as `<name>.predictions.npy` and its test clips as
 * `<name>.test.jsonl`; each atomically. No lock is needed: files that a result names are never changed. Where another
 * process has written the same result in the meantime, that one stays.
 *
 * @returns the result as it is in the file, and its file
 * @throws FileError if the folder cannot be written
 */
export async function writeResult(
  out: string,
  identity: RunIdentity,
  isDefault: boolean,
  finished: FinishedResult,
  { model, replaced }: WriteResultOptions = {},
): Promise<{
  /** Its file. */
  readonly path: string;
  /** The content of the file. */
  readonly result: Result;
}> {
  for (let attempt = 1; attempt <= maximumAttempts; attempt += 1) {
    const { path, existing, damaged } = await findResult(out, identity, isDefault, model);
    await removeLeftovers(dirname(path));
    if (existing !== undefined && !isSameResult(existing, replaced)) return { path, result: existing };
    const files = new DataFiles(path);
    const replaces = existing !== undefined || damaged.some((one) => one.path === path);
    let isWritten = false;
    try {
      const result = await withDataFiles(files, finished);
      const text = `${JSON.stringify(result, undefined, 2)}\n`;
      checkReadable(path, text);
      if (replaces) await writeFileAtomic(path, text);
      isWritten = replaces || (await writeNewFile(path, text));
      if (isWritten) {
        await removeReplaced(path, existing, result);
        return { path, result };
      }
    } finally {
      // Another process has taken the name, with the same result or with another one; or writing failed.
      if (!isWritten) await files.removeUnused();
    }
  }
  throw new FileError({
    asked: `a result of task '${identity.task.id}' in '${out}'`,
    found: 'other results with all names that it could have',
    fix: 'choose another folder with --out',
  });
}

/** Each process that takes the name at the same moment costs one. */
const maximumAttempts = 20;

/** Whether a result is the one that a run found when it began. */
function isSameResult(existing: Result, replaced: Result | undefined): boolean {
  return replaced !== undefined && hashIdentity(existing) === hashIdentity(replaced);
}

/** Writes what belongs to a result, and names it there. */
async function withDataFiles(files: DataFiles, finished: FinishedResult): Promise<Result> {
  const predictions = await writePredictions(files, '', finished.evaluation.folds, finished.labels);
  const seeds = await writeSeeds(files, finished);
  const testClips = await writeTestClips(files, finished);
  const left = [
    ...(predictions === null ? ['test predictions are over 64 MiB and were not written'] : []),
    ...(testClips === null ? ['the test clips are unknown or over 64 MiB and were not written'] : []),
  ];
  return {
    ...finished.result,
    ...(seeds === undefined ? {} : { seeds }),
    predictions,
    testClips,
    warnings: [...finished.result.warnings, ...left],
  };
}

/** Checks that the result can be read again: an invalid value would make it look damaged. */
function checkReadable(path: string, text: string): void {
  const read = parseResult(text, basename(path));
  if ('result' in read) return;
  const [{ message, reason }] = read.problems;
  const fix = 'fix the plugin, metric or probe that returned this value';
  throw new FileError({ asked: `result '${path}'`, found: message, fix, reason });
}

/**
 * The predictions of every seed but the first. Events are made from predictions with each fold's decision, so only the
 * first seed's are kept.
 */
async function writeSeeds(files: DataFiles, { result, evaluation, labels }: FinishedResult): Promise<Result['seeds']> {
  if (result.seeds === undefined || !hasRowPerClip(result.task)) return result.seeds;
  const seeds: NonNullable<Result['seeds']>[number][] = [];
  for (const [index, one] of result.seeds.entries()) {
    const folds = index === 0 ? undefined : evaluation.seeds?.[index]?.folds;
    const predictions = folds && (await writePredictions(files, `.seed-${one.seed}`, folds, labels));
    seeds.push(predictions === undefined ? one : { ...one, predictions });
  }
  return seeds;
}

async function writePredictions(
  files: DataFiles,
  of: string,
  folds: Evaluation['folds'],
  labels: readonly string[],
): Promise<Result['predictions']> {
  const values = folds.reduce((sum, { predictions }) => sum + predictions.length, 0);
  if (values * 4 > maximumFileBytes) return null;
  const joined = joinValues(folds.map(({ predictions }) => predictions));
  const shape = [values / labels.length, labels.length] as const;
  const { file, sha256 } = await files.write(of, '.predictions.npy', writeNpy(joined, shape));
  return { file, shape, sha256 };
}

async function writeTestClips(
  files: DataFiles,
  { result, answers, labels }: FinishedResult,
): Promise<Result['testClips']> {
  const text = answers === undefined ? undefined : testClipsText(result.task, labels, answers);
  if (text === undefined || Buffer.byteLength(text) > maximumFileBytes) return null;
  return files.write('', '.test.jsonl', new TextEncoder().encode(text));
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (cause: NodeJS.ErrnoException) => cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR',
  );
}
