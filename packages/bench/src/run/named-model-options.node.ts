import { isHearkenError, parseModelSpecifier, type Plugin, PluginError, type Provenance } from '@hearken/core';
import type { Result } from '@hearken/results';
import { loadPluginModel } from '../plugins/load-plugin-model.js';
import { createNodeRegistry, knownPlugins } from '../plugins/plugins.node.js';
import type { BenchmarkOptions } from './benchmark.js';
import { isSame } from './named-in-result.node.js';

type Given = Pick<BenchmarkOptions, 'checkpoint' | 'modelOptions' | 'runtime' | 'registry'> & {
  readonly model?: string;
};

/**
 * The model of a result with the options that it was loaded with. A result lists every option with its value, those that
 * the checkpoint decided included, and not all of these can be passed: so only those are that differ from the defaults.
 *
 * @throws HearkenError if there is no such plugin, or only the result names it
 */
export async function namedModelOptions(
  { model: named, isDefault }: Result,
  given: Given,
): Promise<Pick<BenchmarkOptions, 'model' | 'modelOptions'>> {
  // The result may be a stranger's: it does not choose which code is run.
  if (given.model === undefined && !knownPlugins.includes(named.plugin)) {
    throw new PluginError({
      asked: `plugin '${named.plugin}' of the result`,
      found: "none of Hearken's own plugins",
      fix: `pass it with --model, as for the run: its package or path, such as --model ${named.plugin}:${named.model}`,
    });
  }
  const { plugin: name, model: asked } = parseModelSpecifier(given.model ?? `${named.plugin}:${named.model}`);
  const plugin = await (given.registry ?? createNodeRegistry()).resolve(name);
  const known = asked ?? (Object.hasOwn(plugin.models, named.model) ? named.model : undefined);
  const model = known === undefined ? name : `${name}:${known}`;
  if (given.modelOptions !== undefined) return { model, modelOptions: given.modelOptions };
  if (isDefault || Object.keys(named.options).length === 0) return { model };
  const defaults = await defaultOptions(plugin, known, given);
  const differing = Object.entries(named.options).filter(
    ([option, value]) => value !== null && isOption(plugin, option) && !isSame(value, defaults[option]),
  );
  return { model, ...(differing.length === 0 ? {} : { modelOptions: Object.fromEntries(differing) }) };
}

/** None if the model cannot be loaded without options. */
async function defaultOptions(
  plugin: Plugin,
  model: string | undefined,
  { checkpoint, runtime }: Given,
): Promise<Provenance['options']> {
  try {
    const embedder = await loadPluginModel(plugin, checkpoint, {
      ...(model === undefined ? {} : { model }),
      ...(runtime === undefined ? {} : { runtime }),
    });
    await embedder.dispose();
    return embedder.provenance.options;
  } catch (error) {
    if (!isHearkenError(error)) throw error;
    return {};
  }
}

/** Plugins that were made without `definePlugin` do not list their options. */
function isOption(plugin: Plugin, name: string): boolean {
  return plugin.options === undefined || Object.hasOwn(plugin.options, name);
}
