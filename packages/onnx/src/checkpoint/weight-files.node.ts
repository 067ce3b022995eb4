import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openFileSource } from './file-source.node.js';
import {
  configIn,
  indexNames,
  indexOfShard,
  type ModelFolder,
  type WeightFiles,
  weightFilesIn,
  weightFilesOfIndex,
  wholeNames,
} from './model-folder.js';

/** Where a model's weights are: files in a folder. */
export interface FoundWeights extends WeightFiles {
  readonly folder: ModelFolder;
  /** Whether the folder belongs to this model; otherwise it may contain the checkpoints of many. */
  readonly isModelFolder: boolean;
}

/**
 * Finds the weights of a model given as a file or as a folder in Hugging Face's layout. A `config.json` next to a
 * single file belongs to it only if the file has one of that layout's names: a folder may contain the checkpoints of
 * many models.
 *
 * @throws CheckpointError if there is nothing there, or it is unclear which file is meant
 */
export async function findWeightFiles(path: string): Promise<FoundWeights> {
  const kind = await kindOf(path);
  if (kind === 'folder') {
    const folder = await openFolder(path);
    return { ...(await weightFilesIn(folder)), folder, isModelFolder: true };
  }
  const name = basename(path);
  const folder = await openFolder(dirname(path), new Map([[name, path]]));
  const index = indexNames.includes(name) ? name : kind === 'file' ? indexOfShard(name) : undefined;
  if (index !== undefined && (index === name || folder.files.has(index))) {
    return { ...(await weightFilesOfIndex(folder, index)), folder, isModelFolder: true };
  }
  // Files that are missing or not regular are refused when they are opened, with the reason.
  const config = wholeNames.includes(name) ? configIn(folder) : {};
  return { weights: [name], ...config, folder, isModelFolder: /\.(safetensors|bin)$/.test(name) };
}

/** @param given paths as the user gave them, by name */
async function openFolder(path: string, given: ReadonlyMap<string, string> = new Map()): Promise<ModelFolder> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const pathOf = (file: string) => given.get(file) ?? join(path, file);
  return {
    name: path,
    // Hugging Face's cache consists of links.
    files: new Set(entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map(({ name }) => name)),
    pathOf,
    open: (file) => openFileSource(pathOf(file)),
  };
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return 'folder';
  return found?.isFile() ? 'file' : undefined;
}
