import { Option, type Command } from 'commander';
import { parseModelSpecifier, type Embedder, type LoadOptions, type Plugin, type RuntimeOptions } from '@hearken/core';
import { createNodeRegistry } from '../run/plugins.node.js';
import { jsonObject, wholeNumber } from './parse-options.js';

/** What the options that name a model give. */
export interface ModelOptions {
  readonly checkpoint?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly threads?: number;
  readonly provider?: NonNullable<RuntimeOptions['executionProvider']>;
}

/** Adds `--checkpoint`, `--options`, `--threads` and `--provider`. */
export function addModelOptions(command: Command): Command {
  return command
    .option('--checkpoint <file>', "the model's weights, as its authors publish them")
    .addOption(new Option('--options <json>', "options of the plugin's loadModel, a JSON object").argParser(jsonObject))
    .addOption(
      new Option('--threads <n>', 'threads of an inference call (default: all cores)').argParser(wholeNumber(1, 1024)),
    )
    .addOption(new Option('--provider <name>', 'execution provider').choices(['cpu', 'webgpu', 'cuda']));
}

/** Adds `--model`. */
export function addModelOption(command: Command): Command {
  return command.requiredOption(
    '--model <plugin:model>',
    'plugin is a short name, an npm package name or a path; the model may be left out for its first one',
  );
}

/** How the session computes, as far as the options say. */
export function runtimeOptions({ threads, provider }: ModelOptions): RuntimeOptions {
  return {
    ...(threads === undefined ? {} : { threads }),
    ...(provider === undefined ? {} : { executionProvider: provider }),
  };
}

/** A model that the command line names: its plugin, and how to load it. */
export interface NamedModel {
  readonly plugin: Plugin;
  readonly load: () => Promise<Embedder>;
}

/**
 * Finds the plugin of `plugin:model`.
 *
 * @throws PluginError or OptionError when there is none
 */
export async function findModel(specifier: string, options: ModelOptions): Promise<NamedModel> {
  const { plugin: name, model } = parseModelSpecifier(specifier);
  const plugin = await createNodeRegistry().resolve(name);
  const loadOptions: LoadOptions = {
    ...options.options,
    ...(model === undefined ? {} : { model }),
    runtime: runtimeOptions(options),
  };
  return { plugin, load: () => plugin.loadModel(options.checkpoint, loadOptions) };
}
