/**
 * Statistics over time of spectra, as embeddings: no weights, no training, and the smallest plugin there is.
 * It is the score that a model has to beat, and the example to write a plugin from.
 *
 * @packageDocumentation
 */
import { nodeRuntime } from '@hearken/onnx/node';
import { createBaselinePlugin } from './plugin.js';

/** The plugin definition: what `--model` names, and what a registry takes. */
const plugin = createBaselinePlugin(nodeRuntime);

export default plugin;

export const {
  /**
   * Loads `mel`, for audio, or `ecg`. There is no checkpoint: pass `undefined`.
   *
   * @throws OptionError for a model or an option that there is not; CheckpointError for a file that is not the model's
   * @function
   */
  loadModel,
  /**
   * One embedding a signal: `[n, channels, samples]` at the embedder's sample rate to `[n, sceneEmbeddingSize]`.
   *
   * @throws SignalError for a batch that the embedder cannot take; EmbedderError where it breaks its contract
   * @function
   */
  getSceneEmbeddings,
  /**
   * Embeddings over time: `[n, channels, samples]` at the embedder's sample rate to
   * `[n, timestamps, timestampEmbeddingSize]`, and the window centres in ms, `[n, timestamps]`.
   *
   * @throws SignalError for a batch that the embedder cannot take; EmbedderError where it breaks its contract
   * @function
   */
  getTimestampEmbeddings,
} = plugin;
