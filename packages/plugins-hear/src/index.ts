/**
 * HeAR, health acoustic representations (Baur et al. 2024, arXiv 2403.02522), as an embedder for HEAR, straight from the
 * checkpoint that its authors publish for PyTorch.
 *
 * @packageDocumentation
 */
import { nodeRuntime } from '@hearken/onnx/node';
import { createHearPlugin } from './plugin.js';

const plugin = createHearPlugin(nodeRuntime);

export default plugin;
export const { loadModel, getSceneEmbeddings, getTimestampEmbeddings } = plugin;
export type { LoadOptions } from '@hearken/core';
