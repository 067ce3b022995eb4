import { closeSync, fstatSync, readSync } from 'node:fs';
import { FileError } from '@hearken/core';
import { openPlainFileSync } from '@hearken/core/node';
import type { EmbeddedSplit, StoredEmbeddings } from './embedded-split.js';

/** A file, identified independently of its name. */
interface FileIdentity {
  readonly device: number;
  readonly inode: number;
}

/**
 * Float32 rows that stay in their file: memory only holds those in use, and the system caches as much of the file as it
 * can. It is opened at the first read; a copy for another thread opens it again.
 */
export class StoredRows implements StoredEmbeddings {
  #descriptor: number | undefined;

  /** @param identity of the file when it was checked: another file with that name is refused */
  constructor(
    readonly path: string,
    readonly size: number,
    readonly identity: FileIdentity,
    /** Which of the file's rows these are, in ascending order; default: all. */
    readonly rows?: Uint32Array,
  ) {}

  /** @throws FileError if there is no such file */
  static of(path: string, size: number): StoredRows {
    const descriptor = opened(path);
    const rows = new StoredRows(path, size, identityOf(descriptor));
    rows.#descriptor = descriptor;
    return rows;
  }

  /** @throws FileError if the file was replaced or truncated by another process */
  read(start: number, count: number, into: Float32Array, offset: number): void {
    const { rows, size } = this;
    if (rows === undefined) return this.#readFile(start, count, into, offset);
    // Rows that are adjacent in the file are read together.
    for (let done = 0; done < count;) {
      let run = 1;
      while (done + run < count && rows[start + done + run] === rows[start + done] + run) run += 1;
      this.#readFile(rows[start + done], run, into, offset + done * size);
      done += run;
    }
  }

  /** Selects some of these rows, from the same file. */
  pick(rows: Uint32Array): StoredRows {
    const current = this.rows;
    const picked = new Uint32Array(new SharedArrayBuffer(rows.byteLength));
    rows.forEach((row, place) => (picked[place] = current === undefined ? row : current[row]));
    return new StoredRows(this.path, this.size, this.identity, picked);
  }

  #readFile(start: number, count: number, into: Float32Array, offset: number): void {
    const bytes = new Uint8Array(into.buffer, into.byteOffset + offset * 4, count * this.size * 4);
    const position = start * this.size * 4;
    const descriptor = this.#open();
    for (let done = 0; done < bytes.length;) {
      const found = readSync(descriptor, bytes, done, bytes.length - done, position + done);
      if (found === 0) throw replaced(this.path, `a file that ends after ${position + done} bytes`);
      done += found;
    }
  }

  /** Closes the file in this thread; reading opens it again. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #open(): number {
    if (this.#descriptor !== undefined) return this.#descriptor;
    const descriptor = opened(this.path);
    const { device, inode } = identityOf(descriptor);
    if (device !== this.identity.device || inode !== this.identity.inode) {
      closeSync(descriptor);
      throw replaced(this.path, 'another file with that name');
    }
    this.#descriptor = descriptor;
    return descriptor;
  }
}

/** Splits received from another thread, with their rows opened in this one. */
export function reopenedSplits(splits: ReadonlyMap<string, EmbeddedSplit>): Map<string, EmbeddedSplit> {
  return new Map(
    [...splits].map(([name, split]) => {
      if (split.stored === undefined) return [name, split];
      const { path, size, identity, rows } = split.stored as StoredRows;
      return [name, { ...split, stored: new StoredRows(path, size, identity, rows) }];
    }),
  );
}

function opened(path: string): number {
  return openPlainFileSync(path, { refuse: ({ found, cause }) => replaced(path, found, cause) });
}

function identityOf(descriptor: number): FileIdentity {
  const { dev, ino } = fstatSync(descriptor);
  return { device: dev, inode: ino };
}

function replaced(path: string, found: string, cause?: unknown): FileError {
  return new FileError({
    asked: `cached embeddings '${path}'`,
    found,
    fix: 'run again: another run has computed them again, or they were removed',
    cause,
  });
}
