import type { ModelMetadata, Provenance } from '@hearken/core';
import { createNodeRegistry, knownPlugins } from './plugins.node.js';

/** Looks a model up in Hearken's own plugins. A plugin that only a result file names is never loaded. */
export async function knownMetadata({
  plugin,
  model,
}: Pick<Provenance, 'plugin' | 'model'>): Promise<ModelMetadata | undefined> {
  if (!knownPlugins.includes(plugin)) return undefined;
  try {
    const { models } = await createNodeRegistry().resolve(plugin);
    return Object.hasOwn(models, model) ? models[model] : undefined;
  } catch {
    // The package is not installed: its models have no facts.
    return undefined;
  }
}
