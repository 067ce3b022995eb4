import { join } from 'node:path';
import { cacheFolders } from '@hearken/core/node';
import { pathPart } from '@hearken/results/internal';

/**
 * The folder of pulled models, which can be moved.
 *
 * @param folder default: `HEARKEN_MODELS`, else `models` in the cache folder, see `cacheFolders`
 */
export function modelsFolder(folder?: string): string {
  // An empty variable counts as unset.
  const [chosen] = [folder, process.env.HEARKEN_MODELS].filter((one) => one !== undefined && one !== '');
  return chosen ?? join(cacheFolders().root, 'models');
}

/** The folder of one model: `<models>/<plugin>-<model>`. */
export function modelFolder(models: string, plugin: string, model: string): string {
  return join(models, `${pathPart(plugin)}-${pathPart(model)}`);
}
