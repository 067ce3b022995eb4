import { stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { PluginError } from '@hearken/core';
import { bytesSha256, readPlainFile } from '@hearken/core/node';

const mostFiles = 256;
const mostFileBytes = 2 ** 24;

/** Matches `from './a.js'`, `import './a.js'`, `import('./a.js')`. One in a comment only costs hashing another file. */
const relativeImports = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g;

/**
 * SHA-256 of a module in hexadecimal: of its file, or, if it imports files by relative paths, of the list of all their
 * paths and hashes. Imports from packages do not count: their versions are recorded elsewhere.
 *
 * @throws PluginError for a file that cannot be read, is over 16 MiB, or is one of more than 256
 */
export async function moduleHash(path: string): Promise<string> {
  const hashes = new Map<string, string>();
  const open = [resolve(path)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (hashes.has(file)) continue;
    const bytes = await readModule(file, path);
    hashes.set(file, bytesSha256(bytes));
    if (hashes.size > mostFiles) throw fault(path, `a module of over ${mostFiles} files`);
    for (const [, , specifier] of bytes.toString('utf8').matchAll(relativeImports)) {
      const imported = resolve(dirname(file), specifier);
      if (await isFile(imported)) open.push(imported);
    }
  }
  if (hashes.size === 1) return [...hashes.values()][0];
  const folder = dirname(resolve(path));
  const lines = [...hashes].map(([file, hash]) => `${relative(folder, file).replaceAll('\\', '/')} ${hash}\n`);
  return bytesSha256(lines.sort().join(''));
}

function readModule(file: string, path: string): Promise<Buffer> {
  return readPlainFile(file, {
    maximumBytes: mostFileBytes,
    refuse: ({ found, cause }) => fault(path, `'${file}' cannot be read (${found})`, cause),
  });
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
}

function fault(path: string, found: string, cause?: unknown): PluginError {
  const fix = 'name a JavaScript module with a metric or probe in it';
  return new PluginError({ asked: `extension '${path}'`, found, fix, cause });
}
