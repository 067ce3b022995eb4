/**
 * EfficientAT (Schmid et al. 2023, arXiv 2211.04772): MobileNets that tag audio, as embedders for HEAR
 * (arXiv 2303.01879), straight from the checkpoints of the authors' releases.
 *
 * @packageDocumentation
 */
import { definePlugin, OptionError } from '@hearken/core';
import { createNodeSession, openModelFiles } from '@hearken/onnx';
import { EfficientatEmbedder } from './embedder.js';
import { defaultFeatures, orderFeatures } from './features.js';
import { buildGraph } from './model-graph.js';
import { models } from './models.js';
import { chooseVariant } from './variant.js';
import { sceneWindowing } from './windows.js';

const version = '0.1.0';

const plugin = definePlugin({
  name: 'efficientat',
  version,
  description: 'EfficientAT: small and large MobileNetV3 audio taggers (mn01 to mn40)',
  models,
  options: {
    features: `list of features, default ${defaultFeatures.join(',')}; b0..b16, mel_avgs, clf1, clf2, logits`,
    hopMilliseconds: 'hop of the log-mel front end: 5, 10, 15, 20, 25; default by model name, else 10',
    melBands: 'mel bands of the front end: 40, 64, 128, 256; default by model name, else 128',
  },
  async load(modelFilePath, options) {
    if (modelFilePath === undefined) {
      throw new OptionError({
        asked: `efficientat:${options.model ?? Object.keys(models)[0]}`,
        found: 'no checkpoint',
        fix: `pass the path of a checkpoint, such as ${models[options.model ?? 'mn10_as'].checkpointUrl}`,
      });
    }
    const files = await openModelFiles(modelFilePath);
    const chosen = chooseVariant(files.checkpoint, options);
    const features = orderFeatures(options.features);
    const { model, size } = buildGraph(files.checkpoint, chosen, features);
    const graph = { model, externalFolder: files.folder, signalShape: [sceneWindowing.length] };
    const session = await createNodeSession(model, { ...options.runtime, externalFolder: files.folder });
    const { hopMilliseconds, melBands } = chosen.variant;
    return new EfficientatEmbedder(session, graph, size, {
      plugin: 'efficientat',
      pluginVersion: version,
      model: chosen.model,
      checkpointSha256: await files.sha256(),
      options: { features, hopMilliseconds, melBands },
      backend: session.backend,
    });
  },
});

export default plugin;
export const { loadModel, getSceneEmbeddings, getTimestampEmbeddings } = plugin;
export { featureNames } from './features.js';
export { publishedTensors } from './model-graph.js';
