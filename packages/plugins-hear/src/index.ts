/**
 * HeAR, health acoustic representations (Baur et al. 2024, arXiv 2403.02522), as an embedder for HEAR, straight from the
 * checkpoint that its authors publish for PyTorch.
 *
 * @packageDocumentation
 */
import { nodeRuntime } from '@hearken/onnx/node';
import { createHearPlugin } from './plugin.js';

/** The plugin definition: what `--model` names, and what a registry takes. */
const plugin = createHearPlugin(nodeRuntime);

export default plugin;

export const {
  /**
   * Loads HeAR from the checkpoint that its authors publish.
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
