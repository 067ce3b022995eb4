import { readFile, stat } from 'node:fs/promises';
import { maximumResultBytes } from './find-result-files.node.js';

/**
 * Reads a JSON file that may be a result: what it says, or why it cannot be read.
 *
 * @returns the parsed document, of which nothing has been checked
 */
export async function readResultDocument(
  path: string,
): Promise<{ readonly document: unknown } | { readonly reason: string }> {
  try {
    const status = await stat(path);
    if (!status.isFile()) return { reason: 'not a file' };
    if (status.size > maximumResultBytes) return { reason: `${status.size} bytes, over ${maximumResultBytes}` };
    return { document: JSON.parse(await readFile(path, 'utf8')) };
  } catch (error) {
    // What the system says names the whole path.
    return {
      reason: error instanceof SyntaxError ? 'no JSON' : `not to be read (${(error as NodeJS.ErrnoException).code})`,
    };
  }
}
