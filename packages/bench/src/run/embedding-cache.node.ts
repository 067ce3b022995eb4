import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileBytes, readRows, RowFile } from './row-file.node.js';
import { writeFileAtomic } from './write-file.node.js';

/** Raise it when what the files hold changes: older ones are then computed anew. */
const schemaVersion = 1;
/** A killed run loses no more work than this. */
const commitMilliseconds = 1000;

/** What is cached of one split, as its index file says. */
export interface SplitIndex {
  readonly schemaVersion: number;
  readonly kind: 'scene' | 'event';
  /** Values of a row. */
  readonly size: number;
  /** Clips and rows whose embeddings are on the disk for certain. */
  readonly clips: number;
  readonly rows: number;
  /** Event tasks: rows of each of these clips. */
  readonly rowsPerClip: readonly number[];
  /** Seconds that these clips took, over all runs. */
  readonly seconds: number;
}

/** The embeddings of some more clips. */
export interface EmbeddedClips {
  /** Float32 `[rows, size]`. */
  readonly data: Float32Array;
  /** Rows of each clip. */
  readonly rowsPerClip: readonly number[];
  /** Event tasks: each row's window centre in ms. */
  readonly timestamps?: Float32Array;
  readonly seconds: number;
}

/**
 * The embeddings of one split on disk: rows in the order of its clips, appended batch by batch, and an index that says
 * how many of them count. The index is written after the rows, so a run that is killed at any moment loses at most
 * its last second, and goes on from there. Files: `<split>.json`, `<split>.rows.f32` and, for events, `<split>.ms.f32`.
 */
export class SplitCache {
  #rows: RowFile | undefined;
  #timestamps: RowFile | undefined;
  readonly #rowsPerClip: number[];
  #lastCommit = performance.now();

  private constructor(
    private readonly base: string,
    private index: Omit<SplitIndex, 'rowsPerClip'>,
    rowsPerClip: readonly number[],
  ) {
    this.#rowsPerClip = [...rowsPerClip];
  }

  /** Opens what there is; anything damaged or of another kind counts as nothing. */
  static async open(folder: string, split: string, kind: SplitIndex['kind'], size: number): Promise<SplitCache> {
    const base = join(folder, split);
    const empty = { schemaVersion, kind, size, clips: 0, rows: 0, rowsPerClip: [], seconds: 0 };
    const { rowsPerClip, ...index } = (await readIndex(base, empty)) ?? empty;
    return new SplitCache(base, index, rowsPerClip);
  }

  /** Clips whose embeddings are there. */
  get clips(): number {
    return this.index.clips;
  }

  get seconds(): number {
    return this.index.seconds;
  }

  get rowCount(): number {
    return this.index.rows;
  }

  get rowsPerClip(): readonly number[] {
    return this.#rowsPerClip;
  }

  /** Adds the embeddings of the next clips. */
  async append(embedded: EmbeddedClips): Promise<void> {
    const { index } = this;
    this.#rows ??= await RowFile.open(`${this.base}.rows.f32`, index.rows * index.size);
    await this.#rows.append(embedded.data);
    if (embedded.timestamps !== undefined) {
      this.#timestamps ??= await RowFile.open(`${this.base}.ms.f32`, index.rows);
      await this.#timestamps.append(embedded.timestamps);
    }
    if (index.kind === 'event') this.#rowsPerClip.push(...embedded.rowsPerClip);
    this.index = {
      ...index,
      clips: index.clips + embedded.rowsPerClip.length,
      rows: index.rows + embedded.data.length / index.size,
      seconds: index.seconds + embedded.seconds,
    };
    if (performance.now() - this.#lastCommit > commitMilliseconds) await this.#commit();
  }

  /** Makes what was appended count, and closes the files; without anything appended it does nothing. */
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

  /** All rows, `[rows, size]`. */
  readRows(): Promise<Float32Array> {
    return readRows(`${this.base}.rows.f32`, this.index.rows * this.index.size);
  }

  /** Event tasks: all rows' window centres in ms. */
  readTimestamps(): Promise<Float32Array> {
    return readRows(`${this.base}.ms.f32`, this.index.rows);
  }

  async #commit(): Promise<void> {
    await this.#rows?.sync();
    await this.#timestamps?.sync();
    await writeFileAtomic(
      `${this.base}.json`,
      `${JSON.stringify({ ...this.index, rowsPerClip: this.#rowsPerClip })}\n`,
    );
    this.#lastCommit = performance.now();
  }
}

async function readIndex(base: string, wanted: SplitIndex): Promise<SplitIndex | undefined> {
  let index: Partial<SplitIndex>;
  try {
    index = JSON.parse(await readFile(`${base}.json`, 'utf8')) as Partial<SplitIndex>;
  } catch {
    return undefined;
  }
  const { clips, rows, rowsPerClip, seconds } = index;
  const same = (['schemaVersion', 'kind', 'size'] as const).every((key) => index[key] === wanted[key]);
  if (!same || !isCount(clips) || !isCount(rows) || !Array.isArray(rowsPerClip) || typeof seconds !== 'number') {
    return undefined;
  }
  const whole =
    (await fileBytes(`${base}.rows.f32`)) >= rows * wanted.size * 4 &&
    (wanted.kind === 'scene' || (rowsPerClip.length === clips && (await fileBytes(`${base}.ms.f32`)) >= rows * 4));
  return whole ? (index as SplitIndex) : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
