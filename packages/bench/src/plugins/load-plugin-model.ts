import {
  isForeignCheckpoint,
  type Embedder,
  isHearkenError,
  type LoadOptions,
  type ModelSource,
  type Plugin,
  PluginError,
} from '@hearken/core';
import { checkpointReaders } from './checkpoint-readers.node.js';
import { thrownText } from './thrown-text.js';

/**
 * Loads a model of a plugin.
 *
 * @throws PluginError naming plugin and model for anything the plugin throws that is not a Hearken error; for another
 *   plugin's checkpoint, CheckpointError naming that plugin
 */
export async function loadPluginModel(
  plugin: Plugin,
  checkpoint: ModelSource | undefined,
  options: LoadOptions,
): Promise<Embedder> {
  try {
    return await plugin.loadModel(checkpoint, options);
  } catch (cause) {
    if (options.runtime?.abortSignal?.aborted === true) throw cause;
    if (isForeignCheckpoint(cause)) throw cause.nameReader(await checkpointReaders());
    if (isHearkenError(cause)) throw cause;
    throw new PluginError({
      asked: `to load model '${plugin.name}:${options.model ?? Object.keys(plugin.models)[0]}'`,
      found: `the plugin's load function throws: ${thrownText(cause)}`,
      fix: 'pass what it needs with --checkpoint and --options, or fix it; --debug shows where it fails',
      cause,
    });
  }
}
