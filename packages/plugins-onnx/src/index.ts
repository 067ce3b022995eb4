/**
 * Any ONNX model as an embedder: a waveform in, an embedding out, and options in place of code.
 *
 * @packageDocumentation
 */
import type { ModelSource, Plugin } from '@hearken/core';
import { nodeRuntime } from '@hearken/onnx/node';
import type { OnnxFile, OnnxFileRuntime } from './onnx-file.js';
import { openOnnxFile } from './open-onnx-file.node.js';
import { createOnnxPlugin as create, type OnnxManifest } from './plugin.js';
import { pluginOfFile as ofFile } from './plugin-of-file.js';

/** Opens ONNX files and runs them here; for plugins that put a front end of their own before one. */
export const onnxFileRuntime: OnnxFileRuntime = { createSession: nodeRuntime.createSession, openOnnxFile };

/** A plugin for Node.js that wraps ONNX models which a manifest describes; without one, any ONNX model. */
export function createOnnxPlugin(manifest?: OnnxManifest): Plugin {
  return create(onnxFileRuntime, manifest);
}

/** The plugin of one ONNX file, its model named after the file: what `--model ./my.onnx` means. */
export function pluginOfFile(source: ModelSource): Promise<Plugin> {
  return ofFile(onnxFileRuntime, source);
}

/** The plugin definition: what `--model` names, and what a registry takes. */
const plugin = createOnnxPlugin();

export default plugin;

export const {
  /**
   * Loads an ONNX model that takes a waveform; options say what its file does not.
   *
   * @throws OptionError for a model or an option that there is not; CheckpointError for a file that is not the model's
   * @function
   */
  loadModel,
  /**
   * One embedding a signal: `[n, channels, samples]` at the embedder's sample rate to `[n, sceneEmbeddingSize]`.
   *
   * @throws SignalError for a batch that the embedder cannot take; EmbedderError where it breaks its contract
   * @function
   */
  getSceneEmbeddings,
  /**
   * Embeddings over time: `[n, channels, samples]` at the embedder's sample rate to
   * `[n, timestamps, timestampEmbeddingSize]`, and the window centres in ms, `[n, timestamps]`.
   *
   * @throws SignalError for a batch that the embedder cannot take; EmbedderError where it breaks its contract
   * @function
   */
  getTimestampEmbeddings,
} = plugin;
export type { OnnxFile, OnnxFileRuntime };
export type { OnnxManifest, OnnxModelManifest } from './plugin.js';
