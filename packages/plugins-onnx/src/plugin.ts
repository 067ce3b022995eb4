import { definePlugin, type LoadOptions, type ModelMetadata, OptionError, type Plugin } from '@hearken/core';
import { loadEmbedder } from './load-embedder.js';
import type { OnnxFileRuntime } from './onnx-file.js';
import { checkOptions, type OnnxOptions, optionHelp } from './options.js';

export const version = '0.1.0';

/** A model of a manifest: its metadata, and the inputs of its file. */
export interface OnnxModelManifest extends ModelMetadata, Omit<OnnxOptions, 'sampleRate' | 'channels'> {}

/** Everything that defines a plugin around ONNX files, without code. */
export interface OnnxManifest {
  /** Short name, the part before the colon in `plugin:model`. */
  readonly name: string;
  /** The plugin's version, semver; part of every result. */
  readonly version: string;
  /** What the plugin wraps, in one line. */
  readonly description: string;
  /** The models by name, the default one first. */
  readonly models: Readonly<Record<string, OnnxModelManifest>>;
}

/** The plugin that wraps any file; sizes and sample rates are the file's. */
const anyFile: OnnxManifest = {
  name: 'onnx',
  version,
  description: 'ONNX: any model that takes a waveform and gives an embedding, described by options',
  models: {
    file: {
      description: 'the ONNX file passed as the checkpoint',
      sampleRate: 16_000,
      channels: 1,
      embeddingSize: 1,
    },
  },
};

/**
 * Makes the plugin for a runtime, that of Node.js or of browsers.
 *
 * @param manifest the models; default: one named `file`, which is whatever the checkpoint is
 */
export function createOnnxPlugin(runtime: OnnxFileRuntime, manifest: OnnxManifest = anyFile): Plugin {
  const { name, version: pluginVersion, description } = manifest;
  const models = Object.fromEntries(
    Object.entries(manifest.models).map(([model, said]) => [model, withoutOptions(said)]),
  );
  return definePlugin({
    name,
    version: pluginVersion,
    description,
    models,
    options: optionHelp,
    async load(checkpoint, options) {
      const model = options.model ?? Object.keys(manifest.models)[0];
      if (checkpoint === undefined) {
        throw new OptionError({ asked: `${name}:${model}`, found: 'no ONNX file', fix: 'pass one as the checkpoint' });
      }
      const said = manifest === anyFile ? {} : manifestOptions(manifest.models[model]);
      const merged = checkOptions({ ...said, ...options });
      const file = await runtime.openOnnxFile(checkpoint, options.runtime);
      return loadEmbedder(runtime, file, merged, { plugin: name, pluginVersion, model }, options.runtime);
    },
  });
}

/** A manifest's settings for the inputs of the file. */
function manifestOptions(said: OnnxModelManifest): LoadOptions {
  const known = Object.keys(optionHelp) as (keyof OnnxOptions)[];
  return Object.fromEntries(known.filter((key) => said[key] !== undefined).map((key) => [key, said[key]]));
}

function withoutOptions(said: OnnxModelManifest): ModelMetadata {
  const { input: _input, output: _output, window: _window, hop: _hop, timestampHop: _timestampHop, ...metadata } = said;
  return metadata;
}
