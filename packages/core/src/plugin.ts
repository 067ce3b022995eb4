import { EmbedderError, OptionError, PluginError } from './errors.js';
import type { EmbedOptions } from './embed-options.js';
import type { Embedder, SceneEmbeddings, TimestampEmbeddings } from './embedder.js';
import { didYouMean } from './did-you-mean.js';
import type { ModelSource } from './model-source.js';
import { checkSignals, firstNonFinite, type SignalBatch } from './signals.js';
import { isFloat32Array, typeName } from './type-name.js';

/** What a plugin can say of one of its models without loading it. */
export interface ModelMetadata {
  /** What the model is, in a line. */
  readonly description: string;
  /** Hz of the signals that it takes. */
  readonly sampleRate: number;
  /** 1 for audio, 12 for ECG. */
  readonly channels: number;
  /** Size of the scene embedding with default options. */
  readonly embeddingSize: number;
  /** How many weights it has. */
  readonly parameters?: number;
  /** Licence of the weights, as an SPDX identifier where there is one. */
  readonly license?: string;
  /** Address of the paper. */
  readonly paper?: string;
  /** Where its authors publish the checkpoint; absent when it needs none. */
  readonly checkpointUrl?: string;
  /** SHA-256 of the published checkpoint in hexadecimal. */
  readonly checkpointSha256?: string;
  /** What to download, the weights last; default: `checkpointUrl` alone, where that is a file's. */
  readonly files?: readonly ModelFile[];
  /** What its publishers ask of those who download it, besides the licence. */
  readonly terms?: ModelTerms;
}

/** A file of a published checkpoint. */
export interface ModelFile {
  /** Its name among the model's files: letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** Where it is downloaded from. */
  readonly url: string;
  /** SHA-256 in hexadecimal, where it is known. */
  readonly sha256?: string;
}

/** Terms of use. */
export interface ModelTerms {
  /** Where they are read, and accepted. */
  readonly url: string;
  /** Whether only accounts that accepted them there are given the files. */
  readonly gated: boolean;
}

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
 * @throws PluginError when the definition has no valid name or no model
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

/**
 * One embedding a signal, HEAR's `get_scene_embeddings`.
 *
 * @param signals `[count, channels, samples]` at the embedder's sample rate
 * @returns `[count, embedder.sceneEmbeddingSize]`
 * @throws SignalError for a batch that the embedder cannot take, EmbedderError when the answer breaks its contract
 */
export async function getSceneEmbeddings(
  signals: SignalBatch,
  embedder: Embedder,
  options?: EmbedOptions,
): Promise<SceneEmbeddings> {
  checkSignals(signals, embedder.channels, embedder.minimumSceneSamples);
  const embeddings = await embedder.embedScenes(signals, options);
  checkValues(embedder, embeddings.data, signals.count * embedder.sceneEmbeddingSize, 'scene');
  return embeddings;
}

/**
 * Embeddings over time, HEAR's `get_timestamp_embeddings`.
 *
 * @param signals `[count, channels, samples]` at the embedder's sample rate
 * @returns embeddings `[count, t, embedder.timestampEmbeddingSize]` and timestamps `[count, t]`, window centres in ms
 * @throws SignalError for a batch that the embedder cannot take, EmbedderError when the answer breaks its contract
 */
export async function getTimestampEmbeddings(
  signals: SignalBatch,
  embedder: Embedder,
  options?: EmbedOptions,
): Promise<TimestampEmbeddings> {
  checkSignals(signals, embedder.channels, embedder.minimumTimestampSamples);
  const embeddings = await embedder.embedTimestamps(signals, options);
  const expected = signals.count * embeddings.timestampCount * embedder.timestampEmbeddingSize;
  checkValues(embedder, embeddings.data, expected, 'timestamp');
  return embeddings;
}

function checkValues(embedder: Embedder, values: Float32Array, expected: number, kind: string): void {
  const asked = `${kind} embeddings from ${embedder.provenance.plugin}:${embedder.provenance.model}`;
  if (!isFloat32Array(values)) {
    throw new EmbedderError({
      asked,
      found: `${typeName(values)} instead of Float32Array`,
      fix: 'make the plugin answer with Float32Array.from(values)',
    });
  }
  if (values.length !== expected) {
    throw new EmbedderError({
      asked,
      found: `${values.length} values instead of ${expected}`,
      fix: `make the plugin's ${kind}EmbeddingSize and its answer agree`,
    });
  }
  if (firstNonFinite(values) >= 0) {
    throw new EmbedderError({
      asked,
      found: 'NaN or infinity',
      fix: 'check the checkpoint, and that the signals are scaled as the model expects',
    });
  }
}
