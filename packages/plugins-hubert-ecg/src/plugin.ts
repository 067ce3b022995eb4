import { definePlugin, type LoadOptions, type ModelSource, type Plugin } from '@hearken/core';
import {
  chosenWeights,
  configWithOption,
  givenConfig,
  graphOf,
  type Runtime,
  sessionAndHash,
  requireCheckpoint,
} from '@hearken/onnx';
import { checkpoints } from './checkpoints.js';
import { HubertEcgEmbedder } from './embedder.js';
import { buildGraph, buildWholeGraph } from './graph.js';
import { findHead, type HeadWeights } from './head-weights.js';
import { hubertEcgHead } from './head.js';
import { chooseModel, models } from './models.js';
import { checkOptions, optionHelp } from './options.js';
import { readPositionalWeight } from './positional-weight.js';
import { recordShape } from './preprocessing-graph/preprocess.js';
import { recipes } from './recipes.js';
import { chooseSizes, findConfig, selectEncoder } from './sizes.js';

const version = '0.1.0';

/** Makes the plugin for a runtime, that of Node.js or of browsers. */
export function createHubertEcgPlugin(runtime: Runtime): Plugin {
  return definePlugin({
    name: 'hubert-ecg',
    version,
    description: 'HuBERT-ECG: transformers for 12-lead ECGs (small, base, large, and fine-tuned ones)',
    models,
    checkpoints,
    options: optionHelp,
    async load(checkpoint, options) {
      const source = checkpointOf(checkpoint, options, 'to embed with');
      const checked = checkOptions(options);
      const files = await runtime.openModelFiles(source, options.runtime);
      const encoder = selectEncoder(files.checkpoint, options.weights);
      const config = configWithOption(findConfig(files.checkpoint, files.config), options.config);
      const sizes = chooseSizes(encoder, config);
      const model = chooseModel(encoder.name, sizes, options.model);
      const positional = await readPositionalWeight(encoder, sizes, (entry) => files.readFloat32(entry));
      const weights = { encoder, sizes, positional };
      const build = (head?: HeadWeights) =>
        runtime.buildInPrecision(
          files,
          checked.precision,
          (matrices) => ({ graph: buildGraph({ ...weights, matrices, head }), matrices }),
          options.runtime,
        );
      const built = await build();
      const { external, matrices } = built;
      const { session, checkpointSha256, parameters } = await sessionAndHash(runtime, files, built.graph, {
        ...options.runtime,
        external,
      });
      // Unlike the session, the exported graph includes the preprocessing, so it is built on request. Weights quantised
      // in another folder than the checkpoint's would need a second folder.
      const graph =
        external.folder === files.external.folder
          ? graphOf(external, recordShape(checked), () => buildWholeGraph({ ...weights, matrices }, checked))
          : undefined;
      const provenance = {
        plugin: 'hubert-ecg',
        pluginVersion: version,
        model,
        checkpointSha256,
        parameters,
        options: { ...checked, ...chosenWeights(encoder), ...givenConfig(options) },
      };
      const head = hubertEcgHead(findHead(files.checkpoint, encoder, sizes), {
        config,
        session,
        options: checked,
        provenance,
        createSession: async (found) => {
          const logits = await build(found);
          return runtime.createSession(logits.graph, { ...options.runtime, external: logits.external });
        },
      });
      return new HubertEcgEmbedder(session, graph, sizes.width, checked, provenance, head);
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
function checkpointOf(checkpoint: ModelSource | undefined, options: LoadOptions, purpose: string): ModelSource {
  const model = options.model ?? Object.keys(models)[0];
  return requireCheckpoint(
    checkpoint,
    `hubert-ecg:${model} ${purpose}`,
    `pass the path of a checkpoint or of a Hugging Face folder, such as ${models[model].checkpointUrl}`,
  );
}
