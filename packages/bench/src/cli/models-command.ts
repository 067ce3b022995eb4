import type { Command } from 'commander';
import { isHearkenError, type ModelMetadata, type Plugin, PluginError } from '@hearken/core';
import { findPulledModel, modelsFolder, publishedFiles, type PulledModel } from '../models/index.js';
import { onnxFilePlugin, packageOfPlugin } from '@hearken/results/internal';
import { checkCoreVersion, discoverPlugins } from '../plugins/discover-plugins.node.js';
import { listedPlugin } from '../plugins/listed-plugin.js';
import { createNodeRegistry } from '../plugins/plugins.node.js';
import { guardedLoad } from './guarded-load.js';
import { printable, tableText } from './table.js';
import type { CommandContext } from './streams.js';

interface ModelsOptions {
  readonly models?: string;
  readonly json?: boolean;
}

interface ListedModel {
  readonly plugin: Plugin;
  readonly name: string;
  readonly metadata: ModelMetadata;
  readonly pulled: PulledModel | undefined;
}

/** `hearken models`: the models of the known plugins, of installed plugins, and of plugins named as arguments. */
export function addModelsCommand(program: Command, context: CommandContext): void {
  program
    .command('models')
    .description(
      'list the models of all installed plugins (including packages hearken-plugin-*), or of the named ones, and which are downloaded',
    )
    .argument('[plugins...]', 'short names, npm package names or paths')
    .option('--models <folder>', 'folder of pulled models (default: in the user cache folder, or HEARKEN_MODELS)')
    .option('--json', 'print one JSON document on standard output instead of the table')
    .action(async (names: string[], options: ModelsOptions) => {
      const plugins = names.length > 0 ? await named(names) : await installed(context);
      const listed: ListedModel[] = [];
      for (const plugin of plugins) {
        for (const [model, metadata] of Object.entries(plugin.models)) {
          const pulled = await findPulledModel(plugin, model, modelsFolder(options.models));
          listed.push({ plugin, name: `${plugin.name}:${model}`, metadata, pulled });
        }
      }
      context.stdout.write(options.json === true ? modelsJson(listed) : modelsTable(listed));
    });
}

async function named(names: readonly string[]): Promise<Plugin[]> {
  const registry = createNodeRegistry();
  const plugins: Plugin[] = [];
  for (const name of names) plugins.push(await guardedLoad(`plugin '${name}'`, () => registry.resolve(name)));
  return plugins;
}

/**
 * Known plugins are imported. Of others, which any parent folder may have, only the `package.json` is read: their code
 * runs only if they are named.
 */
async function installed({ stderr }: CommandContext): Promise<Plugin[]> {
  const registry = createNodeRegistry();
  const plugins: Plugin[] = [];
  const places = new Map<string, string>();
  const tell = (line: string) => stderr.write(`${printable(line.replace(/\s*\n\s*/g, ' '))}\n`);
  const origins: { place: string; find: () => Promise<Plugin> }[] = [
    // It has no list of models: it runs any file.
    ...registry
      .names()
      .filter((name) => name !== onnxFilePlugin)
      .map((name) => {
        const place = packageOfPlugin(name);
        return { place, find: () => guardedLoad(place, () => registry.resolve(name)) };
      }),
    ...(await discoverPlugins(process.cwd())).map((found) => ({
      place: `${found.packageName} in '${found.folder}'`,
      async find() {
        await checkCoreVersion(found);
        const plugin = listedPlugin(found);
        if (plugin !== undefined) return plugin;
        throw new PluginError({
          asked: `the models of ${found.packageName} in '${found.folder}'`,
          found: "no list of models in its package.json ('hearken'), and its code is not run unless it is named",
          fix: `hearken models ${found.packageName} imports it and lists them`,
        });
      },
    })),
  ];
  for (const { place, find } of origins) {
    try {
      const plugin = await find();
      const other = places.get(plugin.name);
      if (other !== undefined) {
        tell(
          `plugin name '${plugin.name}': used by ${other} and by ${place} (their results cannot be told apart: rename or uninstall one)`,
        );
      }
      places.set(plugin.name, place);
      plugins.push(plugin);
    } catch (error) {
      // A broken plugin does not prevent the others from being listed.
      tell(
        isHearkenError(error)
          ? `${error.asked}: ${error.found} (${error.fix})`
          : `plugin of ${place}: ${String(error)}`,
      );
    }
  }
  return plugins;
}

function modelsJson(listed: readonly ListedModel[]): string {
  const entries = listed.map(({ plugin, name, metadata, pulled }) => ({
    model: name,
    pluginVersion: plugin.version,
    ...metadata,
    checkpoint: pulled?.checkpoint ?? null,
    bytes: pulled?.bytes ?? null,
    pulledFiles: pulled?.record.files ?? [],
  }));
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}

function modelsTable(listed: readonly ListedModel[]): string {
  const head = ['model', 'Hz', 'channels', 'embedding', 'parameters', 'MB', 'here', 'licence', 'reference'];
  const rows = listed.map((model) => {
    const { name, metadata, pulled } = model;
    return [
      name,
      String(metadata.sampleRate),
      String(metadata.channels),
      String(metadata.embeddingSize),
      !metadata.parameters ? '' : `${(metadata.parameters / 1e6).toPrecision(3)} M`,
      pulled === undefined ? estimatedMegabytes(metadata) : (pulled.bytes / 1e6).toFixed(1),
      whereText(model),
      licenceText(metadata),
      metadata.paper ?? '',
    ];
  });
  return tableText(head, rows, ['Hz', 'channels', 'embedding', 'parameters', 'MB']);
}

function whereText({ name, metadata, pulled }: ListedModel): string {
  if (pulled !== undefined) return 'yes';
  if (publishedFiles(name, metadata).length > 0) return 'to pull';
  return metadata.parameters === 0 ? 'needs none' : 'your own';
}

/** Published checkpoints have four bytes per parameter. */
function estimatedMegabytes({ parameters }: ModelMetadata): string {
  const megabytes = (4 * (parameters ?? 0)) / 1e6;
  return megabytes === 0 ? '' : `~${megabytes.toFixed(megabytes < 10 ? 1 : 0)}`;
}

/** The licence's name, without its URL. */
function licenceText({ license = '', terms }: ModelMetadata): string {
  return `${license.replace(/\s*\(https?:[^)]*\)/g, '')}${terms?.gated === true ? ' (gated)' : ''}`;
}
