import { joinValues } from '@hearken/core/internal';
import type { Artifacts } from '../store/artifacts.js';
import type { Shard } from './plan-shards.js';
import { PartFile } from './part-file.node.js';
import { encodeShard, type ShardKind, type ShardRows } from './shard-file.node.js';

/** A killed run loses at most this much work. */
const commitMilliseconds = 1000;

/**
 * Collects the embeddings of a shard's clips and stores the shard when it has all of them. What is finished after a
 * second or more is kept in a part file, from which any process can continue.
 */
export class ShardWriter {
  readonly #pieces: ShardRows[];
  /** Number of pieces that are in the part file. */
  #kept: number;
  #lastCommit = performance.now();

  private constructor(
    private readonly artifacts: Artifacts,
    /** The key under which it will be stored. */
    readonly key: string,
    /** Which clips it is of. */
    readonly shard: Shard,
    private readonly kind: ShardKind,
    private readonly part: PartFile,
    adopted: readonly ShardRows[],
  ) {
    this.#pieces = [...adopted];
    this.#kept = adopted.length;
  }

  /** Starts a shard, or continues what any process has finished of it. */
  static async open(artifacts: Artifacts, key: string, shard: Shard, kind: ShardKind): Promise<ShardWriter> {
    const { part, adopted } = await PartFile.adopt(artifacts.localPath(key), key, kind, shard.clips);
    return new ShardWriter(artifacts, key, shard, kind, part, adopted);
  }

  /** Number of finished clips. */
  get clips(): number {
    return this.#pieces.reduce((sum, { rowsPerClip }) => sum + rowsPerClip.length, 0);
  }

  /** Adds the embeddings of the next clips. Their arrays are copied. */
  async append({ rows, timestamps, rowsPerClip, seconds }: ShardRows): Promise<void> {
    this.#pieces.push({ rows: rows.slice(), timestamps: timestamps.slice(), rowsPerClip: [...rowsPerClip], seconds });
    // The last clips go into the shard itself.
    if (this.clips < this.shard.clips && performance.now() - this.#lastCommit > commitMilliseconds) await this.keep();
  }

  /** Keeps what is finished, so that any process can continue from there. */
  async keep(): Promise<void> {
    if (this.#kept === this.#pieces.length) return;
    const fresh = joined(this.#pieces.slice(this.#kept));
    await this.part.append(fresh, this.clips - fresh.rowsPerClip.length, () => joined(this.#pieces));
    this.#kept = this.#pieces.length;
    this.#lastCommit = performance.now();
  }

  /**
   * Stores the shard, which must have all of its clips.
   *
   * @param replace whether one that is there already is damaged
   * @returns whether it was stored; false if another process has stored it in the meantime
   */
  async finish(replace = false): Promise<boolean> {
    const content = encodeShard(this.key, this.kind, joined(this.#pieces));
    const isStored = await this.artifacts.write(this.key, content, { replace });
    await this.part.remove();
    return isStored;
  }
}

function joined(pieces: readonly ShardRows[]): ShardRows {
  if (pieces.length === 1) return pieces[0];
  return {
    rows: joinValues(pieces.map(({ rows }) => rows)),
    timestamps: joinValues(pieces.map(({ timestamps }) => timestamps)),
    rowsPerClip: pieces.flatMap(({ rowsPerClip }) => rowsPerClip),
    seconds: pieces.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}
