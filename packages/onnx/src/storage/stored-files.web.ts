import { FileError } from '@hearken/core';

/** A file in the browser's persistent storage. */
export interface StoredFile {
  /** Its key: what {@link deleteStoredFile} takes. */
  readonly key: string;
  /** Stored bytes, whether or not the file is complete. */
  readonly bytes: number;
  /** Where it came from: a URL, or the name of the file it was made from. */
  readonly source: string;
  /** SHA-256 in hexadecimal; null until it is complete. */
  readonly sha256: string | null;
}

/** The note stored with a file. */
export type StoredFileNote = Omit<StoredFile, 'key' | 'bytes'> & {
  /** Identifies the server's version of the file. */
  readonly version?: string | null;
};

const folderName = 'hearken';
const noteSuffix = '.json';

/** The folder of stored files; undefined if the browser has no such storage (as in some private windows). */
export async function storageFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(folderName, { create: true });
  } catch {
    return undefined;
  }
}

/** All stored files, including partial downloads. */
export async function listStoredFiles(): Promise<StoredFile[]> {
  const folder = await storageFolder();
  if (folder === undefined) return [];
  const found: StoredFile[] = [];
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind !== 'file' || name.endsWith(noteSuffix)) continue;
    const { size } = await handle.getFile();
    const note = await readNote(folder, name);
    found.push({ key: name, bytes: size, source: note?.source ?? 'unknown', sha256: note?.sha256 ?? null });
  }
  return found.sort((left, right) => left.key.localeCompare(right.key));
}

/** Deletes a stored file; a missing one is not an error. */
export async function deleteStoredFile(key: string): Promise<void> {
  const folder = await storageFolder();
  for (const name of [key, key + noteSuffix]) await folder?.removeEntry(name).catch(() => undefined);
}

/** The note of a stored file; undefined if there is no readable one. */
export async function readNote(folder: FileSystemDirectoryHandle, key: string): Promise<StoredFileNote | undefined> {
  try {
    const handle = await folder.getFileHandle(key + noteSuffix);
    return JSON.parse(await (await handle.getFile()).text()) as StoredFileNote;
  } catch {
    return undefined;
  }
}

/**
 * Stores a note with a file.
 *
 * @throws FileError if the browser's quota is exceeded
 */
export async function writeNote(folder: FileSystemDirectoryHandle, key: string, note: StoredFileNote): Promise<void> {
  try {
    const handle = await folder.getFileHandle(key + noteSuffix, { create: true });
    const writable = await handle.createWritable();
    await writable.write(JSON.stringify(note));
    await writable.close();
  } catch (cause) {
    if (isQuotaError(cause)) throw quotaError(cause);
    throw cause;
  }
}

/** A file that can be written at a position, so that what is written stays when the page is closed. */
export interface StoredWriter {
  /** Size in bytes when it was opened. */
  readonly size: number;
  /**
   * Writes bytes at a position.
   *
   * @throws FileError if the browser's quota is exceeded
   */
  write(bytes: Uint8Array, at: number): void;
  /** Truncates the file, or extends it with zeros. */
  truncate(size: number): void;
  /** Closes the file: until then no other tab can write it. */
  close(): void;
}

/** Only in a worker: the browser's synchronous access, which other threads don't have. */
interface SyncAccess {
  getSize(): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/**
 * Opens a file for writing; undefined on threads that can only write whole files.
 *
 * @throws FileError if another tab or worker is writing it
 */
export async function openStoredWriter(handle: FileSystemFileHandle): Promise<StoredWriter | undefined> {
  const open = (handle as { createSyncAccessHandle?: () => Promise<SyncAccess> }).createSyncAccessHandle;
  if (typeof open !== 'function') return undefined;
  let access: SyncAccess;
  try {
    access = await open.call(handle);
  } catch (cause) {
    throw new FileError({
      asked: `storing ${handle.name}`,
      found: 'another tab or worker is writing it',
      fix: 'wait for it, or close that tab',
      cause,
    });
  }
  return {
    size: access.getSize(),
    write(bytes, at) {
      let written = 0;
      while (written < bytes.length) {
        const count = guardQuota(() => access.write(bytes.subarray(written), { at: at + written }));
        if (count === 0) throw quotaError();
        written += count;
      }
    },
    truncate: (size) => {
      access.truncate(size);
    },
    close() {
      access.flush();
      access.close();
    },
  };
}

function guardQuota<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (cause) {
    if (isQuotaError(cause)) throw quotaError(cause);
    throw cause;
  }
}

/** Whether the browser refused to write because its quota is exceeded. */
export function isQuotaError(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'QuotaExceededError';
}

/** The error that says so to the user. */
export function quotaError(cause?: unknown): FileError {
  return new FileError({
    asked: "keeping a file in the browser's storage",
    found: 'no space left: the quota is exceeded',
    fix: 'delete stored models, or free disk space; files dropped on the page need no storage',
    cause,
  });
}
