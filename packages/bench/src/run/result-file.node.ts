import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeNpy } from '../files/npy.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { hashIdentity, modelIdentity, pathPart, type RunIdentity } from './identity.node.js';
import { resultSchemaVersion, type Result } from './result.js';
import { writeFileAtomic } from './write-file.node.js';

/** Predictions over this size (64 MiB) are left out: results are meant to be committed. */
const maximumPredictionBytes = 2 ** 26;

/** Where a run's result goes, and the result where it is already there. */
export interface ResultPlace {
  readonly path: string;
  readonly existing: Result | undefined;
}

/**
 * Where the result of a run is or will be: `<out>/<plugin>-<model>/<task>.json` with default options, else
 * `<task>.<hash of the run>.json`. The hash also comes in where the plain name is taken by a run of another
 * checkpoint, task content or the like, so that no run overwrites another's result.
 */
export async function findResult(out: string, identity: RunIdentity, isDefault: boolean): Promise<ResultPlace> {
  const folder = join(out, pathPart(`${identity.model.plugin}-${identity.model.model}`));
  const task = pathPart(identity.task.id);
  const hash = hashIdentity(identity);
  const hashed = join(folder, `${task}.${hash.slice(0, 8)}.json`);
  const plain = join(folder, `${task}.json`);
  for (const path of [plain, hashed]) {
    const existing = await readResult(path);
    if (existing !== undefined && hashIdentity(identityOf(existing)) === hash) return { path, existing };
  }
  const free = isDefault && !(await exists(plain));
  return { path: free ? plain : hashed, existing: undefined };
}

/** The identity of the run that made a result. */
export function identityOf(result: Result): RunIdentity {
  const { task, evaluation } = result;
  const { probe, grid, gridPoints, seed } = evaluation;
  return {
    model: modelIdentity(result.model),
    task: { id: task.id, contentHash: task.contentHash },
    evaluation: { probe, grid, gridPoints, seed },
  };
}

/** A result file's content, or undefined where there is none, or none of this schema. */
export async function readResult(path: string): Promise<Result | undefined> {
  try {
    const result = JSON.parse(await readFile(path, 'utf8')) as Partial<Result> | null;
    const known =
      result?.schemaVersion === resultSchemaVersion && [result.task, result.model, result.evaluation].every(isObject);
    return known ? (result as Result) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes a result and, before it, its test predictions as `<name>.predictions.npy`; both atomically.
 *
 * @returns the result as written
 * @throws FileError when the folder cannot be written
 */
export async function writeResult(path: string, result: Result, evaluation: Evaluation): Promise<Result> {
  const predictions = await writePredictions(path, result.task.labels, evaluation);
  const left = 'test predictions are over 64 MiB and were not written';
  const warnings = predictions === null ? [...result.warnings, left] : result.warnings;
  const written = { ...result, predictions, warnings };
  await writeFileAtomic(path, `${JSON.stringify(written, undefined, 2)}\n`);
  return written;
}

async function writePredictions(path: string, labels: number, { folds }: Evaluation): Promise<Result['predictions']> {
  const values = folds.reduce((sum, { predictions }) => sum + predictions.length, 0);
  if (values * 4 > maximumPredictionBytes) return null;
  const joined = new Float32Array(values);
  let offset = 0;
  for (const { predictions } of folds) {
    joined.set(predictions, offset);
    offset += predictions.length;
  }
  const file = path.replace(/\.json$/, '.predictions.npy');
  const shape = [values / labels, labels] as const;
  await writeFileAtomic(file, writeNpy(joined, shape));
  return { file: basename(file), shape };
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    (cause: NodeJS.ErrnoException) => cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR',
  );
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
