import { join } from 'node:path';
import { pathPart } from '@hearken/results/internal';
import type { EmbeddedRows } from './pooling.js';
import { readIndex, removeIndex, writeIndex, type CachedChunk, type SplitIndex } from './embedding-index.node.js';
import { StoredRows } from './stored-rows.node.js';
import { checksumOf, readRows, RowFile, soundChunkCount } from '../files/row-file.node.js';

/** A killed run loses at most this much work. */
const commitMilliseconds = 1000;

const emptyChunk: CachedChunk = { clips: 0, rows: 0, seconds: 0, checksum: 0, timestampsChecksum: 0 };

/** The embeddings of some more clips, and the time they took. */
export interface EmbeddedClips extends EmbeddedRows {
  readonly seconds: number;
}

/**
 * The embeddings of one split on disk: rows in the order of its clips, appended batch by batch, and an index with the
 * number of valid rows and their checksums. The index is written after the rows, so a run that is killed at any moment
 * loses at most its last second and continues from there; rows with wrong checksums, and everything after them, are
 * computed again. Files: `<split>.json`, `<split>.rows.f32` and, for events, `<split>.ms.f32`.
 */
export class SplitCache {
  #rows: RowFile | undefined;
  #timestamps: RowFile | undefined;
  readonly #chunks: CachedChunk[];
  readonly #rowsPerClip: number[];
  /** What was appended since the last chunk. */
  #pending: CachedChunk = emptyChunk;
  #lastCommit = performance.now();

  private constructor(
    private readonly base: string,
    private readonly kind: SplitIndex['kind'],
    private readonly size: number,
    index: SplitIndex | undefined,
    /** What is wrong with the files, as a note for the user. */
    readonly damage: string | undefined,
  ) {
    this.#chunks = [...(index?.chunks ?? [])];
    this.#rowsPerClip = [...(index?.rowsPerClip ?? [])];
  }

  /** Opens existing files; damaged ones and other kinds count as missing. */
  static async open(folder: string, split: string, kind: SplitIndex['kind'], size: number): Promise<SplitCache> {
    const base = baseOf(folder, split);
    const { index, damage } = await readIndex(base, kind, size);
    if (index === undefined) return new SplitCache(base, kind, size, undefined, damage);
    const sound = await soundChunks(base, index);
    if (sound === index.chunks.length) return new SplitCache(base, kind, size, index, undefined);
    const chunks = index.chunks.slice(0, sound);
    const clips = chunks.reduce((sum, chunk) => sum + chunk.clips, 0);
    const rest = { ...index, chunks, rowsPerClip: index.rowsPerClip.slice(0, clips) };
    return new SplitCache(base, kind, size, rest, `'${rowsPath(base)}' is damaged after ${clips} clips`);
  }

  /** Discards existing data. */
  static async discard(folder: string, split: string): Promise<void> {
    await removeIndex(baseOf(folder, split));
  }

  /** Number of clips whose embeddings are cached. */
  get clips(): number {
    return this.#sum('clips');
  }

  /** Seconds that they took, over all runs. */
  get seconds(): number {
    return this.#sum('seconds');
  }

  get rowCount(): number {
    return this.#sum('rows');
  }

  /** Event tasks: rows of each clip. */
  get rowsPerClip(): readonly number[] {
    return this.#rowsPerClip;
  }

  /** Adds the embeddings of the next clips. */
  async append(embedded: EmbeddedClips): Promise<void> {
    const { base, size, kind } = this;
    this.#rows ??= await RowFile.open(rowsPath(base), this.rowCount * size);
    if (kind === 'event') this.#timestamps ??= await RowFile.open(timestampsPath(base), this.rowCount);
    await this.#rows.append(embedded.data);
    await this.#timestamps?.append(embedded.timestamps ?? new Float32Array());
    if (kind === 'event') for (const rows of embedded.rowsPerClip) this.#rowsPerClip.push(rows);
    const { clips, rows, seconds, checksum, timestampsChecksum } = this.#pending;
    this.#pending = {
      clips: clips + embedded.rowsPerClip.length,
      rows: rows + embedded.data.length / size,
      seconds: seconds + embedded.seconds,
      checksum: checksumOf(embedded.data, checksum),
      timestampsChecksum: checksumOf(embedded.timestamps ?? new Float32Array(), timestampsChecksum),
    };
    if (performance.now() - this.#lastCommit > commitMilliseconds) await this.#commit();
  }

  /** Makes appended data valid, and closes the files; does nothing if nothing was appended. */
  async close(): Promise<void> {
    if (this.#rows === undefined) return;
    try {
      await this.#commit();
    } finally {
      await this.#rows.close();
      await this.#timestamps?.close();
      this.#rows = undefined;
      this.#timestamps = undefined;
    }
  }

  /** Size of all rows in bytes. */
  get bytes(): number {
    return this.rowCount * this.size * 4;
  }

  /** All rows, to be read from their file. */
  storedRows(): StoredRows {
    return StoredRows.of(rowsPath(this.base), this.size);
  }

  /** All rows, `[rows, size]`. */
  readRows(): Promise<Float32Array> {
    return readRows(rowsPath(this.base), this.rowCount * this.size);
  }

  /** Event tasks: all rows' window centres in ms. */
  readTimestamps(): Promise<Float32Array> {
    return readRows(timestampsPath(this.base), this.rowCount);
  }

  async #commit(): Promise<void> {
    // A batch that failed halfway, for example on a full disk, is in the files but not in the chunk.
    if (this.#pending.clips === 0) return;
    await this.#rows?.sync();
    await this.#timestamps?.sync();
    this.#chunks.push(this.#pending);
    this.#pending = emptyChunk;
    const { base, kind, size } = this;
    await writeIndex(base, { kind, size, chunks: this.#chunks, rowsPerClip: this.#rowsPerClip });
    this.#lastCommit = performance.now();
  }

  #sum(key: 'clips' | 'rows' | 'seconds'): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk[key], this.#pending[key]);
  }
}

/** Path of a split's files without their endings; the name of a split may contain anything. */
function baseOf(folder: string, split: string): string {
  return join(folder, pathPart(split));
}

const rowsPath = (base: string) => `${base}.rows.f32`;
const timestampsPath = (base: string) => `${base}.ms.f32`;

/** The number of chunks, from the first one on, that have the right checksums. */
async function soundChunks(base: string, { kind, size, chunks }: SplitIndex): Promise<number> {
  const rows = chunks.map((chunk) => ({ values: chunk.rows * size, checksum: chunk.checksum }));
  const sound = await soundChunkCount(rowsPath(base), rows);
  if (kind === 'scene') return sound;
  const timestamps = chunks.map((chunk) => ({ values: chunk.rows, checksum: chunk.timestampsChecksum }));
  return Math.min(sound, await soundChunkCount(timestampsPath(base), timestamps));
}
