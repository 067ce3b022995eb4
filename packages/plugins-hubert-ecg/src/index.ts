/**
 * HuBERT-ECG (Coppola et al. 2024, medRxiv 2024.11.14.24317328): a transformer of 12-lead ECGs as an embedder, straight
 * from the checkpoints that its authors publish.
 *
 * Signals are `[12, samples]` in mV, 5 s or longer, the leads in the order I, II, III, aVR, aVL, aVF, V1 to V6; options
 * declare what differs. The scene embedding is the mean over the tokens of a window and over windows of 5 s; timestamps
 * are the centres of such windows, `hop` seconds apart. Values that are missing (NaN) must be filled before: readers of
 * ECG files do so with the record's mean.
 *
 * @packageDocumentation
 */
import { nodeRuntime } from '@hearken/onnx/node';
import { createHubertEcgPlugin } from './plugin.js';

/** The plugin definition: what `--model` names, and what a registry takes. */
const plugin = createHubertEcgPlugin(nodeRuntime);

export default plugin;

export const {
  /**
   * Loads a HuBERT-ECG model from the checkpoint that its authors publish.
   *
   * @throws OptionError for a model or an option that there is not; CheckpointError for a file that is not the model's
   * @function
   */
  loadModel,
  /**
   * One embedding a signal: `[n, 12, samples]` in mV at the embedder's sample rate to `[n, sceneEmbeddingSize]`.
   *
   * @throws SignalError for a batch that the embedder cannot take; EmbedderError where it breaks its contract
   * @function
   */
  getSceneEmbeddings,
  /**
   * Embeddings over time: `[n, 12, samples]` in mV at the embedder's sample rate to
   * `[n, timestamps, timestampEmbeddingSize]`, and the window centres in ms, `[n, timestamps]`.
   *
   * @throws SignalError for a batch that the embedder cannot take; EmbedderError where it breaks its contract
   * @function
   */
  getTimestampEmbeddings,
} = plugin;
export { publishedTensors } from './published-tensors.js';
