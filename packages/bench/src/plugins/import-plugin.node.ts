import { readdir, stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { isHearkenError, PluginError } from '@hearken/core';
import { checkCoreVersion } from './discover-plugins.node.js';
import { lookAtManifest, type PackageFolder, packageEntry, packageOfFile } from './package-folders.node.js';
import { syntaxErrorPlace } from './syntax-error-place.node.js';
import { thrownText } from './thrown-text.js';

const whatAPluginIs =
  'a plugin is a package folder whose package.json names a module in exports, or the module itself; its default export has name, version, models and load';

/**
 * Imports the plugin at a path: the module of a package folder, or a module file.
 *
 * @param specifier what the user wrote
 * @throws PluginError if it is neither, or a package with another contract
 */
export async function importPluginPath(path: string, specifier: string): Promise<unknown> {
  const status = await stat(path).catch((cause: unknown) => {
    const { code } = cause as NodeJS.ErrnoException;
    const found = code === 'ELOOP' ? `a loop of links at '${path}'` : `no file '${path}'`;
    throw new PluginError({ asked: `plugin '${specifier}'`, found, fix: 'check the path', cause });
  });
  if (!status.isDirectory()) {
    const found = await packageOfFile(path);
    if (found !== undefined) await checkCoreVersion(found);
    return importPluginFile(path);
  }
  const manifest = await lookAtManifest(path);
  if (typeof manifest !== 'string') return importPackageFolder({ folder: path, manifest });
  throw new PluginError({
    asked: `a plugin in folder '${path}'`,
    found: `${manifest}; ${await contentText(path)}`,
    fix: whatAPluginIs,
  });
}

/**
 * Imports the module of a package.
 *
 * @throws PluginError for a package with another contract, or without its module
 */
export async function importPackageFolder(found: PackageFolder): Promise<unknown> {
  await checkCoreVersion(found);
  const entry = packageEntry(found);
  const isThere = await stat(entry).then(
    (status) => status.isFile(),
    () => false,
  );
  if (!isThere) {
    throw new PluginError({
      asked: `the module of the package in '${found.folder}'`,
      found: `no file '${entry}', which its package.json names`,
      fix: 'build the package (npm run build), and check exports',
    });
  }
  return importPluginFile(entry);
}

/**
 * Imports a module file.
 *
 * @throws PluginError for anything it throws that is not a Hearken error
 */
export async function importPluginFile(path: string): Promise<unknown> {
  try {
    return (await import(pathToFileURL(path).href)) as unknown;
  } catch (cause) {
    if (isHearkenError(cause)) throw cause;
    throw new PluginError({
      asked: `the module '${path}'`,
      found: `importing it fails: ${await importFailure(path, cause)}`,
      fix: whatToDo(cause),
      cause,
    });
  }
}

/** What went wrong, and where; for syntax errors, the import error does not name the file. */
async function importFailure(path: string, cause: unknown): Promise<string> {
  const text = thrownText(cause);
  if (!(cause instanceof SyntaxError) || /\(\S+:\d+(?::\d+)?\)$/.test(text)) return text;
  const place = await syntaxErrorPlace(path);
  return place === undefined ? text : `${text} (${place})`;
}

function whatToDo(cause: unknown): string {
  const { code = '', message = '' } = cause instanceof Error ? (cause as NodeJS.ErrnoException) : {};
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || message.startsWith('Cannot find')) {
    return "install its dependencies, in the package's folder: npm install";
  }
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return 'build it, and name the resulting JavaScript file';
  if (cause instanceof SyntaxError) return 'fix the syntax error';
  return 'fix what the module does when it is imported; --debug shows where it fails';
}

/** The first names in a folder, for a message. */
async function contentText(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => [] as string[]);
  if (names.length === 0) return 'the folder is empty';
  const first = names.slice(0, 8).map((name) => JSON.stringify(name));
  return `the folder holds ${first.join(', ')}${names.length > first.length ? `, and ${names.length - first.length} more` : ''}`;
}
