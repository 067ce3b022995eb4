/**
 * EfficientAT (Schmid et al. 2023, arXiv 2211.04772): MobileNets that tag audio, as embedders for HEAR
 * (arXiv 2303.01879), straight from the checkpoints of the authors' releases.
 *
 * @packageDocumentation
 */
import { nodeRuntime } from '@hearken/onnx/node';
import { createEfficientatPlugin } from './plugin.js';

/** The plugin definition: what `--model` names, and what a registry takes. */
const plugin = createEfficientatPlugin(nodeRuntime);

export default plugin;

export const {
  /**
   * Loads an EfficientAT model from the checkpoint that its authors release.
   *
   * @throws OptionError for a model or an option that there is not; CheckpointError for a file that is not the model's
   * @function
   */
  loadModel,
  /**
   * One embedding a signal: `[n, 1, samples]` in [-1, 1] at the embedder's sample rate to `[n, sceneEmbeddingSize]`.
   *
   * @throws SignalError for a batch that the embedder cannot take; EmbedderError where it breaks its contract
   * @function
   */
  getSceneEmbeddings,
  /**
   * Embeddings over time: `[n, 1, samples]` in [-1, 1] at the embedder's sample rate to
   * `[n, timestamps, timestampEmbeddingSize]`, and the window centres in ms, `[n, timestamps]`.
   *
   * @throws SignalError for a batch that the embedder cannot take; EmbedderError where it breaks its contract
   * @function
   */
  getTimestampEmbeddings,
} = plugin;
export { featureNames } from './features.js';
export { publishedTensors } from './model-graph.js';
