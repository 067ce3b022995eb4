import { closeSync, fstatSync, readSync } from 'node:fs';
import { FileError } from '@hearken/core';
import { openPlainFile, openPlainFileSync } from '@hearken/core/node';
import { readPiece } from './file-piece.node.js';
import type { StoredShard } from './shard-file.node.js';

/** Where the rows of one shard are. */
export type RowSegment = Pick<StoredShard, 'path' | 'device' | 'inode' | 'start' | 'rows'>;

/** Files that one list of rows keeps open; a process may have few hundreds. */
const maximumOpenFiles = 32;

/**
 * Float32 rows that stay in the files of their shards, one after another: memory only holds those in use, and the system
 * caches as much of the files as it can. A file is opened when it is first read; a copy of the list for another thread
 * opens it again.
 */
export class StoredRows {
  /** Open files by segment, in the order of their last use. */
  readonly #open = new Map<number, number>();
  /** The first row of each segment. */
  readonly #firsts: number[] = [];

  /**
   * @param segments in order
   * @param size values per row
   * @param rows which of all rows these are, in ascending order; default: all
   */
  constructor(
    readonly segments: readonly RowSegment[],
    readonly size: number,
    readonly rows?: Uint32Array,
  ) {
    let first = 0;
    for (const segment of segments) {
      this.#firsts.push(first);
      first += segment.rows;
    }
  }

  /** The same rows, as received from another thread as plain data. */
  static reopened({ segments, size, rows }: Pick<StoredRows, 'segments' | 'size' | 'rows'>): StoredRows {
    return new StoredRows(segments, size, rows);
  }

  /**
   * Copies `count` rows, starting at row `start`, to `into`, starting at its value `offset`.
   *
   * @throws FileError if a file was replaced or truncated by another process
   */
  read(start: number, count: number, into: Float32Array, offset: number): void {
    const { rows, size } = this;
    if (rows === undefined) return this.#readRows(start, count, into, offset);
    // Rows that are adjacent in the files are read together.
    for (let done = 0; done < count;) {
      let run = 1;
      while (done + run < count && rows[start + done + run] === rows[start + done] + run) run += 1;
      this.#readRows(rows[start + done], run, into, offset + done * size);
      done += run;
    }
  }

  /** Opens the first files now: what another run does to their names no longer matters then. */
  open(): void {
    const count = Math.min(this.segments.length, maximumOpenFiles);
    for (let index = 0; index < count; index += 1) this.#descriptor(index);
  }

  /** Selects some of these rows, from the same files. */
  pick(rows: Uint32Array): StoredRows {
    const current = this.rows;
    const picked = new Uint32Array(new SharedArrayBuffer(rows.byteLength));
    rows.forEach((row, place) => (picked[place] = current === undefined ? row : current[row]));
    return new StoredRows(this.segments, this.size, picked);
  }

  /** Closes the files in this thread; reading opens them again. */
  close(): void {
    for (const descriptor of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
  }

  #readRows(start: number, count: number, into: Float32Array, offset: number): void {
    let index = this.#segmentOf(start);
    for (let done = 0; done < count; index += 1) {
      const inSegment = start + done - this.#firsts[index];
      const run = Math.min(count - done, this.segments[index].rows - inSegment);
      if (run > 0) this.#readSegment(index, inSegment, run, into, offset + done * this.size);
      done += run;
    }
  }

  /** The last segment that begins at a row or before it. */
  #segmentOf(row: number): number {
    let low = 0;
    let high = this.#firsts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#firsts[middle] <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #readSegment(index: number, row: number, count: number, into: Float32Array, offset: number): void {
    const segment = this.segments[index];
    const bytes = new Uint8Array(into.buffer, into.byteOffset + offset * 4, count * this.size * 4);
    const position = segment.start + row * this.size * 4;
    const descriptor = this.#descriptor(index);
    for (let done = 0; done < bytes.length;) {
      const found = readSync(descriptor, bytes, done, bytes.length - done, position + done);
      if (found === 0) throw replaced(segment.path, `a file that ends after ${position + done} bytes`);
      done += found;
    }
  }

  #descriptor(index: number): number {
    const open = this.#open.get(index);
    this.#open.delete(index);
    const descriptor = open ?? openSegment(this.segments[index]);
    this.#open.set(index, descriptor);
    const [oldest] = this.#open.keys();
    if (this.#open.size > maximumOpenFiles) {
      closeSync(this.#open.get(oldest)!);
      this.#open.delete(oldest);
    }
    return descriptor;
  }
}

function openSegment({ path, device, inode }: RowSegment): number {
  const descriptor = openPlainFileSync(path, { refuse: ({ found, cause }) => replaced(path, found, cause) });
  const { dev, ino } = fstatSync(descriptor);
  if (dev === device && ino === inode) return descriptor;
  closeSync(descriptor);
  throw replaced(path, 'another file with that name');
}

/**
 * All rows of some shards, `[rows, size]`, in shared memory, so that training threads need no copies.
 *
 * @throws FileError if a file was replaced or truncated by another process
 */
export async function readAllRows(segments: readonly RowSegment[], size: number): Promise<Float32Array> {
  const total = segments.reduce((sum, { rows }) => sum + rows, 0);
  const all = new Float32Array(new SharedArrayBuffer(total * size * 4));
  let offset = 0;
  for (const { path, device, inode, start, rows } of segments) {
    const { handle } = await openPlainFile(path, { refuse: ({ found, cause }) => replaced(path, found, cause) });
    try {
      const { dev, ino } = await handle.stat();
      if (dev !== device || ino !== inode) throw replaced(path, 'another file with that name');
      await readPiece(handle, start, new Uint8Array(all.buffer, offset * 4, rows * size * 4)).catch((cause: Error) => {
        throw replaced(path, cause.message, cause);
      });
    } finally {
      await handle.close();
    }
    offset += rows * size;
  }
  return all;
}

function replaced(path: string, found: string, cause?: unknown): FileError {
  return new FileError({
    asked: `cached embeddings '${path}'`,
    found,
    fix: 'run again: another run has computed them again, or they were removed',
    cause,
  });
}
