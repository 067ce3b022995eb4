import { CheckpointError } from '@hearken/core';
import type { ByteSource } from './byte-source.js';
import { readJsonObject } from './model-config.js';

/** The files that may make up a model: a folder on disk, or files dropped on a page. */
export interface ModelFolder {
  /** The folder's name in errors. */
  readonly name: string;
  readonly files: ReadonlySet<string>;
  /** A file's path in errors. */
  pathOf(file: string): string;
  open(file: string): Promise<ByteSource>;
}

/** The files of a folder that contain a model's weights, and its config. */
export interface WeightFiles {
  /** The files in the order of their names. */
  readonly weights: readonly string[];
  /** For weights in several files: from tensor name to the file's index in `weights`. */
  readonly shardOf?: ReadonlyMap<string, number>;
  readonly config?: string;
}

/** Names under which Hugging Face's libraries save weights, in the order in which they look for them. */
export const wholeNames: readonly string[] = ['model.safetensors', 'pytorch_model.bin'];
export const indexNames: readonly string[] = ['model.safetensors.index.json', 'pytorch_model.bin.index.json'];
const configName = 'config.json';
const shardName = /^(model|pytorch_model)-\d{1,6}-of-\d{1,6}\.(safetensors|bin)$/;
const extensions = [['.safetensors'], ['.pt', '.pth', '.bin', '.ckpt']];

const indexLimits = { bytes: 32 * 1024 * 1024, depth: 8, values: 1_000_000 };
const MAX_SHARDS = 1000;

/** The name of the index that a shard would belong to; undefined for a file with another name. */
export function indexOfShard(file: string): string | undefined {
  const found = shardName.exec(file);
  return found === null ? undefined : `${found[1]}.${found[2]}.index.json`;
}

/**
 * Finds a model's weights in a folder in Hugging Face's layout, or in one with a single checkpoint.
 *
 * @throws CheckpointError if there is nothing there, or it is unclear which file is meant
 */
export async function weightFilesIn(folder: ModelFolder): Promise<WeightFiles> {
  const { files } = folder;
  for (const [place, whole] of wholeNames.entries()) {
    if (files.has(whole)) return { weights: [whole], ...configIn(folder) };
    if (files.has(indexNames[place])) return weightFilesOfIndex(folder, indexNames[place]);
  }
  for (const group of extensions) {
    const found = [...files].filter((name) => group.some((extension) => name.endsWith(extension))).sort();
    if (found.length === 1) return { weights: [found[0]], ...configIn(folder) };
    if (found.length > 1) {
      throw new CheckpointError({
        asked: `${folder.name}: a model's weights`,
        found: `${found.length} files that may contain them: ${found.slice(0, 8).join(', ')}`,
        fix: 'pass the path of the one that you mean',
      });
    }
  }
  throw new CheckpointError({
    asked: `${folder.name}: a model's weights`,
    found: files.size === 0 ? 'an empty folder' : `none of ${[...wholeNames, ...indexNames].join(', ')} in it`,
    fix: 'download the weights into it, or pass the path of the checkpoint file',
  });
}

/** Reads `{"weight_map": {"tensor name": "file name"}}`. */
export async function weightFilesOfIndex(folder: ModelFolder, indexFile: string): Promise<WeightFiles> {
  const path = folder.pathOf(indexFile);
  const source = await folder.open(indexFile);
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
    // Only plain names, because an index must not reach files outside its folder.
    if (typeof shard !== 'string' || !/^[\w.-]{1,255}$/.test(shard) || /^\.+$/.test(shard)) {
      throw refused(
        `weights in ${JSON.stringify(shard).slice(0, 80)}, which is not a plain file name`,
        'download it again',
      );
    }
  }
  if (shards.length > MAX_SHARDS) throw refused(`${shards.length} files, over ${MAX_SHARDS}`, 'download it again');
  const weights = shards as string[];
  const missing = weights.filter((file) => !folder.files.has(file));
  if (missing.length > 0) {
    throw refused(
      `${missing.length} of its ${weights.length} files missing: ${missing.slice(0, 4).join(', ')}`,
      'download them to the same folder',
    );
  }
  const place = new Map(weights.map((file, position) => [file, position]));
  return {
    weights,
    shardOf: new Map(entries.map(([tensor, file]) => [tensor, place.get(file as string) ?? 0])),
    ...configIn(folder),
  };
}

/** The config of a folder whose weights are named as in that layout, or are the only ones. */
export function configIn({ files }: ModelFolder): { config?: string } {
  return files.has(configName) ? { config: configName } : {};
}
