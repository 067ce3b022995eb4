import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createRegistry, isPluginPath, PluginError, type Registry } from '@hearken/core';

/** The plugins of this repository, by short name; each is loaded by name only when it is asked for. */
export const knownPlugins = ['baseline', 'efficientat', 'hear', 'hubert-ecg', 'patchmix'] as const;

/**
 * The registry of the command line: the known plugins, any npm package that can be found from `folder`, and paths.
 *
 * @param folder where relative paths start and packages are looked for; default: the current folder
 */
export function createNodeRegistry(folder: string = process.cwd()): Registry {
  const importModule = (specifier: string) =>
    isPluginPath(specifier) ? importPath(specifier, folder) : importPackage(specifier, folder);
  const registry = createRegistry({ importModule });
  for (const name of knownPlugins) {
    const packageName = `@hearken/plugin-${name}`;
    registry.register({ name, packageName, load: () => importPackage(packageName, folder) });
  }
  return registry;
}

async function importPath(specifier: string, folder: string): Promise<unknown> {
  const path = specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(folder, specifier);
  const status = await stat(path).catch((cause: unknown) => {
    throw new PluginError({ asked: `plugin '${specifier}'`, found: `no file '${path}'`, fix: 'check the path', cause });
  });
  return importFile(status.isDirectory() ? await packageEntry(path) : path);
}

/** A package that Hearken itself can find, or that `folder` or a folder above it has in its `node_modules`. */
async function importPackage(name: string, folder: string): Promise<unknown> {
  try {
    return (await import(name)) as unknown;
  } catch (cause) {
    const found = await findPackage(name, folder);
    if (found === undefined || !isNotFound(cause, name)) throw cause;
    return importFile(await packageEntry(found));
  }
}

function isNotFound(cause: unknown, name: string): boolean {
  return cause instanceof Error && cause.message.includes(name) && /cannot find|failed to load/i.test(cause.message);
}

async function importFile(path: string): Promise<unknown> {
  return (await import(pathToFileURL(path).href)) as unknown;
}

async function findPackage(name: string, folder: string): Promise<string | undefined> {
  for (let current = resolve(folder); ; current = dirname(current)) {
    const candidate = join(current, 'node_modules', name);
    const isThere = await stat(join(candidate, 'package.json')).then(
      () => true,
      () => false,
    );
    if (isThere) return candidate;
    if (dirname(current) === current) return undefined;
  }
}

interface Manifest {
  readonly exports?: unknown;
  readonly main?: unknown;
}

/** The file that importing a package folder means: its `exports` for `.`, else `main`, else `index.js`. */
async function packageEntry(folder: string): Promise<string> {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  } catch (cause) {
    throw new PluginError({
      asked: `a plugin in folder '${folder}'`,
      found: 'no readable package.json',
      fix: "name the plugin's module file, or a package folder",
      cause,
    });
  }
  const main = typeof manifest.main === 'string' ? manifest.main : 'index.js';
  return join(folder, exportTarget(manifest.exports) ?? main);
}

/** Node.js's conditional exports, for `import` of the package's root. */
function exportTarget(exported: unknown): string | undefined {
  if (typeof exported === 'string') return exported;
  if (typeof exported !== 'object' || exported === null) return undefined;
  for (const [condition, target] of Object.entries(exported)) {
    if (!['.', 'node', 'import', 'default'].includes(condition)) continue;
    const file = exportTarget(target);
    if (file !== undefined) return file;
  }
  return undefined;
}
