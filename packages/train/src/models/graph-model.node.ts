import type { Embedder, LoadOptions, ModelSource, Plugin, TrainableModel } from '@hearken/core';
import { filesOf } from './folder-files.node.js';
import { graphModel as create, type GraphModelOptions } from './graph-model.js';

/**
 * Makes a model trainable from the graph that its plugin exports; weights may be in files of the graph's folder.
 *
 * @param embedder is disposed of with the model
 * @throws OptionError for a model without a graph, and for weights that are quantised or computed in 16 bits;
 *   CheckpointError for a graph that cannot be read
 */
export function graphModel(embedder: Embedder, options: GraphModelOptions = {}): Promise<TrainableModel> {
  const folder = options.weights?.folder ?? embedder.graph?.externalFolder;
  return create(embedder, folder === undefined ? options : { openExternal: filesOf(folder), ...options });
}

/**
 * Opens a model to train it: as its plugin offers, or else from its graph.
 *
 * @throws OptionError for a model that cannot be trained; what the plugin throws
 */
export async function openTrainable(
  plugin: Plugin,
  checkpoint?: ModelSource,
  options: LoadOptions = {},
): Promise<TrainableModel> {
  if (plugin.training !== undefined) return plugin.training.open(checkpoint, options);
  const embedder = await plugin.loadModel(checkpoint, options);
  try {
    return await graphModel(embedder);
  } catch (error) {
    await embedder.dispose();
    throw error;
  }
}
