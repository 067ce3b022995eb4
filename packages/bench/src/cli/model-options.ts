import { Option, type Command } from 'commander';
import {
  OptionError,
  parseModelSpecifier,
  type Embedder,
  type LoadOptions,
  type Plugin,
  type RuntimeOptions,
} from '@hearken/core';
import { findPulledModel, modelsFolder, publishedFiles } from '../models/index.js';
import { loadPluginModel } from '../plugins/load-plugin-model.js';
import { createNodeRegistry, knownPlugins } from '../plugins/plugins.node.js';
import { jsonObject, wholeNumber } from './parse-options.js';

/** Values of the options that name a model. */
export interface ModelOptions {
  /** Given on the command line, or found among pulled models. */
  readonly checkpoint?: string;
  readonly models?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Which of several sets of weights in the checkpoint. */
  readonly weights?: string;
  readonly threads?: number;
  readonly provider?: NonNullable<RuntimeOptions['executionProvider']>;
}

/**
 * Adds `--checkpoint`, `--models`, `--options`, `--threads` and `--provider`. If no checkpoint is passed and the model
 * was pulled, the pulled checkpoint is used.
 */
export function addModelOptions(command: Command): Command {
  return command
    .hook('preAction', (_, action) => usePulledModel(action))
    .option(
      '--checkpoint <file>',
      "the model's weights, as its authors publish them (default: the file that `hearken pull` downloaded)",
    )
    .option('--models <folder>', 'folder of pulled models (default: in the user cache folder, or HEARKEN_MODELS)')
    .addOption(
      new Option('--options <json>', "options for the plugin's loadModel, as a JSON object").argParser(jsonObject),
    )
    .option('--weights <name>', 'which weights to use if a checkpoint has several sets, such as ema or raw')
    .addOption(
      new Option('--threads <n>', 'threads for inference (default: all cores)').argParser(wholeNumber(1, 1024)),
    )
    .addOption(new Option('--provider <name>', 'execution provider').choices(['cpu', 'webgpu', 'cuda']));
}

/** Adds `--model`. */
export function addModelOption(command: Command): Command {
  return command.requiredOption(
    '--model <plugin:model>',
    "plugin is a short name, an npm package name or a path; without a model, the plugin's first one is used",
  );
}

async function usePulledModel(command: Command): Promise<void> {
  const options = command.opts<ModelOptions & { readonly model?: string }>();
  const model = options.model ?? command.args.at(0);
  if (options.checkpoint !== undefined || model === undefined) return;
  const checkpoint = await pulledCheckpoint(model, options.models);
  if (checkpoint !== undefined) command.setOptionValueWithSource('checkpoint', checkpoint, 'default');
}

/**
 * The checkpoint that was pulled for a model; undefined for models that find their weights themselves.
 *
 * @param models the folder of pulled models; default: the user's
 * @throws PluginError if there is no such plugin, OptionError if the model needs a checkpoint and has none
 */
export async function pulledCheckpoint(specifier: string, models: string | undefined): Promise<string | undefined> {
  const { plugin: name, model: asked } = parseModelSpecifier(specifier);
  const plugin = await createNodeRegistry().resolve(name);
  const model = asked ?? Object.keys(plugin.models)[0];
  // An unknown model name is refused by the plugin itself.
  if (!Object.hasOwn(plugin.models, model)) return undefined;
  const pulled = await findPulledModel(plugin, model, modelsFolder(models));
  if (pulled !== undefined) return pulled.checkpoint;
  const full = `${plugin.name}:${model}`;
  // Other plugins may find their weights themselves.
  const isKnown = knownPlugins.includes(plugin.name);
  if (isKnown && publishedFiles(full, plugin.models[model]).length > 0) {
    throw new OptionError({
      asked: full,
      found: `no checkpoint, and none in the folder of pulled models, '${modelsFolder(models)}'`,
      fix: `hearken pull ${full}, or pass the file or folder with --checkpoint`,
    });
  }
  return undefined;
}

/** The options for the plugin's `loadModel` given on the command line. */
export function pluginOptions({
  options,
  weights,
}: Pick<ModelOptions, 'options' | 'weights'>): Readonly<Record<string, unknown>> {
  return { ...options, ...(weights === undefined ? {} : { weights }) };
}

/** How the session computes, as far as the options say. */
export function runtimeOptions({ threads, provider }: ModelOptions): RuntimeOptions {
  return {
    ...(threads === undefined ? {} : { threads }),
    ...(provider === undefined ? {} : { executionProvider: provider }),
  };
}

/** A model named on the command line: its plugin, and how to load it. */
export interface NamedModel {
  readonly plugin: Plugin;
  /** `more` is passed to the plugin's `loadModel` in addition to the command line's options and overrides them. */
  readonly load: (more?: LoadOptions) => Promise<Embedder>;
}

/**
 * Finds the plugin of `plugin:model`.
 *
 * @throws PluginError or OptionError if there is none
 */
export async function findModel(specifier: string, options: ModelOptions): Promise<NamedModel> {
  const { plugin: name, model } = parseModelSpecifier(specifier);
  const plugin = await createNodeRegistry().resolve(name);
  const loadOptions: LoadOptions = {
    ...pluginOptions(options),
    ...(model === undefined ? {} : { model }),
    runtime: runtimeOptions(options),
  };
  return { plugin, load: (more) => loadPluginModel(plugin, options.checkpoint, { ...loadOptions, ...more }) };
}
