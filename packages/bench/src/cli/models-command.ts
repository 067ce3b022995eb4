import type { Command } from 'commander';
import { HearkenError, type Plugin } from '@hearken/core';
import { createNodeRegistry } from '../run/plugins.node.js';
import type { CommandContext } from './streams.js';
import { tableText } from './table.js';

/** `hearken models`: the models of the known plugins, and of others that are named. */
export function addModelsCommand(program: Command, context: CommandContext): void {
  program
    .command('models')
    .description('list the models of the known plugins that are installed, or of those that are named')
    .argument('[plugins...]', 'short names, npm package names or paths')
    .option('--json', 'print one JSON document on standard output instead of the table')
    .action(async (names: string[], options: { json?: boolean }) => {
      const plugins = names.length > 0 ? await named(names) : await installed(context);
      context.stdout.write(options.json === true ? modelsJson(plugins) : modelsTable(plugins));
    });
}

async function named(names: readonly string[]): Promise<Plugin[]> {
  const registry = createNodeRegistry();
  const plugins: Plugin[] = [];
  for (const name of names) plugins.push(await registry.resolve(name));
  return plugins;
}

async function installed({ stderr }: CommandContext): Promise<Plugin[]> {
  const registry = createNodeRegistry();
  const plugins: Plugin[] = [];
  for (const name of registry.names()) {
    try {
      plugins.push(await registry.resolve(name));
    } catch (error) {
      if (!(error instanceof HearkenError)) throw error;
      stderr.write(`${error.asked}: ${error.found} (${error.fix})\n`);
    }
  }
  return plugins;
}

function modelsJson(plugins: readonly Plugin[]): string {
  const entries = plugins.flatMap((plugin) =>
    Object.entries(plugin.models).map(([model, metadata]) => ({
      model: `${plugin.name}:${model}`,
      pluginVersion: plugin.version,
      ...metadata,
    })),
  );
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}

function modelsTable(plugins: readonly Plugin[]): string {
  const head = ['model', 'Hz', 'channels', 'size', 'parameters', 'licence', 'description'];
  const rows = plugins.flatMap((plugin) =>
    Object.entries(plugin.models).map(([model, metadata]) => [
      `${plugin.name}:${model}`,
      String(metadata.sampleRate),
      String(metadata.channels),
      String(metadata.embeddingSize),
      metadata.parameters === undefined ? '' : `${(metadata.parameters / 1e6).toPrecision(3)} M`,
      metadata.license ?? '',
      metadata.description,
    ]),
  );
  return tableText(head, rows, ['Hz', 'channels', 'size', 'parameters']);
}
