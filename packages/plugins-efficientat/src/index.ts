/**
 * EfficientAT (Schmid et al. 2023, arXiv 2211.04772): MobileNets that tag audio, as embedders for HEAR
 * (arXiv 2303.01879), straight from the checkpoints of the authors' releases.
 *
 * @packageDocumentation
 */
import { nodeRuntime } from '@hearken/onnx/node';
import { createEfficientatPlugin } from './plugin.js';

const plugin = createEfficientatPlugin(nodeRuntime);

export default plugin;
export const { loadModel, getSceneEmbeddings, getTimestampEmbeddings } = plugin;
export { featureNames } from './features.js';
export { publishedTensors } from './model-graph.js';
