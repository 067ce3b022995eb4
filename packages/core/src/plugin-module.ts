import { PluginError } from './errors.js';
import {
  definePlugin,
  getSceneEmbeddings,
  getTimestampEmbeddings,
  type Plugin,
  type PluginDefinition,
} from './plugin.js';

/** A plugin whose module may have left HEAR's functions to be completed. */
type PartialPlugin = Omit<PluginDefinition, 'load'> & Partial<Plugin>;

/**
 * The plugin that a module holds: its default export. HEAR's three functions may be the default export's or the module's;
 * what is missing of them is completed as `definePlugin` does.
 *
 * @param module what `import()` gave
 * @param origin what to call it in errors: a package name or path
 * @throws PluginError that lists everything the default export lacks
 */
export function pluginFromModule(module: unknown, origin: string): Plugin {
  const problems = pluginProblems(module);
  if (problems.length > 0) {
    throw new PluginError({
      asked: `a plugin from '${origin}'`,
      found: problems.join(', '),
      fix: 'export the result of definePlugin({ name, version, description, models, load }) as default',
    });
  }
  const { default: exported, ...functions } = module as { default: PartialPlugin } & Partial<Plugin>;
  if (isComplete(exported)) return exported;
  const loadModel = exported.loadModel?.bind(exported) ?? functions.loadModel?.bind(undefined);
  // One of them is a function: pluginProblems saw to it.
  const load = (exported.load?.bind(exported) ?? loadModel) as PluginDefinition['load'];
  const { name, version, description, models, options } = exported;
  const completed = definePlugin({ name, version, description, models, options, load });
  return {
    ...completed,
    ...(loadModel === undefined ? {} : { loadModel }),
    getSceneEmbeddings: exported.getSceneEmbeddings ?? functions.getSceneEmbeddings ?? getSceneEmbeddings,
    getTimestampEmbeddings:
      exported.getTimestampEmbeddings ?? functions.getTimestampEmbeddings ?? getTimestampEmbeddings,
  };
}

function isComplete(exported: PartialPlugin): exported is Plugin {
  return (['load', 'loadModel', 'getSceneEmbeddings', 'getTimestampEmbeddings'] as const).every(
    (name) => typeof exported[name] === 'function',
  );
}

/** Everything that keeps a module from being a plugin, in the words of the error; empty for a plugin. */
function pluginProblems(module: unknown): string[] {
  const exported = isObject(module) ? module.default : undefined;
  if (!isObject(module) || !isObject(exported)) return ['no default export that is a plugin definition'];
  const problems = ['name', 'version'].filter((field) => !isFilled(exported[field])).map((field) => `no ${field}`);
  const { models } = exported;
  if (!isObject(models) || Object.keys(models).length === 0) problems.push('no models');
  else problems.push(...Object.entries(models).flatMap(([name, model]) => modelProblems(name, model)));
  const loaders = [exported.load, exported.loadModel, module.loadModel];
  if (!loaders.some((loader) => typeof loader === 'function')) problems.push('no load or loadModel function');
  return problems;
}

function modelProblems(name: string, model: unknown): string[] {
  if (!isObject(model)) return [`no metadata for model '${name}'`];
  return ['sampleRate', 'channels', 'embeddingSize']
    .filter((field) => !(Number.isSafeInteger(model[field]) && Number(model[field]) > 0))
    .map((field) => `no positive integer ${field} for model '${name}'`);
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
