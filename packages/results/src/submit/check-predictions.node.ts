import { scoringKind } from '@hearken/metrics/internal';
import { type NpyArray, readNpy } from '@hearken/signals';
import type { Result } from '../format/result.js';
import { seedFiles } from '../answers/seed-answers.node.js';
import { fileBeside, type ReadBeside, type StoredAnswers } from '../answers/stored-answers.node.js';
import { shown } from '../format/shown.js';
import type { Problem } from './problem.js';

/** Tolerance for the rounding of float32 sums. */
const rounding = 1e-4;

/**
 * Checks the stored predictions of every seed against the result: their shape, the rows of its folds, and that all are finite
 * and, for tasks with labels, probabilities. Predictions that were not stored have no problems here: if they are needed for
 * scoring, that has already failed.
 *
 * @param read reads the files next to the result
 * @throws FileError if they cannot be read
 */
export async function predictionProblems(
  path: string,
  result: Result,
  stored: StoredAnswers,
  read: ReadBeside,
): Promise<Problem[]> {
  const { predictions } = result;
  const files = seedFiles(result).map(([index, file]) => [`seeds[${index}].predictions`, file] as const);
  const problems: Problem[] = [];
  for (const [field, stated] of [['predictions', predictions] as const, ...files]) {
    if (stated?.file === undefined) continue;
    const file = fileBeside(path, stated.file, 'test predictions');
    problems.push(...fileProblems(readNpy(await read(file), file), field, stated.shape, result, stored));
  }
  return problems;
}

function fileProblems(
  { data, shape }: NpyArray,
  name: string,
  stated: readonly unknown[] = [],
  { folds }: Result,
  stored: StoredAnswers,
): Problem[] {
  const problem = (field: string, message: string): Problem => ({ kind: 'score', field, message });
  if (shape.length !== stated.length || shape.some((size, axis) => size !== stated[axis])) {
    return [problem(`${name}.shape`, `${name}.shape is ${shown(stated)}, but the file has ${shown(shape)}`)];
  }
  const rows = folds.reduce((sum, fold) => sum + fold.rows, 0);
  if (shape[0] !== rows || shape[1] !== stored.labels.length) {
    const wanted = `${shown([rows, stored.labels.length])} (rows of all folds, labels)`;
    return [problem(`${name}.shape`, `the predictions have shape ${shown(shape)}, expected ${wanted}`)];
  }
  const isProbability = stored.answers.every((fold) => scoringKind(fold).predictsProbabilities);
  const index = data.findIndex(
    (value) => !Number.isFinite(value) || (isProbability && (value < -rounding || value > 1 + rounding)),
  );
  if (index < 0) return [];
  const place = `row ${Math.floor(index / shape[1])}, label ${index % shape[1]}`;
  const found = String(data[index]);
  if (!Number.isFinite(data[index])) {
    return [problem(name, `predictions that are not finite numbers: ${found} in ${place}`)];
  }
  return [problem(name, `predictions that are not probabilities: ${found} in ${place}`)];
}
