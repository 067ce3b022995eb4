import type { FileError } from '@hearken/core';
import { readPlainText } from '@hearken/core/node';
import { parseBoundedJson } from '@hearken/core/internal';
import { maximumResultBytes } from './find-result-files.node.js';

/**
 * The JSON of a file that may be a result, of which nothing has been checked.
 *
 * @throws FileError for what is no plain file, or one over 64 MiB; SyntaxError for what is no JSON, or nested too deep
 */
export async function parseResultFile(path: string): Promise<unknown> {
  return parseBoundedJson(await readPlainText(path, { maximumBytes: maximumResultBytes }));
}

/**
 * Reads a JSON file that may be a result: what it says, or why it cannot be read.
 *
 * @returns the parsed document, of which nothing has been checked
 */
export async function readResultDocument(
  path: string,
): Promise<{ readonly document: unknown } | { readonly reason: string }> {
  try {
    return { document: await parseResultFile(path) };
  } catch (error) {
    if (error instanceof SyntaxError) return { reason: 'no JSON' };
    // What the system says may name the whole path, which a page has no business to show.
    const { cause, found } = error as FileError;
    return { reason: `not to be read (${(cause as NodeJS.ErrnoException | undefined)?.code ?? found})` };
  }
}
