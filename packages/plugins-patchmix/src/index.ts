/**
 * Patch-Mix AST (Bae et al. 2023, arXiv 2305.14032) for lung sounds, and the AST that it is fine-tuned from (Gong et
 * al. 2021, arXiv 2104.01778), as embedders for HEAR, directly from the checkpoints of the authors' scripts.
 *
 * @packageDocumentation
 */
import { nodeRuntime } from '@hearken/onnx/node';
import { createPatchmixPlugin } from './plugin.js';

/** The plugin definition, for `--model` and registries. */
const plugin = createPatchmixPlugin(nodeRuntime);

export default plugin;

export const {
  /**
   * Loads a Patch-Mix AST, or the AST that it is fine-tuned from, from a checkpoint of the authors' scripts.
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
export { patchMixFinetuned, type PatchMixFinetunedOptions } from './finetuned.js';
export { patchMixTrainingGraph, type PatchMixTrainingOptions } from './training-graph.js';
