import { definePlugin, HearkenError, isHearkenError, type Plugin, pluginFromModule, PluginError } from '@hearken/core';
import { isRecord } from '@hearken/core/internal';
import type { PackageFolder } from './package-folders.node.js';

/**
 * A plugin's description in its `package.json`, under `hearken`, which can be listed without importing the plugin:
 *
 * ```json
 * { "hearken": { "plugin": "my-model", "models": { "base": { "description": "...", "sampleRate": 16000, "channels": 1, "embeddingSize": 512 } } } }
 * ```
 *
 * `plugin` is the name in the plugin's definition, `models` are its models with the metadata there (`ModelMetadata`), and
 * `checkpoints`, if present, describes its checkpoints (`CheckpointFamily`). The version is the package's.
 *
 * @returns undefined if the package has no description
 * @throws PluginError if the description is invalid
 */
export function listedPlugin({ manifest, folder }: PackageFolder): Plugin | undefined {
  const said = manifest.hearken;
  if (said === undefined) return undefined;
  const place = `'hearken' in the package.json in '${folder}'`;
  if (!isRecord(said)) throw refused(place, 'not an object', undefined);
  const version = manifest.version;
  const description = manifest.description;
  const definition = {
    name: said.plugin,
    version: typeof version === 'string' ? version : undefined,
    description: typeof description === 'string' ? description : '',
    models: said.models,
    checkpoints: said.checkpoints,
    load: () => Promise.reject(refused(place, 'a list of models instead of the plugin itself', undefined)),
  };
  try {
    // The same checks as for the plugin itself; nothing is imported.
    return definePlugin(pluginFromModule({ default: definition }, place));
  } catch (cause) {
    if (!isHearkenError(cause)) throw cause;
    throw refused(place, cause.found, cause);
  }
}

function refused(asked: string, found: string, cause: unknown): HearkenError {
  return new PluginError({
    asked,
    found,
    fix: 'write "hearken": { "plugin": NAME, "models": { NAME: { "description", "sampleRate", "channels", "embeddingSize" } } }, with the values of the definition',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** How the description in `package.json` differs from the plugin itself, as text for a finding. */
export function listDifference(listed: Plugin, plugin: Plugin): string | undefined {
  if (listed.name !== plugin.name) return `plugin '${listed.name}', but '${plugin.name}' in the definition`;
  const names = [...new Set([...Object.keys(listed.models), ...Object.keys(plugin.models)])];
  for (const name of names) {
    const [said, actual] = [listed, plugin].map(({ models }) =>
      Object.hasOwn(models, name) ? models[name] : undefined,
    );
    if (said === undefined || actual === undefined)
      return `model '${name}' ${said === undefined ? 'missing' : 'that the plugin does not have'}`;
    for (const field of ['sampleRate', 'channels', 'embeddingSize'] as const) {
      if (said[field] !== actual[field])
        return `${field} ${said[field]} of model '${name}', but ${actual[field]} in the definition`;
    }
  }
  return undefined;
}
