/** The same plugin in a browser: checkpoints are files, bytes or URLs, graphs run in onnxruntime-web. */
import { webRuntime } from '@hearken/onnx/web';
import { createBaselinePlugin } from './plugin.js';

const plugin = createBaselinePlugin(webRuntime);

export default plugin;
export const { loadModel, getSceneEmbeddings, getTimestampEmbeddings } = plugin;
