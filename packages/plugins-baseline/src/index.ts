/**
 * Statistics over time of spectra, as embeddings: no weights, no training, and the smallest plugin there is.
 * It is the score that a model has to beat, and the example to write a plugin from.
 *
 * @packageDocumentation
 */
import { nodeRuntime } from '@hearken/onnx/node';
import { createBaselinePlugin } from './plugin.js';

const plugin = createBaselinePlugin(nodeRuntime);

export default plugin;
export const { loadModel, getSceneEmbeddings, getTimestampEmbeddings } = plugin;
