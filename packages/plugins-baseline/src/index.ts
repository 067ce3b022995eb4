/**
 * Statistics over time of spectra, as embeddings, without weights or training. It gives the score that a model has to
 * beat, and is the smallest plugin: an example to start from.
 *
 * @packageDocumentation
 */
import { nodeRuntime } from '@hearken/onnx/node';
import { createBaselinePlugin } from './plugin.js';

/** The plugin definition, for `--model` and registries. */
const plugin = createBaselinePlugin(nodeRuntime);

export default plugin;

export const {
  /**
   * Loads `mel`, for audio, or `ecg`. There is no checkpoint: pass `undefined`.
   *
   * @throws OptionError for an unknown model or option; CheckpointError for a file that does not fit the model
   * @function
   */
  loadModel,
  /**
   * One embedding per signal: `[n, channels, samples]` at the embedder's sample rate to `[n, sceneEmbeddingSize]`.
   *
   * @throws SignalError for a batch that the embedder can't accept; EmbedderError if the embedder breaks its contract
   * @function
   */
  getSceneEmbeddings,
  /**
   * Embeddings over time: `[n, channels, samples]` at the embedder's sample rate to
   * `[n, timestamps, timestampEmbeddingSize]`, and the window centres in ms, `[n, timestamps]`.
   *
   * @throws SignalError for a batch that the embedder can't accept; EmbedderError if the embedder breaks its contract
   * @function
   */
  getTimestampEmbeddings,
} = plugin;
