/**
 * Any ONNX model as an embedder: a waveform in, an embedding out, and options instead of code.
 *
 * @packageDocumentation
 */
import type { ModelSource, Plugin } from '@hearken/core';
import { nodeRuntime } from '@hearken/onnx/node';
import type { OnnxFile, OnnxFileRuntime } from './onnx-file.js';
import { openOnnxFile } from './open-onnx-file.node.js';
import { createOnnxPlugin as create, type OnnxManifest } from './plugin.js';
import { pluginOfFile as ofFile } from './plugin-of-file.js';

/** Opens and runs ONNX files on this platform; for plugins with their own front end. */
export const onnxFileRuntime: OnnxFileRuntime = { createSession: nodeRuntime.createSession, openOnnxFile };

/** A plugin for Node.js that wraps the ONNX models described in a manifest; without one, any ONNX model. */
export function createOnnxPlugin(manifest?: OnnxManifest): Plugin {
  return create(onnxFileRuntime, manifest);
}

/** The plugin of one ONNX file, with its model named after the file, as used for `--model ./my.onnx`. */
export function pluginOfFile(source: ModelSource): Promise<Plugin> {
  return ofFile(onnxFileRuntime, source);
}

/** The plugin definition, for `--model` and registries. */
const plugin = createOnnxPlugin();

export default plugin;

export const {
  /**
   * Loads an ONNX model that takes a waveform; options provide what its file doesn't say.
   *
   * @throws OptionError for an unknown model or option; CheckpointError for a file that does not fit the model
   * @function
   */
  loadModel,
  /**
   * One embedding per signal: `[n, channels, samples]` at the embedder's sample rate to `[n, sceneEmbeddingSize]`.
   *
   * @throws SignalError for a batch that the embedder can't accept; EmbedderError if the embedder breaks its contract
   * @function
   */
  getSceneEmbeddings,
  /**
   * Embeddings over time: `[n, channels, samples]` at the embedder's sample rate to
   * `[n, timestamps, timestampEmbeddingSize]`, and the window centres in ms, `[n, timestamps]`.
   *
   * @throws SignalError for a batch that the embedder can't accept; EmbedderError if the embedder breaks its contract
   * @function
   */
  getTimestampEmbeddings,
} = plugin;
export type { OnnxFile, OnnxFileRuntime };
export type { OnnxManifest, OnnxModelManifest } from './plugin.js';
