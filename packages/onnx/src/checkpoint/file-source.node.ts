import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CheckpointError } from '@hearken/core';
import { checkRange, unreadable, type ByteSource } from './byte-source.js';

/** A file on this computer. */
export interface FileSource extends ByteSource {
  /** The absolute path, for runtimes that map the file themselves. */
  readonly path: string;
}

/**
 * Opens a file for reading by byte ranges. Nothing but the ranges asked for is read.
 *
 * @param path - absolute, or relative to the working directory; errors show it as it was given.
 * @throws CheckpointError when it is missing, a folder, not a plain file, unreadable or empty.
 */
export async function openFileSource(path: string): Promise<FileSource> {
  const absolute = resolve(path);
  const { handle, size } = await openPlainFile(path, absolute);
  return {
    name: path,
    path: absolute,
    size,
    async read(offset, length) {
      checkRange(path, size, offset, length);
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        let bytesRead: number;
        try {
          ({ bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled));
        } catch (cause) {
          throw unreadable(path, offset, length, cause instanceof Error ? cause.message : String(cause), cause);
        }
        if (bytesRead === 0) throw unreadable(path, offset, length, 'the file became shorter while it was being read');
        filled += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}

async function openPlainFile(path: string, absolute: string): Promise<{ handle: FileHandle; size: number }> {
  let handle: FileHandle | undefined;
  try {
    // Looked at before it is opened: opening a named pipe would wait for a writer.
    const before = await stat(absolute);
    if (before.isDirectory()) {
      throw refused(path, 'is a folder', 'name the checkpoint file inside it (.safetensors, .pt or .pth)');
    }
    if (!before.isFile()) throw refused(path, 'is not a plain file', 'name a checkpoint file on disk');
    handle = await open(absolute, constants.O_RDONLY);
    const { size } = await handle.stat();
    if (size === 0) throw refused(path, 'the file is empty', 'download it again');
    return { handle, size };
  } catch (cause) {
    await handle?.close();
    if (cause instanceof CheckpointError) throw cause;
    throw openFailure(path, cause);
  }
}

function openFailure(path: string, cause: unknown): CheckpointError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return refused(path, 'there is no such file', 'check the path, or download the checkpoint first', cause);
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return refused(path, 'may not be read by this user', 'change its permissions', cause);
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return refused(path, `could not be opened (${message})`, 'check the path', cause);
}

function refused(path: string, found: string, fix: string, cause?: unknown): CheckpointError {
  return new CheckpointError({ asked: path, found, fix, cause });
}
