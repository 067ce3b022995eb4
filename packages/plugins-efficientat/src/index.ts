/**
 * EfficientAT (Schmid et al. 2023, arXiv 2211.04772): MobileNets for audio tagging, as embedders for HEAR (arXiv
 * 2303.01879), directly from the authors' released checkpoints.
 *
 * @packageDocumentation
 */
import { nodeRuntime } from '@hearken/onnx/node';
import { createEfficientatPlugin } from './plugin.js';

/** The plugin definition, for `--model` and registries. */
const plugin = createEfficientatPlugin(nodeRuntime);

export default plugin;

export const {
  /**
   * Loads an EfficientAT model from a checkpoint released by its authors.
   *
   * @throws OptionError for an unknown model or option; CheckpointError for a file that does not fit the model
   * @function
   */
  loadModel,
  /**
   * One embedding per signal: `[n, 1, samples]` in [-1, 1] at the embedder's sample rate to `[n, sceneEmbeddingSize]`.
   *
   * @throws SignalError for a batch that the embedder can't accept; EmbedderError if the embedder breaks its contract
   * @function
   */
  getSceneEmbeddings,
  /**
   * Embeddings over time: `[n, 1, samples]` in [-1, 1] at the embedder's sample rate to
   * `[n, timestamps, timestampEmbeddingSize]`, and the window centres in ms, `[n, timestamps]`.
   *
   * @throws SignalError for a batch that the embedder can't accept; EmbedderError if the embedder breaks its contract
   * @function
   */
  getTimestampEmbeddings,
} = plugin;
export { featureNames } from './features.js';
export { publishedTensors } from './model-graph.js';
export { efficientAtFinetuned, type EfficientAtFinetunedOptions } from './finetuned.js';
export { efficientAtTrainingGraph, type EfficientAtTrainingOptions } from './training-graph.js';
