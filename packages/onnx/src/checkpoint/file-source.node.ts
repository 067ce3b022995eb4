import type { FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CheckpointError } from '@hearken/core';
import { openPlainFile, type PlainFile, type UnreadableFile } from '@hearken/core/node';
import { checkRange, unreadable, type ByteSource } from './byte-source.js';
import { type FileState, settledState } from './file-state.node.js';

/** A file on this computer. */
export interface FileSource extends ByteSource {
  /** The absolute path, for runtimes that memory-map the file themselves. */
  readonly path: string;
  /** What distinguishes it from any other file, and from itself after a change. */
  state(): Promise<FileState>;
}

/**
 * Opens a file for reading by byte ranges. Only the requested ranges are read.
 *
 * @param path - absolute, or relative to the working directory; errors show it as given.
 * @throws CheckpointError if it is missing, a folder, not a regular file, unreadable or empty.
 */
export async function openFileSource(path: string): Promise<FileSource> {
  const absolute = resolve(path);
  const { handle, size } = await openCheckpoint(path, absolute);
  return handleSource(handle, { name: path, path: absolute, size });
}

/** Reads an open file by byte ranges. */
export function handleSource(
  handle: FileHandle,
  { name, path, size }: Pick<FileSource, 'name' | 'path' | 'size'>,
): FileSource {
  return {
    name,
    path,
    size,
    async read(offset, length) {
      checkRange(name, size, offset, length);
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        let bytesRead: number;
        try {
          ({ bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled));
        } catch (cause) {
          throw unreadable(name, offset, length, cause instanceof Error ? cause.message : String(cause), cause);
        }
        if (bytesRead === 0) throw unreadable(name, offset, length, 'the file became shorter while it was being read');
        filled += bytesRead;
      }
      return bytes;
    },
    state: () => settledState(handle),
    close: () => handle.close(),
  };
}

async function openCheckpoint(path: string, absolute: string): Promise<PlainFile> {
  const file = await openPlainFile(absolute, { refuse: (why) => openFailure(path, why) });
  if (file.size > 0) return file;
  await file.handle.close();
  throw refused(path, 'the file is empty', 'download it again');
}

function openFailure(path: string, { reason, kind, found, fix, cause }: UnreadableFile): CheckpointError {
  if (kind === 'folder') {
    return refused(
      path,
      'is a folder',
      'pass the path of the checkpoint file inside it (.safetensors, .pt or .pth)',
      cause,
    );
  }
  if (reason === 'not-a-file') return refused(path, 'is not a regular file', 'pass a checkpoint file on disk', cause);
  if (reason === 'missing') {
    return refused(path, 'there is no such file', 'check the path, or download the checkpoint first', cause);
  }
  return refused(path, found, fix, cause);
}

function refused(path: string, found: string, fix: string, cause?: unknown): CheckpointError {
  return new CheckpointError({ asked: path, found, fix, cause });
}
