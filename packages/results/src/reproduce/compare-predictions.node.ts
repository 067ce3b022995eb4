import { bytesSha256 } from '@hearken/core/node';
import { seedFiles } from '../answers/seed-answers.node.js';
import { answersFault, fileBeside, readBeside, readPredictions } from '../answers/stored-answers.node.js';
import type { PredictionsFile, Result } from '../format/result.js';
import { lstat } from 'node:fs/promises';
import { areEqual } from './compare-scores.js';

/** The stored predictions of a seed, as far as they can be compared. */
export interface StoredPredictions {
  readonly seed: number;
  /** `[rows, labels]` */
  readonly shape: readonly [number, number];
  readonly values: Float32Array;
}

/** The predictions of a seed beside those of another run. */
export interface ComparedPredictions {
  readonly seed: number;
  /** Number of values. */
  readonly values: number;
  /** Number of values that are not the same bits. */
  readonly changed: number;
  /** The largest difference; null if the new run has other rows or labels. */
  readonly largest: number | null;
  /** Whether all are equal within the tolerance. */
  readonly isEqual: boolean;
}

/**
 * Reads the predictions beside a result, of every seed. Those that were not stored, or not copied together with the
 * result, are left out.
 *
 * @throws FileError for a file that is not the one that the result names
 */
export async function readAllPredictions(path: string, result: Result): Promise<StoredPredictions[]> {
  const { predictions, evaluation } = result;
  const files: (readonly [number, PredictionsFile | null | undefined])[] = [
    [evaluation.seed, predictions],
    ...seedFiles(result).map(([index, file]) => [result.seeds?.[index].seed ?? index, file] as const),
  ];
  const found: StoredPredictions[] = [];
  for (const [seed, stated] of files) {
    if (stated === null || stated === undefined) continue;
    const file = fileBeside(path, stated.file, 'test predictions');
    if (!(await isThere(file))) continue;
    const bytes = await readBeside(file);
    if (stated.sha256 !== undefined && bytesSha256(bytes) !== stated.sha256) {
      const fix = 'restore the file, or move it away to compare only the scores';
      throw answersFault(`test predictions '${file}'`, 'another SHA-256 than the result names', fix);
    }
    const values = await readPredictions(file, stated.shape, () => Promise.resolve(bytes));
    found.push({ seed, shape: stated.shape, values });
  }
  return found;
}

/** Compares the predictions of each seed that both have. */
export function comparePredictions(
  recorded: readonly StoredPredictions[],
  here: readonly StoredPredictions[],
  tolerance: number,
): ComparedPredictions[] {
  return recorded.flatMap((one) => {
    const other = here.find(({ seed }) => seed === one.seed);
    return other === undefined ? [] : [compareSeed(one, other, tolerance)];
  });
}

function compareSeed(one: StoredPredictions, other: StoredPredictions, tolerance: number): ComparedPredictions {
  const { seed, values } = one;
  const total = values.length;
  if (one.shape.join() !== other.shape.join()) {
    return { seed, values: total, changed: total, largest: null, isEqual: false };
  }
  let [changed, largest, isEqual] = [0, 0, true];
  for (let index = 0; index < total; index += 1) {
    const [was, is] = [values[index], other.values[index]];
    if (Object.is(was, is)) continue;
    changed += 1;
    // Not finite numbers are only equal to themselves.
    const difference = Math.abs(is - was);
    largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
    isEqual &&= areEqual(was, is, tolerance);
  }
  return { seed, values: total, changed, largest, isEqual };
}

function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}
