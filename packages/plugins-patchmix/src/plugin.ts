import { definePlugin, type LoadOptions, type ModelSource, type Plugin } from '@hearken/core';
import {
  chosenWeights,
  graphOf,
  precisionHelp,
  type Runtime,
  sessionAndHash,
  weightsHelp,
  requireCheckpoint,
} from '@hearken/onnx';
import { checkpoints } from './checkpoints.js';
import { PatchmixEmbedder } from './embedder.js';
import { buildGraph } from './graph.js';
import { patchmixHead } from './head.js';
import { models } from './models.js';
import { openModel } from './open-model.js';
import { checkOptions, type Feature } from './options.js';
import { sampleRate } from './preparation.js';
import { recipes } from './recipes.js';

const version = '0.1.0';

/** Makes the plugin for a runtime, that of Node.js or of browsers. */
export function createPatchmixPlugin(runtime: Runtime): Plugin {
  return definePlugin({
    name: 'patchmix',
    version,
    description: 'Patch-Mix and AST: audio spectrogram transformers for lung sounds and for general audio',
    models,
    checkpoints,
    options: {
      features: 'embedding (mean of class and distillation token), logits, or a list of both; default embedding',
      windows: 'audio longer than a window: first (cut, like the authors) or mean over windows; default first',
      padding:
        'shorter audio: repeat, zero, or spectrogram (zeros after the log-mel); default as the model was trained',
      seconds: 'length of a window, 0.2 to 30; default 8 for patchmix, as the positions are stored for ast',
      stride: 'stride of the patches if there is no config, 1 to 16; default the published one that fits',
      heads: "attention heads if there is no config; default as for timm's model of that width",
      mean: "mean of the log-mel; default the feature extractor's, or AudioSet's",
      std: "standard deviation of the log-mel; default the feature extractor's, or AudioSet's",
      positions:
        "positions of windows of another length: ast (cut, interpolated), or patchmix (as its authors' training begins); default ast",
      precision: precisionHelp,
      weights: weightsHelp,
    },
    async load(checkpoint, options) {
      const source = checkpointOf(checkpoint, options, 'to embed with');
      const checked = checkOptions(options);
      const opened = await openModel(await runtime.openModelFiles(source, options.runtime), checked);
      const { files, ast, sizes, preparation, positions } = opened;
      const { features, windows, precision } = checked;
      const build = (wanted: readonly Feature[]) =>
        runtime.buildInPrecision(
          files,
          precision,
          (matrices) => buildGraph({ ast, sizes, preparation, features: wanted, positions, matrices }),
          options.runtime,
        );
      const { graph, size, external } = await build(features);
      const { session, checkpointSha256, parameters } = await sessionAndHash(runtime, files, graph, {
        ...options.runtime,
        external,
      });
      const { padding, mean, std, windowSamples } = preparation;
      const seconds = windowSamples / sampleRate;
      const parts = {
        session,
        graph: graphOf(external, [windowSamples], graph),
        sizes,
        preparation,
        windows,
        sceneEmbeddingSize: size,
        provenance: {
          plugin: 'patchmix',
          pluginVersion: version,
          model: preparation.model,
          checkpointSha256,
          parameters,
          options: {
            features,
            windows,
            padding,
            seconds,
            stride: [...sizes.stride],
            heads: sizes.heads,
            mean,
            std,
            ...(checked.positions === undefined ? {} : { positions: checked.positions }),
            precision,
            ...chosenWeights(ast.encoder),
          },
        },
      };
      const head = patchmixHead(opened, parts, async () => {
        const logits = await build(['logits']);
        return runtime.createSession(logits.graph, { ...options.runtime, external: logits.external });
      });
      return new PatchmixEmbedder({ ...parts, head });
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
    `patchmix:${model ?? Object.keys(models)[0]} ${purpose}`,
    `pass the best.pth of Patch-Mix's training script, or an AST such as ${models.ast.checkpointUrl}`,
  );
}
