/**
 * HeAR, health acoustic representations (Baur et al. 2024, arXiv 2403.02522), as an embedder for HEAR, straight from the
 * checkpoint that its authors publish for PyTorch.
 *
 * @packageDocumentation
 */
import { definePlugin, type LoadOptions, OptionError } from '@hearken/core';
import { buildInPrecision, createNodeSession, openModelFiles, precisionHelp } from '@hearken/onnx';
import { windowSamples } from './front-end.js';
import { HearEmbedder } from './embedder.js';
import { buildGraph } from './graph.js';
import { models } from './models.js';
import { checkOptions } from './options.js';
import { chooseSizes, selectEncoder } from './sizes.js';

const version = '0.1.0';
const [defaultModel] = Object.keys(models);

const plugin = definePlugin({
  name: 'hear',
  version,
  description: 'HeAR: a vision transformer for coughs, breath and other sounds of health',
  models,
  options: {
    hop: 'seconds from one 2 s window of longer audio to the next, 0.05 to 2; default 1',
    skipSilent: 'leave silent windows of longer audio out: true (below -50 dB), or a level in dB; default false',
    precision: precisionHelp,
  },
  async load(modelFilePath, options) {
    const name = options.model ?? defaultModel;
    if (modelFilePath === undefined) {
      throw new OptionError({
        asked: `hear:${name}`,
        found: 'no checkpoint',
        fix: `accept the terms at ${models[name].checkpointUrl}, then pass the folder that you downloaded`,
      });
    }
    const checked = checkOptions(options);
    const files = await openModelFiles(modelFilePath);
    const encoder = selectEncoder(files.checkpoint);
    const sizes = chooseSizes(encoder, files.config);
    const { graph: model, externalFolder } = await buildInPrecision(files, checked.precision, (matrices) => ({
      graph: buildGraph(encoder, sizes, matrices),
    }));
    // While the runtime prepares the weights, they are read for their hash.
    const [session, checkpointSha256] = await Promise.all([
      createNodeSession(model, { ...options.runtime, externalFolder }),
      files.sha256(),
    ]);
    const graph = { model, externalFolder, signalShape: [windowSamples] };
    return new HearEmbedder(session, graph, sizes, checked, {
      plugin: 'hear',
      pluginVersion: version,
      model: name,
      checkpointSha256,
      options: { ...checked },
      backend: session.backend,
    });
  },
});

export default plugin;
export const { loadModel, getSceneEmbeddings, getTimestampEmbeddings } = plugin;
export type { LoadOptions };
