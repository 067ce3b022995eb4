/**
 * Patch-Mix AST (Bae et al. 2023, arXiv 2305.14032) for lung sounds, and the AST that it is trained from (Gong et al.
 * 2021, arXiv 2104.01778), as embedders for HEAR, straight from the checkpoints that the authors' scripts write.
 *
 * @packageDocumentation
 */
import { nodeRuntime } from '@hearken/onnx/node';
import { createPatchmixPlugin } from './plugin.js';

const plugin = createPatchmixPlugin(nodeRuntime);

export default plugin;
export const { loadModel, getSceneEmbeddings, getTimestampEmbeddings } = plugin;
export type { LoadOptions } from '@hearken/core';
