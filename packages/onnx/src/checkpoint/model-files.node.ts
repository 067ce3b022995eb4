import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, dirname, relative, sep } from 'node:path';
import { CheckpointError } from '@hearken/core';
import { fileSha256 } from '../session/file-hash.node.js';
import type { Checkpoint, TensorEntry } from './checkpoint.js';
import { openFileSource } from './file-source.node.js';
import { readModelConfig, type ModelConfig } from './model-config.js';
import { openCheckpoint } from './open-checkpoint.js';
import { readFloat32 } from './read-tensor.js';
import { findWeightFiles } from './weight-files.node.js';

/** A model as its authors publish it: one weight file or several, with or without a `config.json`. */
export interface ModelFiles {
  /** What was opened, as the user named it. */
  readonly name: string;
  /**
   * The tensors of all weight files. Each names the file it lies in as `location`, relative to {@link folder}, so that
   * `graph.external(entry)` needs no more.
   */
  readonly checkpoint: Checkpoint;
  readonly config: ModelConfig | undefined;
  /** Absolute folder that the locations start from: a session's `externalFolder`. Links are resolved. */
  readonly folder: string;
  /** Absolute paths of the weight files. */
  readonly paths: readonly string[];
  /** Bytes of all weight files. */
  readonly size: number;
  /**
   * SHA-256 in hexadecimal: of the file where there is one; where there are several, of the text that `sha256sum`
   * prints for them in the order of their names (`<sha256>  <name>` and a line feed each). Computed once, when asked.
   */
  sha256(): Promise<string>;
  /** Reads a tensor of {@link checkpoint} as float32; see `readFloat32`. */
  readFloat32(entry: TensorEntry): Promise<Float32Array>;
}

/**
 * Opens a model given as a checkpoint file (`.safetensors`, or a PyTorch zip under any name), as an index of several
 * (`model.safetensors.index.json`), or as a Hugging Face folder. Only headers are read, and no file stays open.
 *
 * @throws CheckpointError as `openCheckpoint` does; for a folder without weights; for an index whose files are missing,
 * lie elsewhere, or lack a tensor
 */
export async function openModelFiles(path: string): Promise<ModelFiles> {
  const found = await findWeightFiles(path);
  const parts: Part[] = [];
  for (const weights of found.weights) parts.push(await openPart(weights));
  const folder = commonFolder(parts.map((part) => part.path));
  const located = parts.map((part) => locate(part.checkpoint, relative(folder, part.path).split(sep).join('/')));
  const checkpoint = found.shardOf === undefined ? located[0] : merge(path, located, found.shardOf);
  const config = found.config === undefined ? undefined : await openConfig(found.config);
  const paths = parts.map((part) => part.path);
  let hash: Promise<string> | undefined;
  return {
    name: path,
    checkpoint,
    config,
    folder,
    paths,
    size: parts.reduce((sum, part) => sum + part.size, 0),
    sha256: () => (hash ??= hashFiles(found.weights)),
    async readFloat32(entry) {
      const part = parts.find((_, index) => located[index].location === entry.location);
      const source = await openFileSource((part ?? parts[0]).given);
      try {
        return await readFloat32(source, entry);
      } finally {
        await source.close();
      }
    },
  };
}

/** One weight file: the path as it was given, and with links resolved. */
interface Part {
  readonly given: string;
  readonly path: string;
  readonly size: number;
  readonly checkpoint: Checkpoint;
}

async function openPart(given: string): Promise<Part> {
  const source = await openFileSource(given);
  try {
    // The runtime refuses links that lead out of the folder, as those of Hugging Face's cache do.
    const path = await realpath(source.path);
    return { given, path, size: source.size, checkpoint: await openCheckpoint(source) };
  } finally {
    await source.close();
  }
}

async function openConfig(path: string): Promise<ModelConfig> {
  const source = await openFileSource(path);
  try {
    return await readModelConfig(source);
  } finally {
    await source.close();
  }
}

function locate(checkpoint: Checkpoint, location: string): Checkpoint & { location: string } {
  const tensors = new Map([...checkpoint.tensors].map(([name, entry]) => [name, { ...entry, location }]));
  return { ...checkpoint, tensors, location };
}

/** One checkpoint of several, each tensor from the file that the index names for it. */
function merge(name: string, shards: readonly Checkpoint[], shardOf: ReadonlyMap<string, number>): Checkpoint {
  const tensors = new Map<string, TensorEntry>();
  const unusable = new Map<string, string>();
  for (const [tensor, place] of shardOf) {
    const shard = shards[place];
    const entry = shard.tensors.get(tensor);
    const reason = shard.unusable.get(tensor);
    if (entry !== undefined) tensors.set(tensor, entry);
    else if (reason !== undefined) unusable.set(tensor, reason);
    else {
      throw new CheckpointError({
        asked: shard.name,
        found: `no tensor '${tensor}', which the index says is in it`,
        fix: 'the files are not of one download: fetch all of them again',
      });
    }
  }
  return { format: shards[0].format, name, tensors, unusable, metadata: new Map() };
}

/** The deepest folder that all files lie in. */
function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0]);
  while (paths.some((path) => relative(folder, path).startsWith('..')) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}

async function hashFiles(paths: readonly string[]): Promise<string> {
  const hashes: string[] = [];
  for (const path of paths) hashes.push(await fileSha256(path));
  if (hashes.length === 1) return hashes[0];
  const lines = hashes.map((hash, index) => `${hash}  ${basename(paths[index])}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}
