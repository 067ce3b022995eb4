import { rm, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { FileError } from '@hearken/core';
import { checkOutput, openOutput, openPlainFile, writing } from '@hearken/core/node';

/** The largest piece that is read at once. */
const pieceBytes = 2 ** 28;

/** A file of float32 rows, in the machine's byte order, that grows at its end. */
export class RowFile {
  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    private position: number,
  ) {}

  /**
   * Opens or creates the file, and truncates it after its first `values` values.
   *
   * @throws FileError if it cannot be written
   */
  static async open(path: string, values: number): Promise<RowFile> {
    return writing(path, async () => {
      await checkOutput(path);
      // A new file instead of a truncated old one: another process may be reading that.
      if (values === 0) await rm(path, { force: true });
      const file = await openOutput(path, values === 0 ? 'new' : 'existing');
      await file.truncate(values * 4);
      return new RowFile(path, file, values * 4);
    });
  }

  async append(values: Float32Array): Promise<void> {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    await writing(this.path, async () => {
      for (let offset = 0; offset < bytes.length;) {
        const { bytesWritten } = await this.file.write(bytes, offset, bytes.length - offset, this.position);
        offset += bytesWritten;
        this.position += bytesWritten;
      }
    });
  }

  /** Resolves when everything appended is on disk. */
  async sync(): Promise<void> {
    await writing(this.path, () => this.file.datasync());
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** CRC-32 of values in the machine's byte order; `before` is the checksum of the values before them. */
export function checksumOf(values: Float32Array, before = 0): number {
  return crc32(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), before);
}

/** Consecutive values in a row file, and their expected checksum. */
export interface RowChunk {
  readonly values: number;
  readonly checksum: number;
}

/** Size of the piece in memory while checksums are computed. */
const checkedBytes = 2 ** 22;

/** The number of chunks, from the start of the file, that are complete and have the right checksums. */
export async function soundChunkCount(path: string, chunks: readonly RowChunk[]): Promise<number> {
  const found = await openPlainFile(path).catch(() => undefined);
  if (found === undefined) return chunks.findIndex(({ values }) => values > 0) < 0 ? chunks.length : 0;
  const file = found.handle;
  try {
    const piece = new Uint8Array(checkedBytes);
    let position = 0;
    for (const [index, { values, checksum }] of chunks.entries()) {
      const end = position + values * 4;
      let sum = 0;
      while (position < end) {
        const { bytesRead } = await file.read(piece, 0, Math.min(checkedBytes, end - position), position);
        if (bytesRead === 0) return index;
        sum = crc32(piece.subarray(0, bytesRead), sum);
        position += bytesRead;
      }
      if (sum !== checksum) return index;
    }
    return chunks.length;
  } finally {
    await file.close();
  }
}

/**
 * The first `values` values of a row file, in shared memory, so that training threads need no copy.
 *
 * @throws FileError if there are fewer
 */
export async function readRows(path: string, values: number): Promise<Float32Array> {
  const buffer = new SharedArrayBuffer(values * 4);
  const bytes = new Uint8Array(buffer);
  const { handle: file } = await openPlainFile(path);
  try {
    for (let offset = 0; offset < bytes.length;) {
      const { bytesRead } = await file.read(bytes, offset, Math.min(pieceBytes, bytes.length - offset), offset);
      if (bytesRead === 0) {
        throw new FileError({
          asked: `${values} values of '${path}'`,
          found: `a file that ends after ${Math.floor(offset / 4)}`,
          fix: 'run again with --force',
        });
      }
      offset += bytesRead;
    }
  } finally {
    await file.close();
  }
  return new Float32Array(buffer);
}
