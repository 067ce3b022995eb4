import { definePlugin, HearkenError, isHearkenError, type Plugin, pluginFromModule, PluginError } from '@hearken/core';
import { isRecord } from '@hearken/core/internal';
import type { PackageFolder } from './package-folders.node.js';

/**
 * What the `package.json` of a plugin says of it under `hearken`, so that it can be listed without being imported:
 *
 * ```json
 * { "hearken": { "plugin": "my-model", "models": { "base": { "description": "...", "sampleRate": 16000, "channels": 1, "embeddingSize": 512 } } } }
 * ```
 *
 * `plugin` is the name in the plugin's definition, `models` are its models with the metadata there (`ModelMetadata`), and
 * `checkpoints`, where it is there, says what its checkpoints look like (`CheckpointFamily`). The version is the package's.
 *
 * @returns undefined where the package says nothing
 * @throws PluginError for what is no such description
 */
export function listedPlugin({ manifest, folder }: PackageFolder): Plugin | undefined {
  const said = manifest.hearken;
  if (said === undefined) return undefined;
  const place = `'hearken' in the package.json in '${folder}'`;
  if (!isRecord(said)) throw refused(place, 'no object', undefined);
  const version = manifest.version;
  const description = manifest.description;
  const definition = {
    name: said.plugin,
    version: typeof version === 'string' ? version : undefined,
    description: typeof description === 'string' ? description : '',
    models: said.models,
    checkpoints: said.checkpoints,
    load: () => Promise.reject(refused(place, 'a list of models, which is not the plugin itself', undefined)),
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
    fix: 'write "hearken": { "plugin": NAME, "models": { NAME: { "description", "sampleRate", "channels", "embeddingSize" } } }, as the definition has them',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Where the list in `package.json` says otherwise than the plugin itself, in the words of a finding. */
export function listDifference(listed: Plugin, plugin: Plugin): string | undefined {
  if (listed.name !== plugin.name) return `plugin '${listed.name}', and '${plugin.name}' in the definition`;
  const names = [...new Set([...Object.keys(listed.models), ...Object.keys(plugin.models)])];
  for (const name of names) {
    const [said, actual] = [listed, plugin].map(({ models }) =>
      Object.hasOwn(models, name) ? models[name] : undefined,
    );
    if (said === undefined || actual === undefined)
      return `model '${name}' ${said === undefined ? 'missing' : 'that the plugin does not have'}`;
    for (const field of ['sampleRate', 'channels', 'embeddingSize'] as const) {
      if (said[field] !== actual[field])
        return `${field} ${said[field]} of model '${name}', and ${actual[field]} in the definition`;
    }
  }
  return undefined;
}
