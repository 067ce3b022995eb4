import type { ModelMetadata, Provenance } from '@hearken/core';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRegistry, isOnnxPath, isPluginPath, type Plugin, PluginError, type Registry } from '@hearken/core';
import { hearkenPlugins, onnxFilePlugin, packageOfPlugin } from '@hearken/results/internal';
import { checkCoreVersion, checkKeyword, discoveredPlugin } from './discover-plugins.node.js';
import { importPackageFolder, importPluginFile, importPluginPath } from './import-plugin.node.js';
import { findPackage, type PackageFolder, packageEntry, packageOfFile, readManifest } from './package-folders.node.js';

/** The plugins of this repository, by short name; each is imported only when it is needed. */
export const knownPlugins: readonly string[] = hearkenPlugins.map(({ name }) => name);

/**
 * The registry for the command line: the known plugins, installed plugins (`my-model` is `hearken-plugin-my-model`),
 * any npm package that can be found from `folder`, paths, and ONNX files by path.
 *
 * @param folder base of relative paths, and where packages are looked for; default: the current folder
 */
export function createNodeRegistry(folder: string = process.cwd()): Registry {
  const registry = createRegistry({ importModule: (specifier) => importPluginModule(specifier, folder) });
  for (const name of knownPlugins) {
    const packageName = packageOfPlugin(name);
    registry.register({ name, packageName, load: () => importKnownPlugin(packageName, folder) });
  }
  return {
    ...registry,
    async resolve(specifier) {
      if (/\.(?:safetensors|pth?|ckpt)$/i.test(specifier)) throw checkpointAsPlugin(specifier);
      return registry.resolve(specifier);
    },
  };
}

/** The module of a plugin; undefined for an ONNX file, which has none. */
export async function findPluginModule(specifier: string, folder: string = process.cwd()): Promise<unknown> {
  if (isOnnxPath(specifier)) return undefined;
  const isKnown = knownPlugins.includes(specifier);
  return isKnown ? importKnownPlugin(packageOfPlugin(specifier), folder) : importPluginModule(specifier, folder);
}

/** Imports the module of a plugin that is not one of the known ones; see `createNodeRegistry`. */
async function importPluginModule(specifier: string, folder: string): Promise<unknown> {
  if (isOnnxPath(specifier)) return { default: await onnxPlugin(absolutePath(specifier, folder), folder) };
  if (isPluginPath(specifier)) return importPluginPath(absolutePath(specifier, folder), specifier);
  const installed = await discoveredPlugin(specifier, folder);
  if (installed !== undefined) return importPackageFolder(installed);
  const found = await findPackage(specifier, folder);
  // What the user's project has installed, not what happens to be next to the harness.
  if (found !== undefined && !specifier.startsWith('@hearken/')) return importPackageFolder(found);
  if (found === undefined) await checkKeyword(specifier, folder);
  return importPackage(specifier, folder);
}

function checkpointAsPlugin(specifier: string): PluginError {
  return new PluginError({
    asked: `plugin '${specifier}'`,
    found: 'the name of a checkpoint, not of a plugin',
    fix: `name the plugin that reads it, and pass the file separately: hearken validate PLUGIN --checkpoint ${specifier}`,
  });
}

/**
 * The package of a plugin: found by its name, or the one that contains a path; undefined for files outside packages,
 * and for missing files.
 */
export async function findPluginPackage(
  specifier: string,
  folder: string = process.cwd(),
): Promise<PackageFolder | undefined> {
  if (isOnnxPath(specifier)) return undefined;
  if (isPluginPath(specifier)) {
    const path = absolutePath(specifier, folder);
    const isFolder = await stat(path).then(
      (status) => status.isDirectory(),
      () => false,
    );
    if (!isFolder) return packageOfFile(path);
    const manifest = await readManifest(path);
    return manifest === undefined ? undefined : { folder: path, manifest };
  }
  const here = dirname(fileURLToPath(import.meta.url));
  if (knownPlugins.includes(specifier)) {
    const name = packageOfPlugin(specifier);
    return (await findPackage(name, here)) ?? findPackage(name, folder);
  }
  const installed = await discoveredPlugin(specifier, folder);
  return installed ?? (await findPackage(specifier, folder)) ?? findPackage(specifier, here);
}

/** How plugin `onnx` handles a file. It is known only by name, like all plugins. */
async function onnxPlugin(path: string, folder: string): Promise<Plugin> {
  const { pluginOfFile } = (await importKnownPlugin(packageOfPlugin(onnxFilePlugin), folder)) as {
    readonly pluginOfFile: (path: string) => Promise<Plugin>;
  };
  return pluginOfFile(path);
}

function absolutePath(specifier: string, folder: string): string {
  return specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(folder, specifier);
}

/**
 * One of the known plugins, as installed with Hearken. Only if there is none is it looked for in `folder`, whose
 * `node_modules` may be untrusted.
 */
async function importKnownPlugin(name: string, folder: string): Promise<unknown> {
  try {
    return (await import(name)) as unknown;
  } catch (cause) {
    if (!isNotFound(cause, name)) throw cause;
    return importPackage(name, folder);
  }
}

/** A package that Hearken itself can find, or that `folder` or one of its parents has in its `node_modules`. */
async function importPackage(name: string, folder: string): Promise<unknown> {
  const found = await findPackage(name, folder);
  if (found !== undefined) await checkCoreVersion(found);
  try {
    return (await import(name)) as unknown;
  } catch (cause) {
    if (found === undefined || !isNotFound(cause, name)) throw cause;
    return importPluginFile(packageEntry(found));
  }
}

function isNotFound(cause: unknown, name: string): boolean {
  return cause instanceof Error && cause.message.includes(name) && /cannot find|failed to load/i.test(cause.message);
}

/** Looks up a model in the known plugins. A plugin that is only named in a result file is never loaded. */
export async function knownMetadata({
  plugin,
  model,
}: Pick<Provenance, 'plugin' | 'model'>): Promise<ModelMetadata | undefined> {
  if (!knownPlugins.includes(plugin)) return undefined;
  try {
    const { models } = await createNodeRegistry().resolve(plugin);
    return Object.hasOwn(models, model) ? models[model] : undefined;
  } catch {
    // The package is not installed, so nothing is known about its models.
    return undefined;
  }
}
