import type { CheckpointReader } from '@hearken/core';
import { discoverPlugins } from './discover-plugins.node.js';
import { listedPlugin } from './listed-plugin.js';
import { createNodeRegistry } from './plugins.node.js';

/**
 * The plugins that describe their checkpoints: the known ones, then installed ones, of which only the `package.json` is
 * read. Missing or broken plugins are left out.
 *
 * @param folder where installed plugins are looked for; default: the current folder
 */
export async function checkpointReaders(folder: string = process.cwd()): Promise<CheckpointReader[]> {
  const registry = createNodeRegistry(folder);
  const found = await Promise.allSettled([
    ...registry.names().map((name) => registry.resolve(name)),
    ...(await discoverPlugins(folder)).map((plugin) => Promise.resolve(plugin).then(listedPlugin)),
  ]);
  return found.flatMap((result) => (result.status === 'fulfilled' && result.value !== undefined ? [result.value] : []));
}
