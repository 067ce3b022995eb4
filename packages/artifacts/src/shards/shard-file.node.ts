import { crc32 } from 'node:zlib';
import { openPlainFile } from '@hearken/core/node';
import { encodeRecord, headerLength, recordLayout, recordPrefixBytes } from '../records/record.node.js';
import { pieceOf } from './file-piece.node.js';

/** Raise this when the contents of shards change: it is part of what their keys are made of. */
export const shardFormat = 1;

/** What the rows of a shard are. */
export interface ShardKind {
  /** What the rows are called; shards of another kind are not mistaken for these. */
  readonly kind: string;
  /** Whether a clip has a row for each of its timestamps, instead of a single row. */
  readonly hasTimestamps: boolean;
  /** Values per row. */
  readonly size: number;
}

/** The embeddings of some consecutive clips. */
export interface ShardRows {
  /** Float32 `[rows, size]`. */
  readonly rows: Float32Array;
  /** Rows of each clip. */
  readonly rowsPerClip: readonly number[];
  /** Each row's window centre in ms, if there are timestamps; else empty. */
  readonly timestamps: Float32Array;
  /** Seconds that computing them took. */
  readonly seconds: number;
}

/** What a shard's file says of itself, and where its rows are. */
export interface StoredShard {
  /** Its file. */
  readonly path: string;
  /** The device of the file, which with `inode` identifies it independently of its name. */
  readonly device: number;
  /** The file's number on its device: another file with the same name has other rows. */
  readonly inode: number;
  /** Position of the first row in bytes. */
  readonly start: number;
  /** Number of rows. */
  readonly rows: number;
  /** Rows of each clip. */
  readonly rowsPerClip: readonly number[];
  /** Seconds that computing them took. */
  readonly seconds: number;
  /** Each row's window centre in ms, if there are timestamps; else empty. */
  readonly timestamps: Float32Array;
}

/** A shard as a file: a record, see `encodeRecord`. */
export function encodeShard(
  key: string,
  { kind, hasTimestamps, size }: ShardKind,
  content: ShardRows,
): Uint8Array<ArrayBuffer> {
  const { rows, rowsPerClip, timestamps, seconds } = content;
  // A single row for each clip need not be listed.
  const perClip = hasTimestamps ? { rowsPerClip } : {};
  const values = { kind, size, clips: rowsPerClip.length, seconds, ...perClip };
  return encodeRecord(key, { values, arrays: { rows, timestamps } });
}

/** The header of a shard with its clips takes less. */
const maximumHeaderBytes = 2 ** 22;
/** Size of the piece in memory while the checksum is computed. */
const checkedBytes = 2 ** 22;

/**
 * Opens a shard and checks all of it.
 *
 * @param expected number of clips, and what their rows are
 * @returns undefined if it is damaged, or another one
 */
export async function openShard(
  path: string,
  key: string,
  expected: ShardKind & { readonly clips: number },
): Promise<StoredShard | undefined> {
  const found = await openPlainFile(path).catch(() => undefined);
  if (found === undefined) return undefined;
  const { handle, size: fileBytes } = found;
  try {
    const prefix = await pieceOf(handle, 0, recordPrefixBytes);
    const header = headerLength(prefix);
    if (header === undefined || header > maximumHeaderBytes) return undefined;
    const layout = recordLayout(await pieceOf(handle, 0, recordPrefixBytes + header), fileBytes);
    if (layout?.key !== key || layout.bytes !== fileBytes) return undefined;
    const rows = layout.arrays.get('rows');
    const times = layout.arrays.get('timestamps');
    const about = shardValues(layout.values, expected);
    if (rows === undefined || times === undefined || about === undefined) return undefined;
    const count = about.rowsPerClip.reduce((sum, clipRows) => sum + clipRows, 0);
    if (rows.length !== count * expected.size) return undefined;
    if (times.length !== (expected.hasTimestamps ? count : 0)) return undefined;
    let sum = 0;
    for (let position = 0; position < fileBytes - 4; position += checkedBytes) {
      sum = crc32(await pieceOf(handle, position, Math.min(checkedBytes, fileBytes - 4 - position)), sum);
    }
    const stored = await pieceOf(handle, fileBytes - 4, 4);
    if (new DataView(stored.buffer).getUint32(0, true) !== sum) return undefined;
    const timestamps = new Float32Array((await pieceOf(handle, times.start, 4 * times.length)).buffer);
    const { dev, ino } = await handle.stat();
    return { path, device: dev, inode: ino, start: rows.start, rows: count, ...about, timestamps };
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}

/** What a shard says of its clips, if that is what is expected. */
export function shardValues(
  values: Readonly<Record<string, unknown>>,
  expected: ShardKind & { readonly clips: number },
): Pick<StoredShard, 'rowsPerClip' | 'seconds'> | undefined {
  const { kind, size, clips, seconds, rowsPerClip } = values;
  if (kind !== expected.kind || size !== expected.size || clips !== expected.clips) return undefined;
  if (typeof seconds !== 'number' || !(seconds >= 0)) return undefined;
  if (!expected.hasTimestamps) return { rowsPerClip: new Array<number>(expected.clips).fill(1), seconds };
  if (!Array.isArray(rowsPerClip) || rowsPerClip.length !== clips) return undefined;
  const counts = rowsPerClip as unknown[];
  return counts.every((rows): rows is number => Number.isSafeInteger(rows) && (rows as number) >= 0)
    ? { rowsPerClip: counts, seconds }
    : undefined;
}
