import {
  type Embedder,
  isHearkenError,
  type LoadOptions,
  type ModelSource,
  type Plugin,
  PluginError,
} from '@hearken/core';
import { thrownText } from './thrown-text.js';

/**
 * Loads a model of a plugin.
 *
 * @throws PluginError for whatever the plugin throws that is not in Hearken's own terms, naming plugin and model
 */
export async function loadPluginModel(
  plugin: Plugin,
  checkpoint: ModelSource | undefined,
  options: LoadOptions,
): Promise<Embedder> {
  try {
    return await plugin.loadModel(checkpoint, options);
  } catch (cause) {
    if (isHearkenError(cause) || options.runtime?.abortSignal?.aborted === true) throw cause;
    throw new PluginError({
      asked: `to load model '${plugin.name}:${options.model ?? Object.keys(plugin.models)[0]}'`,
      found: `the load function of the plugin throws: ${thrownText(cause)}`,
      fix: 'pass what it needs with --checkpoint and --options, or mend it; --debug shows where',
      cause,
    });
  }
}
