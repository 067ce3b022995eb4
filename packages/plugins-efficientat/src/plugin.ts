import { definePlugin, type LoadOptions, type ModelSource, type Plugin } from '@hearken/core';
import { chosenWeights, graphOf, type Runtime, sessionAndHash, weightsHelp, requireCheckpoint } from '@hearken/onnx';
import { checkpoints } from './checkpoints.js';
import { EfficientatEmbedder } from './embedder.js';
import { defaultFeatures, orderFeatures } from './features.js';
import { buildGraph } from './model-graph.js';
import { efficientatHead } from './head.js';
import { models } from './models.js';
import { recipes } from './recipes.js';
import { chooseVariant, selectNetwork } from './variant.js';
import { sceneWindowing } from './windows.js';

const version = '0.1.0';

/** Makes the plugin for a runtime, that of Node.js or of browsers. */
export function createEfficientatPlugin(runtime: Runtime): Plugin {
  return definePlugin({
    name: 'efficientat',
    version,
    description: 'EfficientAT: small and large MobileNetV3 audio taggers (mn01 to mn40)',
    models,
    checkpoints,
    options: {
      features: `list of features, default ${defaultFeatures.join(',')}; b0..b16, mel_avgs, clf1, clf2, logits`,
      hopMilliseconds: 'hop of the log-mel front end: 5, 10, 15, 20, 25; default by model name, else 10',
      melBands: 'mel bands of the front end: 40, 64, 128, 256; default by model name, else 128',
      weights: weightsHelp,
    },
    async load(checkpoint, options) {
      const source = checkpointOf(checkpoint, options, 'to embed with');
      const files = await runtime.openModelFiles(source, options.runtime);
      const network = selectNetwork(files.checkpoint, options.weights);
      const chosen = chooseVariant(network, options);
      const features = orderFeatures(options.features);
      const { model, size } = buildGraph(network, chosen, features);
      const graph = graphOf(files.external, [sceneWindowing.length], model);
      const sessionOptions = { ...options.runtime, external: files.external };
      const { session, checkpointSha256, parameters } = await sessionAndHash(runtime, files, model, sessionOptions);
      const { hopMilliseconds, melBands } = chosen.variant;
      const provenance = {
        plugin: 'efficientat',
        pluginVersion: version,
        model: chosen.model,
        checkpointSha256,
        parameters,
        options: { features, hopMilliseconds, melBands, ...chosenWeights(network) },
      };
      const shared = { runtime, files, network, chosen, session, graph, provenance, options: sessionOptions };
      return new EfficientatEmbedder(session, graph, size, provenance, efficientatHead(shared));
    },
    training: {
      recipes,
      async open(checkpoint, options) {
        const source = checkpointOf(checkpoint, options, 'to train');
        // Only loaded to train.
        const { openTraining } = await import('./training.js');
        return openTraining(runtime, source, options, version);
      },
    },
  });
}

/** @throws OptionError if there is no checkpoint */
function checkpointOf(checkpoint: ModelSource | undefined, { model }: LoadOptions, purpose: string): ModelSource {
  return requireCheckpoint(
    checkpoint,
    `efficientat:${model ?? Object.keys(models)[0]} ${purpose}`,
    `pass the path of a checkpoint, such as ${models[model ?? 'mn10_as'].checkpointUrl}`,
  );
}
