/**
 * The same plugin in a browser: checkpoints are files, bytes or URLs, graphs run in onnxruntime-web.
 *
 * @packageDocumentation
 */
import { webRuntime } from '@hearken/onnx/web';
import { createHearPlugin } from './plugin.js';

/** The plugin definition: what `--model` names, and what a registry takes. */
const plugin = createHearPlugin(webRuntime);

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
