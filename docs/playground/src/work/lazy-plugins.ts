import { isForeignCheckpoint, type Plugin } from '@hearken/core';
import { keepModel } from './loaded-model.js';

/** Loads a plugin's code. */
export type PluginLoader = () => Promise<{ readonly default: Plugin }>;

/**
 * Plugins whose code is loaded with their first model, with only the parts that `serveModels` needs. If one of them refuses a
 * checkpoint, the others are checked, so that the error names the plugin that reads it.
 */
export function lazyPlugins(loaders: Readonly<Record<string, PluginLoader>>): Pick<Plugin, 'name' | 'loadModel'>[] {
  const readerNamed = async (cause: unknown): Promise<unknown> => {
    if (!isForeignCheckpoint(cause)) return cause;
    const plugins = await Promise.all(Object.values(loaders).map((load) => load()));
    return cause.nameReader(plugins.map((module) => module.default));
  };
  return Object.entries(loaders).map(([name, load]) => ({
    name,
    loadModel: async (checkpoint, options) => {
      const plugin = (await load()).default;
      try {
        return keepModel(await plugin.loadModel(checkpoint, options));
      } catch (cause) {
        throw await readerNamed(cause);
      }
    },
  }));
}
