import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PluginError } from '@hearken/core';
import { breakingPart, fitsRange } from './core-range.js';
import { findPackage, foldersUp, lookAtManifest, type PackageFolder, readManifest } from './package-folders.node.js';

/** The keyword of npm packages that are plugins. */
export const pluginKeyword = 'hearken-plugin';

/** A plugin that the user has installed. */
export interface DiscoveredPlugin extends PackageFolder {
  /** The part of the package's name after `hearken-plugin-`. */
  readonly name: string;
  readonly packageName: string;
}

/**
 * The packages `hearken-plugin-*` and `@scope/hearken-plugin-*` with the keyword `hearken-plugin` in the `node_modules`
 * of `folder` and its parents; the nearest one of each name. None of their code is run.
 */
export async function discoverPlugins(folder: string): Promise<DiscoveredPlugin[]> {
  const found = new Map<string, DiscoveredPlugin>();
  for (const current of foldersUp(folder)) {
    const modules = join(current, 'node_modules');
    for (const packageName of await pluginNames(modules)) {
      if (found.has(packageName)) continue;
      const manifest = await readManifest(join(modules, packageName));
      if (!Array.isArray(manifest?.keywords) || !manifest.keywords.includes(pluginKeyword)) continue;
      const name = shortName(packageName);
      found.set(packageName, { name, packageName, folder: join(modules, packageName), manifest });
    }
  }
  return [...found.values()];
}

async function pluginNames(modules: string): Promise<string[]> {
  const entries = (folder: string) => readdir(folder).catch(() => [] as string[]);
  const names: string[] = [];
  for (const entry of (await entries(modules)).sort()) {
    if (isPluginName(entry)) names.push(entry);
    if (!entry.startsWith('@')) continue;
    const scoped = (await entries(join(modules, entry))).sort().filter(isPluginName);
    names.push(...scoped.map((name) => `${entry}/${name}`));
  }
  return names;
}

function isPluginName(name: string): boolean {
  return /^hearken-plugin-[a-z0-9]/.test(name);
}

/**
 * The installed plugin with a short name.
 *
 * @throws PluginError if several have it
 */
export async function discoveredPlugin(name: string, folder: string): Promise<DiscoveredPlugin | undefined> {
  const found = (await discoverPlugins(folder)).filter((plugin) => plugin.name === name);
  // The package without a scope takes precedence.
  const plain = found.find(({ packageName }) => !packageName.startsWith('@'));
  if (plain !== undefined || found.length < 2) return plain ?? found.at(0);
  throw new PluginError({
    asked: `plugin '${name}'`,
    found: found.map(({ packageName, folder: place }) => `${packageName} in '${place}'`).join(' and '),
    fix: `use the name of its package: ${found.map(({ packageName }) => packageName).join(' or ')}`,
  });
}

/**
 * For a short name that is not found: checks whether its package is installed and only lacks the keyword.
 *
 * @throws PluginError naming that package
 */
export async function checkKeyword(name: string, folder: string): Promise<void> {
  for (const current of foldersUp(folder)) {
    const modules = join(current, 'node_modules');
    const packageName = (await pluginNames(modules)).find((candidate) => shortName(candidate) === name);
    if (packageName === undefined) continue;
    throw new PluginError({
      asked: `plugin '${name}'`,
      found: `${packageName} in '${join(modules, packageName)}', ${await whatIsMissing(join(modules, packageName))}`,
      fix: `use the name '${packageName}', or add the keyword '${pluginKeyword}' to its package.json`,
    });
  }
}

async function whatIsMissing(folder: string): Promise<string> {
  const manifest = await lookAtManifest(folder);
  return typeof manifest === 'string' ? `which has ${manifest}` : `without the keyword '${pluginKeyword}'`;
}

/** `mine` for `hearken-plugin-mine` and `@lab/hearken-plugin-mine`. */
function shortName(packageName: string): string {
  return packageName.replace(/^(?:@[^/]+\/)?hearken-plugin-/, '');
}

/** The version of `@hearken/core` that this harness runs with. */
export async function coreVersion(): Promise<string | undefined> {
  const core = await findPackage('@hearken/core', dirname(fileURLToPath(import.meta.url)));
  return typeof core?.manifest.version === 'string' ? core.manifest.version : undefined;
}

/** The range of `@hearken/core` that a package depends on. */
export function coreRange({ manifest }: PackageFolder): string | undefined {
  for (const needed of [manifest.peerDependencies, manifest.dependencies]) {
    const range = (needed as Readonly<Record<string, unknown>> | null | undefined)?.['@hearken/core'];
    if (typeof range === 'string') return range;
  }
  return undefined;
}

/** @throws PluginError for a plugin built for a `@hearken/core` with another contract */
export async function checkCoreVersion(plugin: PackageFolder): Promise<void> {
  const range = coreRange(plugin);
  const version = await coreVersion();
  if (range === undefined || version === undefined || fitsRange(version, range)) return;
  const { name, version: pluginVersion } = plugin.manifest;
  throw new PluginError({
    asked: `plugin ${String(name)} ${String(pluginVersion)}`,
    found: `built for @hearken/core ${range}, but this is ${version} (the plugin is in '${plugin.folder}')`,
    fix: `install a version of it for @hearken/core ${breakingPart(version)} (its author: npm install @hearken/core@${breakingPart(version)}), or a version of Hearken with @hearken/core ${range}`,
  });
}
