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
 * Loads metrics and probes from modules, whose code runs: name none that you would not run yourself.
 *
 * @param specifiers files, package folders, or packages that are installed; one that is named twice comes once
 * @param folder where relative paths start and packages are looked for; default: the current folder
 * @returns what `runBenchmark`, `verifyResult` and the like take among their options
 * @throws PluginError for a module that is not there, throws or exports neither, and for a name that is taken
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
 * Loads the modules again that another thread has loaded.
 *
 * @throws PluginError for a module that throws, or that was changed since
 */
export async function reloadExtensions(sources: readonly ModuleSource[]): Promise<Extensions> {
  const modules: ExtensionModule[] = [];
  for (const { url, sha256 } of sources) {
    if ((await moduleHash(fileURLToPath(url))) !== sha256) {
      throw new PluginError({
        asked: `extension '${url}'`,
        found: 'another content than at the start of the run',
        fix: 'leave it as it is during a run, and run again',
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

/** The file that a specifier means, and what results call it: nothing of where it lies on this machine. */
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
        : `'${path}' is no module file and has no package.json`,
    fix: 'name a JavaScript module with a metric or probe in it, or a package that is installed',
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
      fix: lacksBench ? "'npm install @hearken/bench' in its folder" : 'mend it; --debug shows where it failed',
      cause,
    });
  }
}
