import { type CheckpointFamily, familiesProblem } from './checkpoint-family.js';
import { didYouMean } from './did-you-mean.js';
import type { Embedder } from './embedder.js';
import { OptionError, PluginError } from './errors.js';
import { getSceneEmbeddings, getTimestampEmbeddings } from './get-embeddings.js';
import type { ModelMetadata } from './model-metadata.js';
import type { ModelSource } from './model-source.js';

/** How the session computes; never part of a model's identity. */
export interface RuntimeOptions {
  /** Number of threads for one inference call; default: all cores. */
  readonly threads?: number;
  /** Default: `cpu` on Node.js; in a browser `webgpu` if there is an adapter, else `wasm`. */
  readonly executionProvider?: 'cpu' | 'webgpu' | 'cuda' | 'wasm';
  /** How much ONNX Runtime may optimise the graph before it runs; default: `all`. */
  readonly graphOptimization?: 'disabled' | 'basic' | 'extended' | 'all';
  /**
   * Called with the progress of a checkpoint's download in a browser.
   *
   * @param total bytes, if the server says
   */
  readonly onDownload?: (received: number, total: number | undefined) => void;
  /** Cancels loading; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}

/** Options of `loadModel`: the model's name, how it runs, and the plugin's own options. */
export interface LoadOptions {
  /** Model name within the plugin; default: the one that the checkpoint identifies, or the plugin's first. */
  readonly model?: string;
  /** How the session computes. */
  readonly runtime?: RuntimeOptions;
  readonly [option: string]: unknown;
}

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
