import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CheckpointError } from '@hearken/core';
import { openFileSource } from './file-source.node.js';
import { readJsonObject } from './model-config.js';

/** Which files hold a model's weights, and its config. Paths are as the user wrote them, not yet opened. */
export interface WeightFiles {
  /** The files in the order of their names. */
  readonly weights: readonly string[];
  /** For weights in several files: tensor name to the file's place in `weights`. */
  readonly shardOf?: ReadonlyMap<string, number>;
  readonly config?: string;
}

/** Names under which Hugging Face's libraries save weights, the one they load first in front. */
const wholeNames = ['model.safetensors', 'pytorch_model.bin'];
const indexNames = ['model.safetensors.index.json', 'pytorch_model.bin.index.json'];
const configName = 'config.json';
const shardName = /^(model|pytorch_model)-\d{1,6}-of-\d{1,6}\.(safetensors|bin)$/;
const extensions = [['.safetensors'], ['.pt', '.pth', '.bin', '.ckpt']];

const indexLimits = { bytes: 32 * 1024 * 1024, depth: 8, values: 1_000_000 };
const MAX_SHARDS = 1000;

/**
 * Finds the weights of a model given as a file or as a folder in Hugging Face's layout.
 * A `config.json` beside a single file belongs to it only where the file has one of that layout's names: a folder may
 * hold the checkpoints of many models.
 *
 * @throws CheckpointError when there is nothing there, or no telling which file is meant
 */
export async function findWeightFiles(path: string): Promise<WeightFiles> {
  const kind = await kindOf(path);
  if (kind === 'folder') return inFolder(path);
  const name = basename(path);
  if (indexNames.includes(name)) return fromIndex(path);
  if (kind === 'file' && shardName.test(name)) {
    const index = `${shardName.exec(name)?.[1]}.${shardName.exec(name)?.[2]}.index.json`;
    const indexPath = join(dirname(path), index);
    if ((await kindOf(indexPath)) === 'file') return fromIndex(indexPath);
  }
  // What is missing or no plain file is refused when it is opened, with the reason.
  return { weights: [path], ...(wholeNames.includes(name) ? await configBeside(path) : {}) };
}

async function inFolder(folder: string): Promise<WeightFiles> {
  const names = new Set(await readdir(folder));
  for (const [place, whole] of wholeNames.entries()) {
    if (names.has(whole)) return { weights: [join(folder, whole)], ...(await configBeside(join(folder, whole))) };
    if (names.has(indexNames[place])) return fromIndex(join(folder, indexNames[place]));
  }
  for (const group of extensions) {
    const found = [...names].filter((name) => group.some((extension) => name.endsWith(extension))).sort();
    if (found.length === 1)
      return { weights: [join(folder, found[0])], ...(await configBeside(join(folder, found[0]))) };
    if (found.length > 1) {
      throw new CheckpointError({
        asked: `${folder}: a model's weights`,
        found: `${found.length} files that may hold them: ${found.slice(0, 8).join(', ')}`,
        fix: 'pass the path of the one that is meant',
      });
    }
  }
  throw new CheckpointError({
    asked: `${folder}: a model's weights`,
    found: names.size === 0 ? 'an empty folder' : `none of ${[...wholeNames, ...indexNames].join(', ')} in it`,
    fix: 'download the weights into it, or pass the path of the checkpoint file',
  });
}

/** Reads `{"weight_map": {"tensor name": "file name"}}`. */
async function fromIndex(path: string): Promise<WeightFiles> {
  const source = await openFileSource(path);
  let index: Record<string, unknown>;
  try {
    index = await readJsonObject(source, indexLimits);
  } finally {
    await source.close();
  }
  const map: unknown = index.weight_map;
  const refused = (found: string, fix: string) => new CheckpointError({ asked: path, found, fix });
  if (typeof map !== 'object' || map === null || Array.isArray(map) || Object.keys(map).length === 0) {
    throw refused("no 'weight_map' that names a file for each tensor", 'download it again');
  }
  const entries = Object.entries(map as Record<string, unknown>);
  const shards = [...new Set(entries.map(([, file]) => file))].sort();
  for (const shard of shards) {
    // A plain name: an index must not reach a file outside its folder.
    if (typeof shard !== 'string' || !/^[\w.-]{1,255}$/.test(shard) || /^\.+$/.test(shard)) {
      throw refused(
        `weights in ${JSON.stringify(shard).slice(0, 80)}, which is no plain file name`,
        'download it again',
      );
    }
  }
  if (shards.length > MAX_SHARDS) throw refused(`${shards.length} files, over ${MAX_SHARDS}`, 'download it again');
  const files = shards as string[];
  const present = new Set(await readdir(dirname(path)));
  const missing = files.filter((file) => !present.has(file));
  if (missing.length > 0) {
    throw refused(
      `${missing.length} of its ${files.length} files missing: ${missing.slice(0, 4).join(', ')}`,
      'download them into the same folder',
    );
  }
  const place = new Map(files.map((file, position) => [file, position]));
  return {
    weights: files.map((file) => join(dirname(path), file)),
    shardOf: new Map(entries.map(([tensor, file]) => [tensor, place.get(file as string) ?? 0])),
    ...(await configBeside(path)),
  };
}

async function configBeside(path: string): Promise<{ config?: string }> {
  const config = join(dirname(path), configName);
  return (await kindOf(config)) === 'file' ? { config } : {};
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return 'folder';
  return found?.isFile() ? 'file' : undefined;
}
