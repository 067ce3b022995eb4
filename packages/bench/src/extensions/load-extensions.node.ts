import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PluginError } from '@hearken/core';
import { findPackage, packageEntry, readManifest, type PackageFolder } from '../plugins/package-folders.node.js';
import { checkExtensions, type ExtensionModule, type Extensions } from './extensions.js';
import type { ModuleSource } from '@hearken/results';
import { definitionsOf } from './module-definitions.js';
import { moduleHash } from './module-hash.node.js';

/**
 * Loads metrics and probes from modules, whose code is run: do not load modules that you do not trust.
 *
 * @param specifiers files, package folders, or installed packages; duplicates are loaded once
 * @param folder base of relative paths, and where packages are looked for; default: the current folder
 * @returns options for `runBenchmark`, `verifyResult` and the like
 * @throws PluginError for a module that is missing, throws or exports neither, and for a name that is taken
 */
export async function loadExtensions(specifiers: readonly string[], folder = process.cwd()): Promise<Extensions> {
  const modules = new Map<string, ExtensionModule>();
  for (const specifier of specifiers) {
    const { path, name } = await findModule(specifier, folder);
    const url = pathToFileURL(path).href;
    if (modules.has(url)) continue;
    const sha256 = await moduleHash(path);
    modules.set(url, { name, url, sha256, ...definitionsOf(await importModule(url, specifier), specifier) });
  }
  const extensions = joined([...modules.values()]);
  checkExtensions(extensions);
  return extensions;
}

/**
 * Loads modules that another thread has already loaded.
 *
 * @throws PluginError for a module that throws, or has changed since
 */
export async function reloadExtensions(sources: readonly ModuleSource[]): Promise<Extensions> {
  const modules: ExtensionModule[] = [];
  for (const { url, sha256 } of sources) {
    if ((await moduleHash(fileURLToPath(url))) !== sha256) {
      throw new PluginError({
        asked: `extension '${url}'`,
        found: 'different content than at the start of the run',
        fix: 'do not change it during a run; run again',
      });
    }
    modules.push({ name: url, url, sha256, ...definitionsOf(await importModule(url, url), url) });
  }
  return joined(modules);
}

function joined(extensionModules: readonly ExtensionModule[]): Required<Extensions> {
  const metrics = extensionModules.flatMap((module) => module.metrics);
  const probes = extensionModules.flatMap((module) => module.probes);
  return { metrics, probes, extensionModules };
}

/**
 * The file that a specifier stands for, and its name in results, which does not reveal its location on this machine.
 */
async function findModule(
  specifier: string,
  folder: string,
): Promise<{ readonly path: string; readonly name: string }> {
  const path = specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(folder, specifier);
  const status = await stat(path).catch(() => undefined);
  if (status?.isFile() === true) return { path, name: basename(path) };
  if (status?.isDirectory() === true) {
    const manifest = await readManifest(path);
    if (manifest !== undefined) return moduleOfPackage({ folder: path, manifest });
  }
  const isPackageName = /^(@[a-z0-9._~-]+\/)?[a-z0-9_~-][a-z0-9._~-]*$/i.test(specifier);
  const found = isPackageName ? await findPackage(specifier, folder) : undefined;
  if (found !== undefined) return moduleOfPackage(found);
  throw new PluginError({
    asked: `extension '${specifier}'`,
    found:
      status === undefined
        ? `no file '${path}'${isPackageName ? ', and no package of that name in node_modules' : ''}`
        : `'${path}', which is not a module file and has no package.json`,
    fix: 'name a JavaScript module with a metric or probe in it, or an installed package',
  });
}

function moduleOfPackage(found: PackageFolder): { readonly path: string; readonly name: string } {
  const { name, version } = found.manifest;
  const parts = [name, version].filter((part) => typeof part === 'string' && part.length <= 100);
  return { path: packageEntry(found), name: parts.length === 2 ? parts.join('@') : basename(found.folder) };
}

async function importModule(url: string, specifier: string): Promise<unknown> {
  try {
    return (await import(url)) as unknown;
  } catch (cause) {
    const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    const lacksBench = message.includes('@hearken/bench') && /cannot find|failed to resolve/i.test(message);
    throw new PluginError({
      asked: `extension '${specifier}'`,
      found: `its module cannot be imported: ${message}`,
      fix: lacksBench ? "'npm install @hearken/bench' in its folder" : 'fix it; --debug shows where it failed',
      cause,
    });
  }
}
