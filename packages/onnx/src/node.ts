/**
 * Checkpoints on disk and sessions of onnxruntime-node, besides all of `@hearken/onnx`.
 *
 * @packageDocumentation
 */
import type { NodeModelFiles } from './checkpoint/model-files.node.js';
import { openModelFiles } from './checkpoint/model-files.node.js';
import { buildInNodePrecision } from './quantization/build-in-precision.node.js';
import type { Runtime } from './runtime.js';
import { createNodeSession } from './session/node-session.js';

export * from './index.js';
// Plugins written for 0.1 import these from here.
export {
  checkOutput,
  copyPlainFile,
  createOutput,
  fileSha256,
  openOutput,
  openPlainFile,
  openPlainFileSync,
  readPlainFile,
  readPlainText,
  userCacheFolder,
  type PlainFile,
  type PlainFileOptions,
  type ReadPlainFileOptions,
  type UnreadableFile,
} from '@hearken/core/node';
export { openFileSource, type FileSource } from './checkpoint/file-source.node.js';
export { type FileState, guardOf, WatchedFile } from './checkpoint/file-state.node.js';
export { openModelFiles, type NodeModelFiles } from './checkpoint/model-files.node.js';
export { createNodeSession } from './session/node-session.js';

/** Checkpoints are paths, graphs run in onnxruntime-node. */
export const nodeRuntime: Runtime = {
  createSession: createNodeSession,
  openModelFiles,
  // Files of this runtime are of `openModelFiles`.
  buildInPrecision: (files, precision, build) => buildInNodePrecision(files as NodeModelFiles, precision, build),
};
