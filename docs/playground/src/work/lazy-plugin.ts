import type { Plugin } from '@hearken/core';
import { keepModel } from './loaded-model.js';

/** A plugin whose code is fetched when its first model is loaded: as much of one as `serveModels` needs. */
export function lazyPlugin(
  name: string,
  load: () => Promise<{ readonly default: Plugin }>,
): Pick<Plugin, 'name' | 'loadModel'> {
  return {
    name,
    loadModel: async (checkpoint, options) => keepModel(await (await load()).default.loadModel(checkpoint, options)),
  };
}
