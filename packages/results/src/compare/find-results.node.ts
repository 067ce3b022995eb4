import { modelName } from '../models/model-name.js';
import { basename } from 'node:path';
import { FileError } from '@hearken/core';
import { findResultFiles } from '../result/find-result-files.node.js';
import { readClaimedResult } from '../result/result-file.node.js';
import type { Result } from '../result/result.js';

/** A result file and what it says. */
export interface FoundResult {
  /** Its file. */
  readonly path: string;
  /** What the file says. */
  readonly result: Result;
}

/**
 * The results of one model: of a result file that one, of a folder those in and below it.
 * Of several of a task the one with the plain name counts, which has the default evaluation.
 *
 * @returns by task id; in the place of a result that is not whole, and of several without a plain name among them, the
 *   reason why there is none
 * @throws FileError where there is none, or those of several models
 */
export async function findResults(path: string): Promise<Map<string, FoundResult | FileError>> {
  const { found, broken } = await readAll(await findResultFiles([path]));
  if (found.length === 0 && broken.size === 0) {
    const isFile = path.endsWith('.json');
    throw new FileError({
      asked: isFile ? `result '${path}'` : `results in '${path}'`,
      found: isFile ? 'no result file of this version' : 'none',
      fix: "pass what 'hearken run' wrote; 'hearken verify' says what is wrong with a result",
    });
  }
  const models = [...new Set(found.map(({ result }) => modelName(result.model)))];
  if (models.length > 1) {
    throw new FileError({
      asked: `the results of one model in '${path}'`,
      found: `those of ${models.join(', ')}`,
      fix: "pass one model's folder in it, one result file, or the folder alone to compare all that it holds",
    });
  }
  const byTask = new Map<string, FoundResult[]>();
  for (const one of found) byTask.set(one.result.task.id, [...(byTask.get(one.result.task.id) ?? []), one]);
  return new Map<string, FoundResult | FileError>([
    ...broken,
    ...[...byTask].map(([task, files]) => [task, chosen(task, files)] as const),
  ]);
}

function chosen(task: string, results: readonly FoundResult[]): FoundResult | FileError {
  if (results.length === 1) return results[0];
  const plain = results.find(({ path }) => !/\.[0-9a-f]{8}\.json$/.test(path));
  if (plain !== undefined) return plain;
  return new FileError({
    asked: `the result of task '${task}'`,
    found: `${results.length}: ${results.map(({ path }) => `'${path}'`).join(', ')}`,
    fix: 'compare two of the files themselves',
  });
}

/** The results among files, and of those that say they are results and are not whole, by task, what is wrong. */
async function readAll(paths: readonly string[]) {
  const found: FoundResult[] = [];
  const broken = new Map<string, FileError>();
  for (const path of paths) {
    const read = await readClaimedResult(path);
    if (read === undefined) continue;
    if ('result' in read) found.push({ path, result: read.result });
    else {
      const error = new FileError({
        asked: `result '${path}'`,
        found: read.problem,
        fix: "restore it, or run the task again; 'hearken verify' says all that is wrong with it",
      });
      broken.set(read.task ?? basename(path, '.json'), error);
    }
  }
  return { found, broken };
}
