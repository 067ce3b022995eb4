/**
 * EfficientAT (Schmid et al. 2023, arXiv 2211.04772): MobileNets that tag audio, as embedders for HEAR
 * (arXiv 2303.01879), straight from the checkpoints of the authors' releases.
 *
 * @packageDocumentation
 */
import { basename, dirname, resolve } from 'node:path';
import { definePlugin, OptionError, type LoadOptions } from '@hearken/core';
import {
  type Checkpoint,
  concat,
  createNodeSession,
  fileSha256,
  GraphBuilder,
  openCheckpoint,
  openFileSource,
} from '@hearken/onnx';
import { EfficientatEmbedder } from './embedder.js';
import { defaultFeatures, orderFeatures } from './features.js';
import { logMel } from './front-end.js';
import { models } from './models.js';
import { Network } from './network.js';
import { chooseVariant, type ChosenVariant } from './variant.js';

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
    const source = await openFileSource(modelFilePath);
    let checkpoint: Checkpoint;
    try {
      checkpoint = await openCheckpoint(source);
    } finally {
      await source.close();
    }
    const chosen = chooseVariant(checkpoint, options);
    const features = orderFeatures(options.features);
    const { graph, size } = buildGraph(checkpoint, chosen, features, basename(modelFilePath));
    const session = await createNodeSession(graph, {
      ...options.runtime,
      externalFolder: dirname(resolve(modelFilePath)),
    });
    const { hopMilliseconds, melBands } = chosen.variant;
    return new EfficientatEmbedder(session, size, {
      plugin: 'efficientat',
      pluginVersion: version,
      model: chosen.model,
      checkpointSha256: await fileSha256(modelFilePath),
      options: { features, hopMilliseconds, melBands },
      backend: session.backend,
    });
  },
});

/** The whole model as one graph: `signal` `[n, samples]` in, `embedding` `[n, size]` out. */
function buildGraph(checkpoint: Checkpoint, chosen: ChosenVariant, features: string[], location: string) {
  const graph = new GraphBuilder(chosen.model, location);
  const signal = graph.input('signal', ['n', 'samples']);
  const makers = new Network(graph, checkpoint, chosen.variant).build(logMel(graph, signal, chosen.variant));
  const parts = features.map((name) => {
    const maker = makers.get(name);
    if (maker === undefined) {
      throw new OptionError({
        asked: `feature '${name}' of ${chosen.model}`,
        found: 'a fully convolutional head, which has no such layer',
        fix: 'leave it out, or use logits',
      });
    }
    return maker;
  });
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const embedding = concat(
    graph,
    parts.map((part) => part.make()),
    1,
  );
  graph.output('embedding', embedding, ['n', size]);
  return { graph: graph.build(), size };
}

export default plugin;
export const { loadModel, getSceneEmbeddings, getTimestampEmbeddings } = plugin;
export type { LoadOptions };
export { featureNames } from './features.js';
