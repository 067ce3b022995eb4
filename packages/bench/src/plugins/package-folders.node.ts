import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { PluginError } from '@hearken/core';
import { readPlainText, type UnreadableFile } from '@hearken/core/node';

/** The parts of a `package.json` that are used here; their content is untrusted. */
export interface Manifest {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly main?: unknown;
  readonly type?: unknown;
  readonly exports?: unknown;
  readonly types?: unknown;
  readonly license?: unknown;
  readonly keywords?: unknown;
  readonly description?: unknown;
  /** What a plugin says about its models; see `listedPlugin`. */
  readonly hearken?: unknown;
  readonly files?: unknown;
  readonly engines?: unknown;
  readonly dependencies?: unknown;
  readonly peerDependencies?: unknown;
}

/** An installed package, or a folder with a `package.json`. */
export interface PackageFolder {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Larger manifests are not written by people or npm. */
const mostManifestBytes = 1 << 20;

/** Limit for nested conditions; none are nested deeper in practice. */
export const mostNestedConditions = 16;

/** The manifest of a folder; undefined if there is no readable one. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const found = await lookAtManifest(folder);
  return typeof found === 'string' ? undefined : found;
}

function asFound({ reason, found, cause }: UnreadableFile): Error {
  if (reason === 'missing') return new Error('no package.json');
  if (reason === 'not-a-file') return new Error('a package.json that is not a regular file');
  if (reason === 'too-large') return new Error(`a package.json of ${found}`);
  return new Error(
    `a package.json that cannot be read (${(cause as NodeJS.ErrnoException | undefined)?.code ?? found})`,
  );
}

/** The manifest of a folder, or what is wrong with it, as text for an error. */
export async function lookAtManifest(folder: string): Promise<Manifest | string> {
  const path = join(folder, 'package.json');
  let text: string;
  try {
    text = await readPlainText(path, { maximumBytes: mostManifestBytes, refuse: asFound });
  } catch (error) {
    return (error as Error).message;
  }
  try {
    const manifest: unknown = JSON.parse(text);
    const isObject = typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest);
    return isObject ? manifest : 'a package.json that is not an object';
  } catch (error) {
    return `a package.json that is not valid JSON: ${(error as Error).message.slice(0, 200)}`;
  }
}

/** The folder itself and all its parents. */
export function* foldersUp(folder: string): Generator<string, void> {
  for (let current = resolve(folder); ; current = dirname(current)) {
    yield current;
    if (dirname(current) === current) return;
  }
}

/** The package with this name in the `node_modules` of `folder` or its nearest parent. */
export async function findPackage(name: string, folder: string): Promise<PackageFolder | undefined> {
  for (const current of foldersUp(folder)) {
    const candidate = join(current, 'node_modules', name);
    const manifest = await readManifest(candidate);
    if (manifest !== undefined) return { folder: candidate, manifest };
  }
  return undefined;
}

/** The package that contains a file. */
export async function packageOfFile(path: string): Promise<PackageFolder | undefined> {
  for (const current of foldersUp(dirname(path))) {
    const manifest = await readManifest(current);
    if (manifest !== undefined) return { folder: current, manifest };
  }
  return undefined;
}

/**
 * The file that importing a package loads: its `exports` for `.`, else `main`, else `index.js`.
 *
 * @throws PluginError if that leads out of the package, or `exports` has nothing for `.`
 */
export function packageEntry({ folder, manifest }: PackageFolder): string {
  const target = entryTarget(manifest);
  if (target === undefined) {
    throw new PluginError({
      asked: `the module of the package in '${folder}'`,
      found: "exports without a file for '.' under node, import or default",
      fix: 'set "exports": { ".": { "types": "./dist/index.d.ts", "default": "./dist/index.js" } }',
    });
  }
  const entry = join(folder, target);
  const inside = relative(folder, entry);
  if (isAbsolute(inside) || inside.split(sep)[0] === '..' || inside === '' || /^[a-z][a-z0-9+.-]+:|\0/i.test(target)) {
    throw new PluginError({
      asked: `the module of the package in '${folder}'`,
      found: `${JSON.stringify(target.slice(0, 120))} in package.json, which is outside the package`,
      fix: "name a file in the package, such as './dist/index.js', in exports or main",
    });
  }
  return entry;
}

function entryTarget({ exports: exported, main }: Manifest): string | undefined {
  if (exported !== undefined && exported !== null) {
    return exportTarget(exported, ['.', 'node', 'import', 'module-sync', 'default']);
  }
  return typeof main === 'string' && main !== '' ? main : 'index.js';
}

/** The target of conditional exports under these conditions. */
export function exportTarget(exported: unknown, conditions: readonly string[], depth = 0): string | undefined {
  if (typeof exported === 'string') return exported;
  if (typeof exported !== 'object' || exported === null || depth > mostNestedConditions) return undefined;
  // In a list, the first valid entry is used.
  const isList = Array.isArray(exported);
  for (const [condition, target] of Object.entries(exported)) {
    if (!isList && !conditions.includes(condition)) continue;
    const file = exportTarget(target, conditions, depth + 1);
    if (file !== undefined) return file;
  }
  return undefined;
}
