import { CheckpointError } from '@hearken/core';

/** A file of fixed size, read by byte ranges: an open file, a browser `Blob`, or bytes in memory. */
export interface ByteSource {
  /** A name of the file that the user recognises; every error about the file starts with it. */
  readonly name: string;
  /** The size in bytes. */
  readonly size: number;
  /**
   * Reads exactly `length` bytes, starting at byte `offset`.
   *
   * @throws CheckpointError if the range is not inside the file, or can't be read.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Closes the file. A closed source can't be read again. */
  close(): Promise<void>;
}

/**
 * The bytes of a `Blob` or `File`: what a file input or a fetched response gives in a browser. Nothing is read before
 * it is requested.
 *
 * @param name its name in errors
 */
export function blobSource(blob: Blob, name: string): ByteSource {
  return {
    name,
    size: blob.size,
    async read(offset, length) {
      checkRange(name, blob.size, offset, length);
      let bytes: Uint8Array;
      try {
        bytes = new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
      } catch (cause) {
        throw unreadable(name, offset, length, 'the browser could not read them', cause);
      }
      if (bytes.length !== length) throw unreadable(name, offset, length, `only ${bytes.length} were returned`);
      return bytes;
    },
    close: () => Promise.resolve(),
  };
}

/** Bytes that are already in memory. Reads return views of them, not copies. */
export function bufferSource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    // Async, so that a range outside the bytes rejects, as for every other source.
    // eslint-disable-next-line @typescript-eslint/require-await
    async read(offset, length) {
      checkRange(name, bytes.length, offset, length);
      return bytes.subarray(offset, offset + length);
    },
    close: () => Promise.resolve(),
  };
}

/**
 * Checks that a byte range is inside a file of `size` bytes, before memory of that length is allocated.
 *
 * @throws CheckpointError naming the file and the range.
 */
export function checkRange(name: string, size: number, offset: number, length: number): void {
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  if (whole && offset >= 0 && length >= 0 && length <= size - offset) return;
  throw new CheckpointError({
    asked: name,
    found: `bytes ${offset} to ${offset + length} were requested, but the file has ${size}`,
    fix: 'the file is truncated or damaged: download it again',
  });
}

/** The error for a range that is inside the file but could not be read. */
export function unreadable(
  name: string,
  offset: number,
  length: number,
  why: string,
  cause?: unknown,
): CheckpointError {
  return new CheckpointError({
    asked: name,
    found: `bytes ${offset} to ${offset + length} could not be read: ${why}`,
    fix: 'check that the file is still there, unchanged and readable, and open it again',
    cause,
  });
}
