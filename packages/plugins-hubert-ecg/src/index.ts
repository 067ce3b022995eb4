/**
 * HuBERT-ECG (Coppola et al. 2024, medRxiv 2024.11.14.24317328): a transformer for 12-lead ECGs as an embedder,
 * directly from the authors' published checkpoints.
 *
 * Signals are `[12, samples]` in mV, 5 s or longer, the leads in the order I, II, III, aVR, aVL, aVF, V1 to V6; options
 * declare differences. The scene embedding is the mean over the tokens of a window and over windows of 5 s; timestamps
 * are the centres of such windows, `hop` seconds apart. Missing values (NaN) must be filled first: readers of ECG files
 * do so with the record's mean.
 *
 * @packageDocumentation
 */
import { nodeRuntime } from '@hearken/onnx/node';
import { createHubertEcgPlugin } from './plugin.js';

/** The plugin definition, for `--model` and registries. */
const plugin = createHubertEcgPlugin(nodeRuntime);

export default plugin;

export const {
  /**
   * Loads a HuBERT-ECG model from a published checkpoint.
   *
   * @throws OptionError for an unknown model or option; CheckpointError for a file that does not fit the model
   * @function
   */
  loadModel,
  /**
   * One embedding per signal: `[n, 12, samples]` in mV at the embedder's sample rate to `[n, sceneEmbeddingSize]`.
   *
   * @throws SignalError for a batch that the embedder can't accept; EmbedderError if the embedder breaks its contract
   * @function
   */
  getSceneEmbeddings,
  /**
   * Embeddings over time: `[n, 12, samples]` in mV at the embedder's sample rate to
   * `[n, timestamps, timestampEmbeddingSize]`, and the window centres in ms, `[n, timestamps]`.
   *
   * @throws SignalError for a batch that the embedder can't accept; EmbedderError if the embedder breaks its contract
   * @function
   */
  getTimestampEmbeddings,
} = plugin;
export { publishedTensors } from './published-tensors.js';
export { hubertEcgFinetuned, type HubertEcgFinetunedOptions } from './finetuned.js';
export {
  type DropoutMask,
  type HubertEcgDropout,
  type HubertEcgTrainingGraph,
  hubertEcgTrainingGraph,
  type HubertEcgTrainingOptions,
} from './training-graph.js';
