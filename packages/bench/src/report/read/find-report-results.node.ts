import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '@hearken/core';
import { shortPath } from './short-path.js';
import { parseReportResult, type ReportResult } from './report-result.js';

/** No result comes near it: a larger file is something else. */
const maximumFileBytes = 2 ** 24;
const maximumFiles = 20_000;
const maximumDepth = 6;

/** The results below some folders, and what was found there that is none. */
export interface FoundReportResults {
  readonly results: readonly ReportResult[];
  /** One line for each JSON file that was left out. */
  readonly notes: readonly string[];
}

/**
 * Reads every result below the given folders and files, in order of their paths.
 *
 * @throws FileError where a path does not exist, there are too many files, or no result at all
 */
export async function findReportResults(paths: readonly string[]): Promise<FoundReportResults> {
  const files = new Set<string>();
  for (const path of paths) for (const file of await jsonFiles(path)) files.add(file);
  const results: ReportResult[] = [];
  const notes: string[] = [];
  for (const file of files) {
    const read = await readOne(file);
    if (typeof read === 'string') notes.push(`${shortPath(file)} was left out: ${read}`);
    else results.push(read);
  }
  if (results.length > 0) return { results, notes };
  throw new FileError({
    asked: `results in ${paths.map((path) => `'${path}'`).join(', ')}`,
    found: notes.length === 0 ? 'no JSON files' : `none: ${notes.slice(0, 3).join('; ')}`,
    fix: "pass folders that 'hearken run' wrote",
  });
}

async function jsonFiles(path: string): Promise<string[]> {
  const status = await stat(path).catch((cause: unknown) => {
    throw new FileError({
      asked: `results in '${path}'`,
      found: 'no such file or folder',
      fix: 'check the path',
      cause,
    });
  });
  if (status.isFile()) return [path];
  const files: string[] = [];
  // Links are not followed: they could lead in circles, or out of the folder.
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const child = join(folder, entry.name);
      if (entry.isDirectory() && depth < maximumDepth && entry.name !== 'node_modules') await walk(child, depth + 1);
      else if (entry.isFile() && entry.name.endsWith('.json')) files.push(child);
      if (files.length > maximumFiles) {
        throw new FileError({
          asked: `results in '${path}'`,
          found: `over ${maximumFiles} JSON files`,
          fix: 'pass the folders of results themselves',
        });
      }
    }
  };
  await walk(path, 0);
  return files;
}

async function readOne(path: string): Promise<ReportResult | string> {
  try {
    const { size } = await stat(path);
    if (size > maximumFileBytes) return `${size} bytes`;
    return parseReportResult(JSON.parse(await readFile(path, 'utf8')), path);
  } catch (error) {
    // What the system says names the whole path, which a page has no business to show.
    return error instanceof SyntaxError ? 'no JSON' : `not to be read (${(error as NodeJS.ErrnoException).code})`;
  }
}
