/**
 * HuBERT-ECG (Coppola et al. 2024, medRxiv 2024.11.14.24317328): a transformer of 12-lead ECGs as an embedder, straight
 * from the checkpoints that its authors publish.
 *
 * Signals are `[12, samples]` in mV, 5 s or longer, the leads in the order I, II, III, aVR, aVL, aVF, V1 to V6; options
 * declare what differs. The scene embedding is the mean over the tokens of a window and over windows of 5 s; timestamps
 * are the centres of such windows, `hop` seconds apart. Values that are missing (NaN) must be filled before: readers of
 * ECG files do so with the record's mean.
 *
 * @packageDocumentation
 */
import { definePlugin, OptionError } from '@hearken/core';
import { createNodeSession, openModelFiles } from '@hearken/onnx';
import { chooseModel } from './choose-model.js';
import { HubertEcgEmbedder } from './embedder.js';
import { buildGraph } from './graph.js';
import { models } from './models.js';
import { checkOptions, optionHelp } from './options.js';
import { readPositionalWeight } from './positional-weight.js';
import { chooseSizes, findConfig, selectEncoder } from './sizes.js';

const version = '0.1.0';

const plugin = definePlugin({
  name: 'hubert-ecg',
  version,
  description: 'HuBERT-ECG: transformers of 12-lead ECGs (small, base, large, and fine-tuned ones)',
  models,
  options: optionHelp,
  async load(modelFilePath, options) {
    if (modelFilePath === undefined) {
      const model = options.model ?? Object.keys(models)[0];
      throw new OptionError({
        asked: `hubert-ecg:${model}`,
        found: 'no checkpoint',
        fix: `pass the path of a checkpoint or of a Hugging Face folder, such as ${models[model].checkpointUrl}`,
      });
    }
    const checked = checkOptions(options);
    const files = await openModelFiles(modelFilePath);
    const encoder = selectEncoder(files.checkpoint);
    const sizes = chooseSizes(encoder, findConfig(files.checkpoint, files.config));
    const model = chooseModel(encoder.name, sizes, options.model);
    const positionalWeight = await readPositionalWeight(encoder, sizes, (entry) => files.readFloat32(entry));
    const graph = buildGraph(encoder, sizes, positionalWeight);
    // While the runtime prepares the weights, they are read for their hash.
    const [session, checkpointSha256] = await Promise.all([
      createNodeSession(graph, { ...options.runtime, externalFolder: files.folder }),
      files.sha256(),
    ]);
    return new HubertEcgEmbedder(session, sizes.width, checked, {
      plugin: 'hubert-ecg',
      pluginVersion: version,
      model,
      checkpointSha256,
      options: { ...checked },
      backend: session.backend,
    });
  },
});

export default plugin;
export const { loadModel, getSceneEmbeddings, getTimestampEmbeddings } = plugin;
export { standardLeads } from './leads.js';
export { publishedTensors } from './published-tensors.js';
