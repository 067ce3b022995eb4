import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '@hearken/core';
import { readResult } from '../run/result-file.node.js';
import type { Result } from '../run/result.js';

/** A result file and what it says. */
export interface FoundResult {
  readonly path: string;
  readonly result: Result;
}

/**
 * The results of one model: of a result file that one, of a folder those in it or in the one folder of a model in it.
 * Of several of a task the one with the plain name counts, which has the default evaluation.
 *
 * @returns by task id; several without a plain name among them are an error in their place
 * @throws FileError where there is none, or those of several models
 */
export async function findResults(path: string): Promise<Map<string, FoundResult | FileError>> {
  const found = await readAll(await resultPaths(path));
  if (found.length === 0) {
    throw new FileError({
      asked: `results in '${path}'`,
      found: 'none',
      fix: "pass a file or folder that 'hearken run' wrote",
    });
  }
  const models = [...new Set(found.map(({ result }) => `${result.model.plugin}:${result.model.model}`))];
  if (models.length > 1) {
    throw new FileError({
      asked: `the results of one model in '${path}'`,
      found: `those of ${models.join(', ')}`,
      fix: "pass one model's folder in it, or one result file",
    });
  }
  const byTask = new Map<string, FoundResult[]>();
  for (const one of found) byTask.set(one.result.task.id, [...(byTask.get(one.result.task.id) ?? []), one]);
  return new Map([...byTask].map(([task, own]) => [task, chosen(task, own)]));
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

async function resultPaths(path: string): Promise<string[]> {
  const status = await stat(path).catch((cause: unknown) => {
    throw new FileError({
      asked: `results in '${path}'`,
      found: 'no such file or folder',
      fix: 'check the path',
      cause,
    });
  });
  if (status.isFile()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
  const inside = await Promise.all(
    folders.map(async (folder) => (await jsonFiles(folder)).map((name) => join(folder, name))),
  );
  return [...(await jsonFiles(path)).map((name) => join(path, name)), ...inside.flat()];
}

async function jsonFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
}

async function readAll(paths: readonly string[]): Promise<FoundResult[]> {
  const found: FoundResult[] = [];
  for (const path of paths) {
    const result = await readResult(path);
    if (result !== undefined) found.push({ path, result });
  }
  return found;
}
