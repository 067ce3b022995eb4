/** The same plugin in a browser: checkpoints are files, bytes or URLs, graphs run in onnxruntime-web. */
import { webRuntime } from '@hearken/onnx/web';
import { createHubertEcgPlugin } from './plugin.js';

const plugin = createHubertEcgPlugin(webRuntime);

export default plugin;
export const { loadModel, getSceneEmbeddings, getTimestampEmbeddings } = plugin;
export { standardLeads } from './leads.js';
export { publishedTensors } from './published-tensors.js';
