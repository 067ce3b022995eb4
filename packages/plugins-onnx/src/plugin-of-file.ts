import { definePlugin, type ModelMetadata, type ModelSource, modelSourceName, type Plugin } from '@hearken/core';
import { loadEmbedder } from './load-embedder.js';
import type { OnnxFile, OnnxFileRuntime } from './onnx-file.js';
import { checkOptions, optionHelp } from './options.js';
import { version } from './plugin.js';

/**
 * The plugin of one file, with one model named after the file. What the file doesn't say about itself is only in the
 * metadata after loading, because options may provide it.
 *
 * @throws CheckpointError for a file that is not an ONNX model
 */
export async function pluginOfFile(runtime: OnnxFileRuntime, source: ModelSource): Promise<Plugin> {
  const name = modelNameOf(modelSourceName(source));
  const metadata = metadataOf(await runtime.openOnnxFile(source));
  return definePlugin({
    name: 'onnx',
    version,
    description: `ONNX: ${modelSourceName(source)}`,
    models: { [name]: metadata },
    options: optionHelp,
    async load(checkpoint, options) {
      const file = await runtime.openOnnxFile(checkpoint ?? source, options.runtime);
      const identity = { plugin: 'onnx', pluginVersion: version, model: name };
      const embedder = await loadEmbedder(runtime, file, checkOptions(options), identity, options.runtime);
      Object.assign(metadata, {
        sampleRate: embedder.sampleRate,
        channels: embedder.channels,
        embeddingSize: embedder.sceneEmbeddingSize,
      });
      return embedder;
    },
  });
}

/** As far as the file says; until it is loaded, missing values are 1, except for the sample rate. */
function metadataOf({ header, name }: OnnxFile): ModelMetadata {
  const said = (key: string) => {
    const value = Number(header.metadata.get(key));
    return Number.isSafeInteger(value) && value > 0 ? value : undefined;
  };
  const last = header.outputs
    .find((output, _, { length }) => length === 1 || output.name === 'embedding')
    ?.shape?.at(-1);
  return {
    description: `the model in ${name}`,
    sampleRate: said('sampleRate') ?? 16_000,
    channels: said('channels') ?? 1,
    embeddingSize: said('embeddingSize') ?? (typeof last === 'number' && last > 0 ? last : 1),
  };
}

/** `./models/my net.onnx`: `my-net`. */
function modelNameOf(path: string): string {
  const base = path.replace(/^.*[\\/]/, '').replace(/\.onnx$/i, '');
  return base.replace(/[^\w.-]+/g, '-').replace(/^[.-]+|-+$/g, '') || 'file';
}
