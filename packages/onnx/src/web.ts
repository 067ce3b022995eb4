/**
 * Checkpoints in a web page and sessions of onnxruntime-web, in addition to all of `@hearken/onnx`.
 *
 * @packageDocumentation
 */
import { openWebModelFiles } from './checkpoint/model-files.web.js';
import { buildInWebPrecision } from './quantization/build-in-precision.web.js';
import type { Runtime } from './runtime.js';
import { createWebSession } from './session/web-session.js';

export * from './index.js';
export { createWebSession, setWebRuntimeFiles, type WebRuntimeFiles } from './session/web-session.js';
export { downloadFile, type DownloadOptions } from './storage/downloads.web.js';
export { deleteStoredFile, listStoredFiles, type StoredFile } from './storage/stored-files.web.js';

/** The runtime of browsers: checkpoints are files, bytes or URLs, and graphs run in onnxruntime-web. */
export const webRuntime: Runtime = {
  createSession: createWebSession,
  openModelFiles: openWebModelFiles,
  buildInPrecision: buildInWebPrecision,
};
