import type { ModelMetadata, Provenance } from '@hearken/core';
import { createNodeRegistry, knownPlugins } from './plugins.node.js';

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
