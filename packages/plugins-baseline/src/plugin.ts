import { definePlugin, modelSourceName, OptionError, type Plugin } from '@hearken/core';
import type { Runtime } from '@hearken/onnx';
import { ecg } from './ecg.js';
import { BaselineEmbedder } from './embedder.js';
import { mel } from './mel.js';
import type { BaselineModel } from './model.js';
import { checkOptions } from './options.js';

/** The default model first. */
const models: Readonly<Record<string, BaselineModel>> = { mel, ecg };
const name = 'baseline';
const version = '0.1.0';

/** Makes the plugin for a runtime, that of Node.js or of browsers. */
export function createBaselinePlugin(runtime: Runtime): Plugin {
  return definePlugin({
    name,
    version,
    description: 'Baseline: statistics of log-mel bands (audio) or band powers (ECG), without weights',
    models: { mel: mel.metadata, ecg: ecg.metadata },
    options: { melBands: 'mel bands of model mel, 1 to 96; default 64' },

    async load(checkpoint, options) {
      const model = options.model ?? 'mel';
      // Refused, because a checkpoint that is passed but not used would lead to an inexplicable score.
      if (checkpoint !== undefined) {
        throw new OptionError({
          asked: `${name}:${model} with checkpoint ${modelSourceName(checkpoint)}`,
          found: 'a model without weights',
          fix: 'omit the checkpoint',
        });
      }
      const checked = checkOptions(model, options);
      const { graph, size } = models[model].buildGraph(checked);
      const session = await runtime.createSession(graph, options.runtime);
      return new BaselineEmbedder(models[model], session, graph, size, {
        plugin: name,
        pluginVersion: version,
        model,
        checkpointSha256: null,
        parameters: 0,
        options: { ...checked },
      });
    },
  });
}
