/**
 * HeAR, health acoustic representations (Baur et al. 2024, arXiv 2403.02522), as an embedder for HEAR, directly from
 * the authors' published PyTorch checkpoint.
 *
 * @packageDocumentation
 */
import { nodeRuntime } from '@hearken/onnx/node';
import { createHearPlugin } from './plugin.js';

/** The plugin definition, for `--model` and registries. */
const plugin = createHearPlugin(nodeRuntime);

export default plugin;

export const {
  /**
   * Loads HeAR from the published checkpoint.
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
export { hearFinetuned, type HearFinetunedOptions } from './finetuned.js';
export { hearTrainingGraph, type HearTrainingOptions } from './training-graph.js';
