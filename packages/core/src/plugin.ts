import { type CheckpointFamily, familiesProblem } from './checkpoint-family.js';
import { didYouMean } from './did-you-mean.js';
import type { Embedder } from './embedder.js';
import { OptionError, PluginError } from './errors.js';
import { getSceneEmbeddings, getTimestampEmbeddings } from './get-embeddings.js';
import type { ModelMetadata } from './model-metadata.js';
import type { ModelSource } from './model-source.js';

/** How the session computes; never changes which model it is. */
export interface RuntimeOptions {
  /** Threads of one inference call; default: all cores. */
  readonly threads?: number;
  /** Default: `cpu` on Node.js; in a browser `webgpu` where there is an adapter, else `wasm`. */
  readonly executionProvider?: 'cpu' | 'webgpu' | 'cuda' | 'wasm';
  /** How far ONNX Runtime rewrites the graph before it runs; default: `all`. */
  readonly graphOptimization?: 'disabled' | 'basic' | 'extended' | 'all';
  /**
   * Hears of a checkpoint's download by a browser.
   *
   * @param total bytes, where the server tells
   */
  readonly onDownload?: (received: number, total: number | undefined) => void;
  /** Ends loading; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}

/** Options of `loadModel`: the model's name, how it runs, and whatever the plugin understands. */
export interface LoadOptions {
  /** Model name within the plugin; default: the one that the checkpoint shows, or the plugin's first. */
  readonly model?: string;
  /** How the session computes. */
  readonly runtime?: RuntimeOptions;
  readonly [option: string]: unknown;
}

/** What a plugin author writes. */
export interface PluginDefinition {
  /** Short name, the part before the colon in `plugin:model`. */
  readonly name: string;
  /** The plugin's version, semver; part of every result. */
  readonly version: string;
  /** What the plugin wraps, in a line. */
  readonly description: string;
  /** The models by name, the default one first. */
  readonly models: Readonly<Record<string, ModelMetadata>>;
  /** Options that `loadModel` understands besides `model` and `runtime`: name to one line of help. */
  readonly options?: Readonly<Record<string, string>>;
  /**
   * What the checkpoints that it reads look like. With it, Hearken names this plugin to someone who passes such a file to
   * another one.
   */
  readonly checkpoints?: readonly CheckpointFamily[];
  /**
   * Loads a model from its checkpoint, where the model needs one.
   * `options.model`, when given, is one of `models`; every other option is one of `options`.
   */
  load(checkpoint: ModelSource | undefined, options: LoadOptions): Promise<Embedder>;
}

/** A plugin as its users see it: the definition plus HEAR's three functions. */
export interface Plugin extends PluginDefinition {
  /**
   * Loads a model of the plugin, after checking its name and the options.
   *
   * @throws OptionError for a model or an option that the plugin does not have; what the plugin's `load` throws
   */
  readonly loadModel: (checkpoint?: ModelSource, options?: LoadOptions) => Promise<Embedder>;
  /** HEAR's `get_scene_embeddings`; the same function in every plugin. */
  readonly getSceneEmbeddings: typeof getSceneEmbeddings;
  /** HEAR's `get_timestamp_embeddings`; the same function in every plugin. */
  readonly getTimestampEmbeddings: typeof getTimestampEmbeddings;
}

/**
 * Completes a plugin definition: checks it, and adds HEAR's `loadModel`, `getSceneEmbeddings` and `getTimestampEmbeddings`.
 *
 * @throws PluginError when the definition has no valid name or no model, or its `checkpoints` are not families
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
      found: 'no model in its definition',
      fix: 'list one model or more under models',
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
    // Async, so that a bad option rejects the promise like every other failure.
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

/** A checkpoint that is replaced while it is read is read again. */
const mostAttempts = 3;

/** By name and not by class: the error is of `@hearken/onnx`, and a plugin may bring a copy of its own. */
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
