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

const plugin = createHubertEcgPlugin(nodeRuntime);

export default plugin;
export const { loadModel, getSceneEmbeddings, getTimestampEmbeddings } = plugin;
export { standardLeads } from './leads.js';
export { publishedTensors } from './published-tensors.js';
