import type { Plugin } from '@hearken/core';
import { keepModel } from './loaded-model.js';

/** A plugin whose code is fetched when its first model is loaded. */
export function lazyPlugin(name: string, load: () => Promise<{ readonly default: Plugin }>): Plugin {
  const plugin: Pick<Plugin, 'name' | 'loadModel'> = {
    name,
    loadModel: async (checkpoint, options) => keepModel(await (await load()).default.loadModel(checkpoint, options)),
  };
  // serveModels reads no more of a plugin than these two.
  return plugin as Plugin;
}
