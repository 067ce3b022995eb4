import { createHash } from 'node:crypto';
import { mkdir, realpath, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CheckpointError, FileError } from '@hearken/core';
import type { TensorEntry } from '../checkpoint/checkpoint.js';
import { FileChangedError } from '../checkpoint/file-changed-error.js';
import { openFileSource } from '../checkpoint/file-source.node.js';
import { guardOf, WatchedFile } from '../checkpoint/file-state.node.js';
import type { NodeModelFiles } from '../checkpoint/model-files.node.js';
import type { QuantizedEntry } from './matrix-source.js';
import { quantizedData } from './quantized-data.js';
import { type ByteType, locatedEntries, quantizedLayout, type QuantizedLayout } from './quantized-layout.js';
import type { ExternalGuard } from '../session/session.js';
import { checkOutput, createOutput, temporaryPath, userCacheFolder } from '@hearken/core/node';

/** Quantised matrices on disk. */
export interface QuantizedFile {
  /** Absolute path of its folder. */
  readonly folder: string;
  /** Its name, which is the location of the entries. */
  readonly location: string;
  /** By the matrix's location (`placeOf`) in the checkpoint. */
  readonly entries: ReadonlyMap<string, QuantizedEntry>;
  /** Checks that it does not change while it is used. */
  readonly guard: ExternalGuard;
}

/** How many bytes to read at once. */
const chunkBytes = 4 * 1024 * 1024;

/**
 * The matrices of a checkpoint in 8 bits, from the file of an earlier call, or else quantised and written now: next to
 * the checkpoint, or in the user's cache folder if that folder isn't writable. The file's name contains the
 * checkpoint's hash; a file that is damaged, or belongs to another version or selection of matrices, is written again.
 *
 * @param matrices their locations in the checkpoint, each `[outputs, inputs]`
 * @throws CheckpointError for weights that are not finite, FileError if no folder can be written to
 */
export async function openQuantizedFile(
  files: NodeModelFiles,
  matrices: readonly TensorEntry[],
  type: ByteType,
): Promise<QuantizedFile> {
  const checkpointSha256 = await files.sha256();
  const layout = quantizedLayout(matrices, checkpointSha256, type);
  // Not an extension that checkpoints have, so that it is not mistaken for a checkpoint in the folder.
  const name = `${basename(files.paths[0])}.${type}-${checkpointSha256.slice(0, 16)}.cache`;
  const folders = [dirname(files.paths[0]), join(userCacheFolder(), 'quantized')];
  for (const folder of folders) {
    const found = await openWhole(join(folder, name), layout);
    if (found !== undefined) return located(await realpath(folder), name, layout, found);
  }
  let problem: unknown;
  for (const folder of folders) {
    try {
      await mkdir(folder, { recursive: true });
      await checkOutput(join(folder, name));
      await write(join(folder, name), layout, quantizedData(files, matrices, layout, type));
      const found = await openWhole(join(folder, name), layout);
      if (found !== undefined) return located(await realpath(folder), name, layout, found);
      problem = new Error('the file does not contain what was written');
    } catch (cause) {
      // Something that is not a file may be in the way here, but not in the next folder.
      if (!isSystemError(cause) && !(cause instanceof FileError)) throw cause;
      problem = cause;
    }
  }
  throw new FileError({
    asked: `the quantised weights of ${files.name}`,
    found: `no writable folder for them: ${folders.join(', ')}`,
    fix: `free ${Math.ceil(layout.size / 1e6)} MB in one, set HEARKEN_CACHE to another folder, or use precision fp32`,
    cause: problem,
  });
}

function located(folder: string, location: string, layout: QuantizedLayout, file: WholeFile): QuantizedFile {
  const guard = guardOf([file.watched]);
  return {
    folder,
    location,
    entries: locatedEntries(layout, location),
    guard: {
      ...guard,
      async loaded() {
        try {
          await guard.loaded();
        } catch (cause) {
          // Another process that needed the same weights at the same time may have replaced this file with its own
          // identical one.
          const now = cause instanceof FileChangedError ? await openWhole(join(folder, location), layout) : undefined;
          if (now?.checksum !== file.checksum) throw cause;
        }
      },
    },
  };
}

/** A file of quantised weights that was read completely. */
interface WholeFile {
  readonly watched: WatchedFile;
  /** SHA-256 of its weights, in hexadecimal. */
  readonly checksum: string;
}

/** The file, if it exists, has this layout, and still has the contents that were written; undefined otherwise. */
async function openWhole(path: string, layout: QuantizedLayout): Promise<WholeFile | undefined> {
  const source = await openFileSource(path).catch(() => undefined);
  if (source === undefined) return undefined;
  try {
    if (source.size !== layout.size) return undefined;
    const watched = new WatchedFile(path, await realpath(path), await source.state());
    const checksum = layout.checksumIn(await source.read(0, layout.dataOffset));
    if (checksum === undefined) return undefined;
    const hash = createHash('sha256');
    for (let offset = layout.dataOffset; offset < source.size; offset += chunkBytes) {
      hash.update(await source.read(offset, Math.min(chunkBytes, source.size - offset)));
    }
    return hash.digest('hex') === checksum ? { watched, checksum } : undefined;
  } catch (cause) {
    // A file that can't be read counts as missing.
    if (cause instanceof CheckpointError || isSystemError(cause)) return undefined;
    throw cause;
  } finally {
    await source.close();
  }
}

/** Writes a temporary file next to `path` and renames it, so that `path` is never a partial file. */
async function write(path: string, layout: QuantizedLayout, data: AsyncIterable<Uint8Array>): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    const file = await createOutput(temporary);
    try {
      const hash = createHash('sha256');
      let offset = layout.dataOffset;
      for await (const bytes of data) {
        hash.update(bytes);
        await writeAt(file, bytes, offset);
        offset += bytes.length;
      }
      await writeAt(file, layout.header(hash.digest('hex')), 0);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}

async function writeAt(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, offset + written);
    written += bytesWritten;
  }
}

/** Problems that another folder may not have: a missing folder, no permission, a full disk. */
function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause;
}
