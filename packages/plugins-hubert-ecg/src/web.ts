/**
 * The same plugin for browsers: checkpoints are files, bytes or URLs, and graphs run in onnxruntime-web.
 *
 * @packageDocumentation
 */
import { webRuntime } from '@hearken/onnx/web';
import { createHubertEcgPlugin } from './plugin.js';

/** The plugin definition, for `--model` and registries. */
const plugin = createHubertEcgPlugin(webRuntime);

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
export {
  type DropoutMask,
  type HubertEcgDropout,
  type HubertEcgTrainingGraph,
  hubertEcgTrainingGraph,
  type HubertEcgTrainingOptions,
} from './training-graph.js';
