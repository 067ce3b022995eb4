import { didYouMean } from './did-you-mean.js';
import { isHearkenError, PluginError } from './errors.js';
import { isPluginPath } from './model-specifier.js';
import type { Plugin } from './plugin.js';
import { pluginFromModule } from './plugin-module.js';

/** A plugin with a short name that is loaded only when needed. */
export interface PluginEntry {
  /** Short name, the part before the colon in `plugin:model`. */
  readonly name: string;
  /** The npm package that contains it. */
  readonly packageName: string;
  /** Imports it: `() => import('@hearken/plugin-x')`, with a literal, so that bundlers see it. */
  readonly load: () => Promise<unknown>;
}

/** How a registry handles names that are not registered. */
export interface RegistryOptions {
  /**
   * Imports a plugin that is not registered: an npm package name, a path as the user wrote it, or a file URL. Each
   * platform passes its own, because relative paths and packages are resolved differently. Default: refuse them.
   */
  readonly importModule?: (specifier: string) => Promise<unknown>;
}

/** Plugins by name. */
export interface Registry {
  /**
   * Registers a plugin under its short name and its package.
   *
   * @throws PluginError if the name or the package is taken
   */
  register(entry: PluginEntry): void;
  /** The registered short names, in the order of registration. */
  names(): string[];
  /**
   * The plugin with this short name, npm package name, path or file URL.
   *
   * @throws PluginError if there is none, or if it is not installed, fails to load or is not a plugin
   */
  resolve(specifier: string): Promise<Plugin>;
}

/**
 * An npm package name: optional scope, lower-case letters, digits, `-`, `.`, `_`, `~`. Excludes URLs and `node:`
 * modules.
 */
const packageNamePattern = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** Creates an empty registry. */
export function createRegistry(options: RegistryOptions = {}): Registry {
  const entries: PluginEntry[] = [];
  return {
    register(entry) {
      const other = entries.find(({ name, packageName }) => name === entry.name || packageName === entry.packageName);
      if (other !== undefined) {
        throw new PluginError({
          asked: `to register plugin '${entry.name}' of ${entry.packageName}`,
          found: `'${other.name}' of ${other.packageName}, already registered`,
          fix: 'register each name and each package once',
        });
      }
      entries.push(entry);
    },
    names: () => entries.map(({ name }) => name),
    async resolve(specifier) {
      const entry = entries.find(({ name, packageName }) => name === specifier || packageName === specifier);
      if (entry !== undefined) return loadRegistered(entry);
      return loadOther(specifier, entries, options.importModule);
    },
  };
}

async function loadRegistered(entry: PluginEntry): Promise<Plugin> {
  let module: unknown;
  try {
    module = await entry.load();
  } catch (error) {
    if (!isMissing(error, entry.packageName)) throw failedToLoad(entry.packageName, error);
    throw new PluginError({
      asked: `plugin '${entry.name}'`,
      found: `its package ${entry.packageName} is not installed`,
      fix: `npm install ${entry.packageName}`,
      cause: error,
    });
  }
  return pluginFromModule(module, entry.packageName);
}

async function loadOther(
  specifier: string,
  entries: readonly PluginEntry[],
  importModule: RegistryOptions['importModule'],
): Promise<Plugin> {
  const isPackage = packageNamePattern.test(specifier);
  if (importModule === undefined || !(isPackage || isPluginPath(specifier))) throw unknownPlugin(specifier, entries);
  let module: unknown;
  try {
    module = await importModule(specifier);
  } catch (error) {
    if (isPackage && isMissing(error, specifier)) throw unknownPlugin(specifier, entries, error);
    throw failedToLoad(specifier, error);
  }
  return pluginFromModule(module, specifier);
}

function unknownPlugin(specifier: string, entries: readonly PluginEntry[], cause?: unknown): PluginError {
  const known = entries.map(({ name }) => name);
  const names = [...known, ...entries.map(({ packageName }) => packageName)];
  const install = cause === undefined ? '' : `; for a plugin from npm: npm install ${npmName(specifier)}`;
  return new PluginError({
    asked: `plugin '${specifier}'`,
    found: 'no plugin of that name',
    fix: `${didYouMean(specifier, names)}known: ${known.join(', ') || 'none'}${install}`,
    cause,
  });
}

/** The short name: without the prefix that the package names of all plugins share. */
function npmName(specifier: string): string {
  return specifier.startsWith('@') || specifier.includes('hearken') ? specifier : `hearken-plugin-${specifier}`;
}

function failedToLoad(origin: string, cause: unknown): Error {
  // A Hearken error from the plugin or the importer is already complete.
  if (isHearkenError(cause)) return cause;
  return new PluginError({
    asked: `plugin '${origin}'`,
    found: `its module does not load: ${cause instanceof Error ? cause.message : String(cause)}`,
    fix: 'check the path, and that the plugin and what it imports are installed',
    cause,
  });
}

/** Whether the import failed because this package itself is missing, rather than something that it imports. */
function isMissing(error: unknown, packageName: string): boolean {
  if (!(error instanceof Error)) return false;
  const named = /(?:Cannot find (?:package|module)|Failed to resolve module specifier) ["']([^"']+)["']/.exec(
    error.message,
  );
  return named?.[1] === packageName;
}
