import { CheckpointError, FileError, type ModelSource, modelSourceName, type RuntimeOptions } from '@hearken/core';
import { downloadFile } from '../storage/downloads.web.js';
import { sha256OfBlob, sha256OfText } from '../storage/sha256.web.js';
import { blobSource } from './byte-source.js';
import { hashListing, locateTensors, mergeShards, type ModelFiles } from './model-files.js';
import { readModelConfig } from './model-config.js';
import { type ModelFolder, weightFilesIn, type WeightFiles } from './model-folder.js';
import { openCheckpoint } from './open-checkpoint.js';
import { readFloat32 } from './read-tensor.js';

/**
 * Opens a model given as a file, bytes, a URL, or several files (those of a Hugging Face folder). Only headers are
 * read. Downloads are kept in the browser's storage, so that each URL is fetched only once.
 *
 * @throws CheckpointError like `openCheckpoint`, and for files without weights; FileError if a download fails
 */
export async function openWebModelFiles(source: ModelSource, options: RuntimeOptions = {}): Promise<ModelFiles> {
  const name = modelSourceName(source);
  const folder = await folderOf(source, name, options);
  const found = await findWeights(folder);
  const parts = await Promise.all(
    found.weights.map(async (file) => ({
      file,
      blob: folder.blobs.get(file)!,
      checkpoint: await opened(folder, file),
    })),
  );
  const located = parts.map(({ file, checkpoint }) => locateTensors(checkpoint, file));
  const partOf = (location: string | undefined) => parts.find(({ file }) => file === location) ?? parts[0];
  const sourceOf = (location: string | undefined) => {
    const { blob, file } = partOf(location);
    return blobSource(blob, file);
  };
  let hash: Promise<string> | undefined;
  return {
    name,
    checkpoint: found.shardOf === undefined ? located[0] : mergeShards(name, located, found.shardOf),
    config: found.config === undefined ? undefined : await readModelConfig(await folder.open(found.config)),
    external: { files: new Map(parts.map(({ file, blob }) => [file, blob])) },
    size: parts.reduce((sum, { blob }) => sum + blob.size, 0),
    sha256: () =>
      (hash ??= hashBlobs(
        parts.map(({ blob }) => blob),
        found.weights,
      )),
    readFloat32: (entry) => readFloat32(sourceOf(entry.location), entry),
    readBytes: ({ location, offset, byteLength }) => sourceOf(location).read(offset, byteLength),
    async readJson(file) {
      return folder.blobs.has(file) ? readModelConfig(await folder.open(file)) : undefined;
    },
  };
}

interface BlobFolder extends ModelFolder {
  readonly blobs: ReadonlyMap<string, Blob>;
}

async function folderOf(source: ModelSource, name: string, options: RuntimeOptions): Promise<BlobFolder> {
  const blobs = await blobsOf(source, name, options);
  return {
    name,
    blobs,
    files: new Set(blobs.keys()),
    pathOf: (file) => file,
    open: (file) => Promise.resolve(blobSource(blobs.get(file)!, file)),
  };
}

async function blobsOf(source: ModelSource, name: string, options: RuntimeOptions): Promise<Map<string, Blob>> {
  if (typeof source === 'string' || source instanceof URL) {
    const url = new URL(source, globalThis.location?.href);
    const file = await downloadFile(url, { onProgress: options.onDownload, abortSignal: options.abortSignal });
    return new Map([[fileNameOf(url), file]]);
  }
  if (source instanceof Blob) return new Map([[name, source]]);
  if (source instanceof ArrayBuffer) return new Map([[name, new Blob([source])]]);
  if (source instanceof Uint8Array) return new Map([[name, new Blob([source as Uint8Array<ArrayBuffer>])]]);
  if (source.length === 0) {
    throw new FileError({
      asked: 'a checkpoint',
      found: 'no file',
      fix: 'choose the checkpoint, or the files of its folder',
    });
  }
  return new Map(source.map((file) => [file.name, file]));
}

/** A single file is the checkpoint, whatever its name; several are searched like a folder. */
function findWeights(folder: BlobFolder): Promise<WeightFiles> {
  const [first, ...others] = folder.files;
  return others.length === 0 ? Promise.resolve({ weights: [first] }) : weightFilesIn(folder);
}

async function opened(folder: BlobFolder, file: string) {
  const source = await folder.open(file);
  if (source.size === 0) {
    throw new CheckpointError({ asked: file, found: 'the file is empty', fix: 'download it again' });
  }
  return openCheckpoint(source);
}

async function hashBlobs(blobs: readonly Blob[], names: readonly string[]): Promise<string> {
  const hashes: string[] = [];
  for (const blob of blobs) hashes.push(await sha256OfBlob(blob));
  return hashes.length === 1 ? hashes[0] : sha256OfText(hashListing(hashes, names));
}

function fileNameOf(url: URL): string {
  const last = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
  return last === '' ? 'checkpoint' : decodeURIComponent(last);
}
