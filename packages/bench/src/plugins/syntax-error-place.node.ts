import { execFile } from 'node:child_process';
import { basename, dirname, resolve } from 'node:path';
import { readPlainText } from '@hearken/core/node';

/**
 * Limits of the search: number of modules, and characters of each that are searched for imports. Enough for any plugin.
 */
const mostModules = 40;
const mostCharacters = 2_000_000;
const mostBytes = 2 ** 24;

/** Time limit for Node.js to parse one module, in ms. */
const patience = 10_000;

/**
 * Where a module, or one that it imports by a relative path, has a syntax error: `plugin.js:12`. The import error does
 * not say; `node --check` does, without running anything.
 *
 * @returns undefined if all of them can be parsed
 */
export async function syntaxErrorPlace(entry: string): Promise<string | undefined> {
  const paths = new Set([entry]);
  for (const path of paths) {
    const line = await unreadableLine(path);
    if (line !== undefined) return `${basename(path)}:${line}`;
    const text = (await readPlainText(path, { maximumBytes: mostBytes }).catch(() => '')).slice(0, mostCharacters);
    for (const [, specifier] of text.matchAll(/(?:from|import)\s{0,8}\(?['"](\.{1,2}\/[^'"\n]{1,300}\.[cm]?js)['"]/g)) {
      if (paths.size < mostModules) paths.add(resolve(dirname(path), specifier));
    }
  }
  return undefined;
}

function unreadableLine(path: string): Promise<string | undefined> {
  return new Promise((done) => {
    execFile(process.execPath, ['--check', path], { timeout: patience }, (error, _, stderr) => {
      const isSyntax = error !== null && stderr.includes('SyntaxError');
      done(isSyntax ? /:(\d+)$/m.exec(stderr.split('\n', 1)[0])?.[1] : undefined);
    });
  });
}
