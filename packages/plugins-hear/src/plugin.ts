import { definePlugin, type ModelSource, type Plugin } from '@hearken/core';
import {
  chosenWeights,
  configHelp,
  configWithOption,
  givenConfig,
  graphOf,
  precisionHelp,
  type Runtime,
  sessionAndHash,
  weightsHelp,
  requireCheckpoint,
} from '@hearken/onnx';
import { checkpoints } from './checkpoints.js';
import { windowSamples } from './front-end.js';
import { HearEmbedder } from './embedder.js';
import { buildGraph } from './graph.js';
import { findHead, type HeadWeights, hearHead } from './head.js';
import { models } from './models.js';
import { checkOptions } from './options.js';
import { chooseSizes, selectEncoder } from './sizes.js';

const version = '0.1.0';
const [defaultModel] = Object.keys(models);

/** Makes the plugin for a runtime, that of Node.js or of browsers. */
export function createHearPlugin(runtime: Runtime): Plugin {
  return definePlugin({
    name: 'hear',
    version,
    description: 'HeAR: a vision transformer for coughs, breathing and other health-related sounds',
    models,
    checkpoints,
    options: {
      hop: 'seconds from one 2 s window of longer audio to the next, 0.05 to 2; default 1',
      skipSilent: 'leave out silent windows of longer audio: true (below -50 dB), or a level in dB; default false',
      precision: precisionHelp,
      weights: weightsHelp,
      config: configHelp,
    },
    async load(checkpoint, options) {
      const name = options.model ?? defaultModel;
      const source = checkpointOf(checkpoint, name, 'to embed with');
      const checked = checkOptions(options);
      const files = await runtime.openModelFiles(source, options.runtime);
      const encoder = selectEncoder(files.checkpoint, options.weights);
      const config = configWithOption(files.config, options.config);
      const sizes = chooseSizes(encoder, config);
      const build = (head?: HeadWeights) =>
        runtime.buildInPrecision(
          files,
          checked.precision,
          (matrices) => ({ graph: buildGraph(encoder, sizes, matrices, head) }),
          options.runtime,
        );
      const { graph: model, external } = await build();
      const { session, checkpointSha256, parameters } = await sessionAndHash(runtime, files, model, {
        ...options.runtime,
        external,
      });
      const graph = graphOf(external, [windowSamples], model);
      const provenance = {
        plugin: 'hear',
        pluginVersion: version,
        model: name,
        checkpointSha256,
        parameters,
        options: { ...checked, ...chosenWeights(encoder), ...givenConfig(options) },
      };
      const head = hearHead(findHead(files.checkpoint, encoder, sizes), {
        config,
        sizes,
        session,
        graph,
        options: checked,
        provenance,
        createSession: async (found) => {
          const logits = await build(found);
          return runtime.createSession(logits.graph, { ...options.runtime, external: logits.external });
        },
      });
      return new HearEmbedder(session, graph, sizes, checked, provenance, head);
    },
    training: {
      async open(checkpoint, options) {
        const model = options.model ?? defaultModel;
        const source = checkpointOf(checkpoint, model, 'to train');
        // Only loaded to train.
        const { openTraining } = await import('./training.js');
        return openTraining(runtime, source, options, { plugin: 'hear', pluginVersion: version, model });
      },
    },
  });
}

/** @throws OptionError if there is no checkpoint */
function checkpointOf(checkpoint: ModelSource | undefined, model: string, purpose: string): ModelSource {
  return requireCheckpoint(
    checkpoint,
    `hear:${model} ${purpose}`,
    `accept the terms at ${models[model].checkpointUrl}, then pass the downloaded folder`,
  );
}
