import { modelName } from '../models/model-name.js';
import { basename } from 'node:path';
import { FileError } from '@hearken/core';
import { groupBy } from '@hearken/core/internal';
import { noResultsError, readResults, type ResultAt } from '../format/read-results.node.js';
import { resultError } from '../format/result-problem.js';

/**
 * The results of one model: a single result file, or all results in a folder and its subfolders. If a task has several, the
 * one with the default evaluation counts, and if there are several of those, the one that finished last.
 *
 * @returns by task id; an error if the result cannot be read, or if a task has several and none with the default evaluation
 * @throws FileError if there are no results, or results of several models
 */
export async function findResults(path: string): Promise<Map<string, ResultAt | FileError>> {
  const { results, damaged, others } = await readResults([path]);
  if (results.length === 0 && damaged.length === 0) throw noResultsError([path], { damaged, others });
  const models = [...new Set(results.map(({ result }) => modelName(result.model)))];
  if (models.length > 1) {
    throw new FileError({
      asked: `the results of one model in '${path}'`,
      found: `results of ${models.join(', ')}`,
      fix: "pass one model's folder, one result file, or only this folder to compare everything in it",
    });
  }
  const broken = new Map(
    damaged.map(({ path: file, problem, task }) => [task ?? basename(file, '.json'), resultError(file, problem)]),
  );
  const byTask = groupBy(results, ({ result }) => result.task.id);
  return new Map<string, ResultAt | FileError>([
    ...broken,
    ...[...byTask].map(([task, found]) => [task, chosen(task, found, broken.get(task))] as const),
  ]);
}

/** The result that represents a model on a task. An unreadable one may have been the default. */
function chosen(task: string, results: readonly ResultAt[], broken: FileError | undefined): ResultAt | FileError {
  if (results.length === 1 && broken === undefined) return results[0];
  const defaults = results.filter(({ result }) => result.isDefault);
  if (defaults.length > 0) {
    return defaults.reduce((last, one) => (one.result.finishedAt > last.result.finishedAt ? one : last));
  }
  if (broken !== undefined) return broken;
  return new FileError({
    asked: `the result of task '${task}'`,
    found: `${results.length}: ${results.map(({ path }) => `'${path}'`).join(', ')}`,
    fix: 'pass the files to compare instead of the folder',
  });
}
