import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** What is of interest of a `package.json`; whatever a stranger wrote into it. */
export interface Manifest {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly main?: unknown;
  readonly type?: unknown;
  readonly exports?: unknown;
  readonly types?: unknown;
  readonly license?: unknown;
  readonly keywords?: unknown;
  readonly files?: unknown;
  readonly engines?: unknown;
  readonly dependencies?: unknown;
  readonly peerDependencies?: unknown;
}

/** A package that is installed, or a folder with a `package.json`. */
export interface PackageFolder {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Larger ones are none that a person or npm wrote. */
const mostManifestBytes = 1 << 20;

/** The manifest of a folder; undefined where there is none that can be read. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, 'package.json');
  try {
    if ((await stat(path)).size > mostManifestBytes) return undefined;
    const manifest: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof manifest === 'object' && manifest !== null ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** The folder itself and all above it. */
export function* foldersUp(folder: string): Generator<string, void> {
  for (let current = resolve(folder); ; current = dirname(current)) {
    yield current;
    if (dirname(current) === current) return;
  }
}

/** The package of that name that `folder`, or the nearest folder above it, has in its `node_modules`. */
export async function findPackage(name: string, folder: string): Promise<PackageFolder | undefined> {
  for (const current of foldersUp(folder)) {
    const candidate = join(current, 'node_modules', name);
    const manifest = await readManifest(candidate);
    if (manifest !== undefined) return { folder: candidate, manifest };
  }
  return undefined;
}

/** The package that a file lies in. */
export async function packageOfFile(path: string): Promise<PackageFolder | undefined> {
  for (const current of foldersUp(dirname(path))) {
    const manifest = await readManifest(current);
    if (manifest !== undefined) return { folder: current, manifest };
  }
  return undefined;
}

/** The file that importing a package means: its `exports` for `.`, else `main`, else `index.js`. */
export function packageEntry({ folder, manifest }: PackageFolder): string {
  const main = typeof manifest.main === 'string' ? manifest.main : 'index.js';
  return join(folder, exportTarget(manifest.exports, ['.', 'node', 'import', 'default']) ?? main);
}

/** Where conditional exports lead to under these conditions. */
export function exportTarget(exported: unknown, conditions: readonly string[]): string | undefined {
  if (typeof exported === 'string') return exported;
  if (typeof exported !== 'object' || exported === null) return undefined;
  for (const [condition, target] of Object.entries(exported)) {
    if (!conditions.includes(condition)) continue;
    const file = exportTarget(target, conditions);
    if (file !== undefined) return file;
  }
  return undefined;
}
