/**
 * Checkpoints on disk and sessions of onnxruntime-node, in addition to all of `@hearken/onnx`.
 *
 * @packageDocumentation
 */
import type { NodeModelFiles } from './checkpoint/model-files.node.js';
import { openModelFiles } from './checkpoint/model-files.node.js';
import { buildInNodePrecision } from './quantization/build-in-precision.node.js';
import type { Runtime } from './runtime.js';
import { createNodeSession } from './session/node-session.js';

export * from './index.js';
// Kept for plugins written for 0.1, which import these from here.
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

/** The runtime of Node.js: checkpoints are paths, and graphs run in onnxruntime-node. */
export const nodeRuntime: Runtime = {
  createSession: createNodeSession,
  openModelFiles,
  // This runtime's files come from `openModelFiles`.
  buildInPrecision: (files, precision, build) => buildInNodePrecision(files as NodeModelFiles, precision, build),
};
