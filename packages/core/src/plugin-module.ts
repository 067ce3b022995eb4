import { familiesProblem } from './checkpoint-family.js';
import { PluginError } from './errors.js';
import { getSceneEmbeddings, getTimestampEmbeddings } from './get-embeddings.js';
import { definePlugin, type Plugin, type PluginDefinition } from './plugin.js';

/** The same pattern as in `definePlugin`; the name is shown on terminals and becomes part of paths. */
const namePattern = /^[a-z][a-z0-9-]*$/;

/** A plugin whose module may lack some of HEAR's functions, which are then added. */
type PartialPlugin = Omit<PluginDefinition, 'load'> & Partial<Plugin>;

/**
 * The plugin in a module: its default export. HEAR's three functions may be on the default export or on the module;
 * missing ones are added as `definePlugin` does.
 *
 * @param module what `import()` returned
 * @param origin its name in errors: a package name or path
 * @throws PluginError listing everything that the default export lacks
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
  const { default: exported, ...functions } = esModuleOf(module) as { default: PartialPlugin } & Partial<Plugin>;
  if (isComplete(exported)) return exported;
  const loadModel = exported.loadModel?.bind(exported) ?? functions.loadModel?.bind(undefined);
  // One of them is a function: pluginProblems has checked it.
  const load = (exported.load?.bind(exported) ?? loadModel) as PluginDefinition['load'];
  const { name, version, description, models, options, checkpoints } = exported;
  const completed = definePlugin({ name, version, description, models, options, checkpoints, load });
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

/** Everything that keeps a module from being a plugin, worded for the error; empty for a plugin. */
function pluginProblems(imported: unknown): string[] {
  const module = esModuleOf(imported);
  const exported = isObject(module) ? module.default : undefined;
  if (!isObject(module) || !isObject(exported)) {
    return [`no default export that is a plugin definition, but ${exportsText(module)}`];
  }
  const problems = ['name', 'version'].filter((field) => !isFilled(exported[field])).map((field) => `no ${field}`);
  if (isFilled(exported.name) && !namePattern.test(String(exported.name))) {
    problems.push(
      `name ${JSON.stringify(String(exported.name).slice(0, 80))}, which is not lower-case letters, digits and hyphens`,
    );
  }
  const { models } = exported;
  if (!isObject(models) || Object.keys(models).length === 0) problems.push('no models');
  else problems.push(...Object.entries(models).flatMap(([name, model]) => modelProblems(name, model)));
  const { checkpoints } = exported;
  const problem = checkpoints === undefined ? undefined : familiesProblem(checkpoints);
  if (problem !== undefined) problems.push(problem);
  const loaders = [exported.load, exported.loadModel, module.loadModel];
  if (!loaders.some((loader) => typeof loader === 'function')) problems.push('no load or loadModel function');
  return problems;
}

/** If an ES module was compiled to CommonJS, importing it gives the compiled module as the default export. */
function esModuleOf(module: unknown): unknown {
  const inner = isObject(module) ? module.default : undefined;
  return isObject(inner) && inner.__esModule === true && isObject(inner.default) ? inner : module;
}

function exportsText(module: unknown): string {
  if (!isObject(module)) return 'no module';
  if (module.default !== undefined) return `one of type ${typeof module.default}`;
  const names = Object.keys(module).slice(0, 12);
  return names.length === 0 ? 'no exports' : `exports ${names.join(', ')}`;
}

function modelProblems(name: string, model: unknown): string[] {
  if (!isObject(model)) return [`no metadata for model '${name}'`];
  const sizes = ['sampleRate', 'channels', 'embeddingSize']
    .filter((field) => !(Number.isSafeInteger(model[field]) && Number(model[field]) > 0))
    .map((field) => `no positive integer ${field} for model '${name}'`);
  const types = Object.entries(optionalTypes)
    .filter(([field, is]) => model[field] !== undefined && !is(model[field]))
    .map(([field]) => `${field} of type ${typeof model[field]} for model '${name}'`);
  return [...sizes, ...types];
}

const isCount = (value: unknown) => typeof value === 'number' && value >= 0;
const isText = (value: unknown) => typeof value === 'string';

/** The optional metadata, which lists of models show. */
const optionalTypes: Readonly<Record<string, (value: unknown) => boolean>> = {
  description: isText,
  parameters: isCount,
  multiplyAdds: isCount,
  license: isText,
  paper: isText,
  checkpointUrl: isText,
  checkpointSha256: isText,
  files: Array.isArray,
  terms: isObject,
};

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
