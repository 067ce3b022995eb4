import { type CheckpointFamily, familiesProblem } from './checkpoint-family.js';
import { didYouMean } from './did-you-mean.js';
import type { Embedder } from './embedder.js';
import { OptionError, PluginError } from './errors.js';
import { getSceneEmbeddings, getTimestampEmbeddings } from './get-embeddings.js';
import type { LoadOptions } from './load-options.js';
import type { ModelMetadata } from './model-metadata.js';
import type { ModelSource } from './model-source.js';
import type { PluginTraining } from './training/trainable-model.js';

/** A plugin as its author defines it. */
export interface PluginDefinition {
  /** Short name, the part before the colon in `plugin:model`. */
  readonly name: string;
  /** The plugin's version, semver; part of every result. */
  readonly version: string;
  /** What the plugin wraps, in one line. */
  readonly description: string;
  /** The models by name, the default one first. */
  readonly models: Readonly<Record<string, ModelMetadata>>;
  /** Options of `loadModel` besides `model` and `runtime`: from name to one line of help. */
  readonly options?: Readonly<Record<string, string>>;
  /**
   * What the checkpoints that it reads look like, so that Hearken can suggest this plugin when someone passes such a
   * file to another one.
   */
  readonly checkpoints?: readonly CheckpointFamily[];
  /**
   * Loads a model, from its checkpoint if it needs one. `options.model`, if given, is one of `models`; every other
   * option is one of `options`.
   */
  load(checkpoint: ModelSource | undefined, options: LoadOptions): Promise<Embedder>;
  /**
   * How its models are fine-tuned with their own recipes and saved in their authors' layout. Without it, models that
   * have a graph are fine-tuned from that, and saved as ONNX files.
   */
  readonly training?: PluginTraining;
}

/** A plugin as its users see it: the definition plus HEAR's three functions. */
export interface Plugin extends PluginDefinition {
  /**
   * Loads a model of the plugin, after checking its name and the options.
   *
   * @throws OptionError for a model or an option that the plugin doesn't have; what the plugin's `load` throws
   */
  readonly loadModel: (checkpoint?: ModelSource, options?: LoadOptions) => Promise<Embedder>;
  /** HEAR's `get_scene_embeddings`; the same function in every plugin. */
  readonly getSceneEmbeddings: typeof getSceneEmbeddings;
  /** HEAR's `get_timestamp_embeddings`; the same function in every plugin. */
  readonly getTimestampEmbeddings: typeof getTimestampEmbeddings;
}

/**
 * Checks a plugin definition and adds HEAR's `loadModel`, `getSceneEmbeddings` and `getTimestampEmbeddings`.
 *
 * @throws PluginError if the definition has no valid name or no model, or its `checkpoints` are not checkpoint families
 */
export function definePlugin(definition: PluginDefinition): Plugin {
  if (!/^[a-z][a-z0-9-]*$/.test(definition.name)) {
    throw new PluginError({
      asked: `a plugin named '${definition.name}'`,
      found: 'a name that is not lower-case letters, digits and hyphens',
      fix: "choose a name such as 'my-model'",
    });
  }
  if (Object.keys(definition.models).length === 0) {
    throw new PluginError({
      asked: `plugin '${definition.name}'`,
      found: 'no models',
      fix: 'list at least one model under models',
    });
  }
  const problem = definition.checkpoints === undefined ? undefined : familiesProblem(definition.checkpoints);
  if (problem !== undefined) {
    throw new PluginError({
      asked: `plugin '${definition.name}'`,
      found: problem,
      fix: 'list families of up to 64 tensor names, or leave checkpoints out',
    });
  }
  return {
    ...definition,
    // Async, so that a bad option rejects the promise like any other failure.
    async loadModel(checkpoint, options = {}) {
      checkOptions(definition, options);
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await definition.load(checkpoint, options);
        } catch (error) {
          if (attempt === mostAttempts || !isChangedFile(error)) throw error;
        }
      }
    },
    getSceneEmbeddings,
    getTimestampEmbeddings,
  };
}

/** If a checkpoint is replaced while it is being read, it is read again. */
const mostAttempts = 3;

/** By name rather than class: the error comes from `@hearken/onnx`, and a plugin may bring its own copy. */
function isChangedFile(error: unknown): boolean {
  return error instanceof Error && error.name === 'FileChangedError';
}

function checkOptions(definition: PluginDefinition, options: LoadOptions): void {
  const models = Object.keys(definition.models);
  const model = options.model;
  if (model !== undefined && !models.includes(model)) {
    throw new OptionError({
      asked: `model '${definition.name}:${model}'`,
      found: `no such model in plugin '${definition.name}'`,
      fix: `${didYouMean(model, models)}known: ${models.join(', ')}`,
    });
  }
  const known = ['model', 'runtime', ...Object.keys(definition.options ?? {})];
  for (const option of Object.keys(options)) {
    if (!known.includes(option)) {
      throw new OptionError({
        asked: `option '${option}' of plugin '${definition.name}'`,
        found: 'no such option',
        fix: `${didYouMean(option, known)}known: ${known.join(', ')}`,
      });
    }
  }
}
