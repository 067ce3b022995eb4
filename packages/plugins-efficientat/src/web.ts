/** The same plugin in a browser: checkpoints are files, bytes or URLs, graphs run in onnxruntime-web. */
import { webRuntime } from '@hearken/onnx/web';
import { createEfficientatPlugin } from './plugin.js';

const plugin = createEfficientatPlugin(webRuntime);

export default plugin;
export const { loadModel, getSceneEmbeddings, getTimestampEmbeddings } = plugin;
export { featureNames } from './features.js';
export { publishedTensors } from './model-graph.js';
