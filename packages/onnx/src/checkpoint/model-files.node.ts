import { realpath } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ModelSource, modelSourceName, OptionError } from '@hearken/core';
import { bytesSha256 } from '@hearken/core/node';
import type { ByteSource } from './byte-source.js';
import type { Checkpoint } from './checkpoint.js';
import { handleSource, openFileSource } from './file-source.node.js';
import { guardOf, WatchedFile } from './file-state.node.js';
import { hashListing, locateTensors, mergeShards, type ModelFiles } from './model-files.js';
import { readModelConfig } from './model-config.js';
import type { ModelFolder } from './model-folder.js';
import { openCheckpoint } from './open-checkpoint.js';
import { readFloat32 } from './read-tensor.js';
import { findWeightFiles } from './weight-files.node.js';

/** A model's files on disk. */
export interface NodeModelFiles extends ModelFiles {
  /** Absolute folder that the locations are relative to. Links are resolved. */
  readonly folder: string;
  /** Absolute paths of the weight files. */
  readonly paths: readonly string[];
}

/**
 * Opens a model given as a checkpoint file (`.safetensors`, or a PyTorch zip under any name), as an index of several
 * (`model.safetensors.index.json`), or as a Hugging Face folder. Only headers are read, and no file stays open.
 *
 * @throws CheckpointError like `openCheckpoint`; for a folder without weights; for an index whose files are missing,
 * are elsewhere, or lack a tensor. OptionError for anything but a path
 */
export async function openModelFiles(source: ModelSource): Promise<NodeModelFiles> {
  const path = pathOf(source);
  const found = await findWeightFiles(path);
  const parts: Part[] = [];
  for (const weights of found.weights) parts.push(await openPart(found.folder, weights));
  const folder = commonFolder(parts.map((part) => part.path));
  const located = parts.map((part) => locateTensors(part.checkpoint, relative(folder, part.path).split(sep).join('/')));
  const checkpoint = found.shardOf === undefined ? located[0] : mergeShards(path, located, found.shardOf);
  const paths = parts.map((part) => part.path);
  const read = <Result>(location: string | undefined, act: (source: ByteSource) => Promise<Result>) => {
    const part = parts.find((_, index) => located[index].location === location) ?? parts[0];
    return readPart(part, act);
  };
  let hash: Promise<string> | undefined;
  return {
    name: path,
    checkpoint,
    config:
      found.config === undefined ? undefined : await using(await found.folder.open(found.config), readModelConfig),
    external: { folder, guard: guardOf(parts.map((part) => part.watched)) },
    folder,
    paths,
    size: parts.reduce((sum, part) => sum + part.size, 0),
    sha256: () =>
      (hash ??= hashFiles(
        parts.map((part) => part.watched),
        found.weights,
      )),
    readFloat32: (entry) => read(entry.location, (source) => readFloat32(source, entry)),
    readBytes: ({ location, offset, byteLength }) => read(location, (source) => source.read(offset, byteLength)),
    async readJson(name) {
      if (!found.isModelFolder || !found.folder.files.has(name)) return undefined;
      return using(await found.folder.open(name), readModelConfig);
    },
  };
}

function pathOf(source: ModelSource): string {
  if (typeof source === 'string') return source;
  if (source instanceof URL && source.protocol === 'file:') return fileURLToPath(source);
  throw new OptionError({
    asked: `the checkpoint ${modelSourceName(source)}`,
    found: source instanceof URL ? 'a URL' : 'contents in memory',
    fix: 'on Node.js, pass the path of a file or folder; `hearken pull` downloads published checkpoints',
  });
}

/** One weight file: the path as given, and with links resolved. */
interface Part {
  readonly given: string;
  readonly path: string;
  readonly size: number;
  readonly checkpoint: Checkpoint;
  readonly watched: WatchedFile;
}

async function openPart(folder: ModelFolder, file: string): Promise<Part> {
  const given = folder.pathOf(file);
  return using(await openFileSource(given), async (source) => {
    // ONNX Runtime refuses links that lead out of the folder, as in Hugging Face's cache.
    const path = await realpath(source.path);
    const watched = new WatchedFile(given, path, await source.state());
    const checkpoint = await openCheckpoint(source);
    // The file may have been replaced since its header was read.
    await watched.checkSame();
    return { given, path, size: source.size, checkpoint, watched };
  });
}

/** Reads from a file, and checks that it is still the one whose header was read. */
function readPart<Result>(
  { given, path, size, watched }: Part,
  act: (source: ByteSource) => Promise<Result>,
): Promise<Result> {
  return watched.read((handle) => act(handleSource(handle, { name: given, path, size })));
}

async function using<Source extends ByteSource, Result>(source: Source, act: (source: Source) => Promise<Result>) {
  try {
    return await act(source);
  } finally {
    await source.close();
  }
}

/** The deepest folder that contains all files. */
function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0]);
  while (paths.some((path) => relative(folder, path).startsWith('..')) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}

async function hashFiles(files: readonly WatchedFile[], names: readonly string[]): Promise<string> {
  const hashes: string[] = [];
  for (const file of files) hashes.push(await file.sha256());
  if (hashes.length === 1) return hashes[0];
  return bytesSha256(hashListing(hashes, names));
}
