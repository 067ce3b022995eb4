import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder, openOutput, readPlainFile, uniqueName, writing } from '@hearken/core/node';
import { decodeRecordAt, encodeRecord } from '../records/record.node.js';
import { retried } from '../store/file-artifacts.node.js';
import { type ShardKind, type ShardRows, shardValues } from './shard-file.node.js';

/** No part of a shard is larger. */
const maximumPartBytes = 2 ** 31;

/** Embeddings of the next clips of a shard, and the number of those before them. */
interface PartRows extends ShardRows {
  readonly first: number;
}

/**
 * The finished clips of an unfinished shard on disk: `<shard>.<process>-<random>.part`, records one after another. It
 * can be adopted by another process at any time, also while its writer is alive: adopting is a rename, which one process
 * wins, and a writer who finds its file gone or changed begins another one.
 */
export class PartFile {
  /** Undefined before something is written, and after another process has adopted it. */
  #path: string | undefined;
  #bytes = 0;

  private constructor(
    private readonly target: string,
    private readonly key: string,
    private readonly kind: ShardKind,
  ) {}

  /**
   * Adopts what other processes have finished of a shard, if anything.
   *
   * @param target path of the finished shard
   * @param clips number of clips of the finished shard
   * @returns also the adopted embeddings, in the order in which they were written
   */
  static async adopt(
    target: string,
    key: string,
    kind: ShardKind,
    clips: number,
  ): Promise<{ readonly part: PartFile; readonly adopted: readonly ShardRows[] }> {
    const part = new PartFile(target, key, kind);
    let best: { readonly path: string; readonly rows: readonly ShardRows[]; readonly bytes: number } | undefined;
    const others = await partsOf(target);
    for (const path of others) {
      const bytes = await readPlainFile(path, { maximumBytes: maximumPartBytes }).catch(() => undefined);
      const sound = bytes === undefined ? undefined : soundRows(bytes, key, kind, clips);
      if (sound !== undefined && sound.bytes > (best?.bytes ?? 0)) best = { path, ...sound };
    }
    const own = part.#newPath();
    const isOwn = best !== undefined && (await moved(best.path, own));
    for (const path of others) if (path !== best?.path) await removed(path);
    if (best === undefined) return { part, adopted: [] };
    // Where another process was faster, the rows are known all the same: they are written again with the next ones.
    if (isOwn) {
      part.#path = own;
      part.#bytes = best.bytes;
    }
    return { part, adopted: best.rows };
  }

  /**
   * Adds clips, and resolves when they are on disk.
   *
   * @param fresh those that are not in the file yet
   * @param first number of clips before them
   * @param all all finished clips, for a file that has to be begun again
   */
  async append(fresh: ShardRows, first: number, all: () => ShardRows): Promise<void> {
    if (this.#path !== undefined && (await this.#add(this.#path, { ...fresh, first }))) return;
    await retried(async () => {
      await makeFolder(dirname(this.target));
      this.#path = this.#newPath();
      this.#bytes = 0;
      await this.#add(this.#path, { ...all(), first: 0 }, 'new');
    });
  }

  /** Removes the file. */
  async remove(): Promise<void> {
    if (this.#path !== undefined) await removed(this.#path);
    this.#path = undefined;
  }

  /** @returns whether the file was still the same */
  async #add(path: string, rows: PartRows, how: 'new' | 'existing' = 'existing'): Promise<boolean> {
    return writing(path, async () => {
      const file = await openOutput(path, how).catch((cause: NodeJS.ErrnoException) => {
        if (how === 'existing' && cause.code === 'ENOENT') return undefined;
        throw cause;
      });
      if (file === undefined) return false;
      try {
        // A process that adopted it and was renamed over, or one that wrote when it was already adopted, changed it.
        const { size } = await file.stat();
        if (size < this.#bytes) return false;
        if (size > this.#bytes) await file.truncate(this.#bytes);
        const { first, rowsPerClip, seconds, timestamps } = rows;
        const { kind, size: values } = this.kind;
        const about = { kind, size: values, first, clips: rowsPerClip.length, seconds, rowsPerClip };
        const bytes = encodeRecord(this.key, { values: about, arrays: { rows: rows.rows, timestamps } });
        for (let done = 0; done < bytes.length;) {
          done += (await file.write(bytes, done, bytes.length - done, this.#bytes + done)).bytesWritten;
        }
        await file.datasync();
        this.#bytes += bytes.length;
        return true;
      } finally {
        await file.close();
      }
    });
  }

  #newPath(): string {
    return `${this.target}.${uniqueName()}.part`;
  }
}

/** The parts of a shard, of all processes. */
async function partsOf(target: string): Promise<string[]> {
  const folder = dirname(target);
  const names = await readdir(folder).catch(() => []);
  const start = `${basename(target)}.`;
  return names.filter((name) => name.startsWith(start) && name.endsWith('.part')).map((name) => join(folder, name));
}

/** Removes a file if that is possible: in a shared folder it may belong to somebody else. */
async function removed(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}

async function moved(from: string, to: string): Promise<boolean> {
  return rename(from, to).then(
    () => true,
    () => false,
  );
}

/** The clips from the start of a part that are sound, and the bytes that they take. */
function soundRows(
  bytes: Uint8Array,
  key: string,
  kind: ShardKind,
  clips: number,
): { readonly rows: readonly ShardRows[]; readonly bytes: number } {
  const rows: ShardRows[] = [];
  let position = 0;
  let next = 0;
  while (position < bytes.length) {
    const record = decodeRecordAt(bytes, position, key);
    const count = Number(record?.values.clips);
    if (record?.values.first !== next || !(count > 0 && next + count <= clips)) break;
    const about = shardValues(record.values, { ...kind, clips: count });
    const { rows: values, timestamps } = record.arrays;
    const total = about?.rowsPerClip.reduce((sum, clipRows) => sum + clipRows, 0);
    if (about === undefined || values?.length !== total! * kind.size) break;
    if (timestamps?.length !== (kind.hasTimestamps ? total : 0)) break;
    rows.push({ ...about, rows: values, timestamps });
    next += count;
    position += record.bytes;
  }
  return { rows, bytes: position };
}

/** Removes the parts of shards that are finished. */
export async function removeFinishedParts(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const finished = new Set(names.filter((name) => name.endsWith('.shard')));
  for (const name of names) {
    const shard = /^(.*\.shard)\.[^/]*\.part$/.exec(name)?.[1];
    if (shard !== undefined && finished.has(shard)) await removed(join(folder, name));
  }
}
