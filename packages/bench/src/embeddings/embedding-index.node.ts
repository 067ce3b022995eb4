import { crc32 } from 'node:zlib';
import { readPlainText, writeFileAtomic } from '@hearken/core/node';

/** Raise it when what the files hold changes: older ones are then computed anew. */
const schemaVersion = 2;
/** An index of ten million clips has a tenth of it. */
const maximumIndexBytes = 2 ** 29;

/** Clips that were put on the disk together. */
export interface CachedChunk {
  readonly clips: number;
  readonly rows: number;
  /** Seconds that they took. */
  readonly seconds: number;
  /** CRC-32 of their rows. */
  readonly checksum: number;
  /** Event tasks: CRC-32 of their timestamps; else 0. */
  readonly timestampsChecksum: number;
}

/** What is cached of one split, as its index file says. */
export interface SplitIndex {
  readonly kind: 'scene' | 'event';
  /** Values of a row. */
  readonly size: number;
  /** What is on the disk for certain. */
  readonly chunks: readonly CachedChunk[];
  /** Event tasks: rows of each clip. */
  readonly rowsPerClip: readonly number[];
}

/** Writes `<base>.json`: the index with a checksum of its own. */
export async function writeIndex(base: string, index: SplitIndex): Promise<void> {
  const content = JSON.stringify({ schemaVersion, ...index });
  await writeFileAtomic(`${base}.json`, `${JSON.stringify({ checksum: crc32(content), content })}\n`);
}

/** The index of the kind that is wanted, or nothing, and what was wrong where there is a damaged one. */
export async function readIndex(
  base: string,
  kind: SplitIndex['kind'],
  size: number,
): Promise<{ readonly index?: SplitIndex; readonly damage?: string }> {
  const path = `${base}.json`;
  const text = await readPlainText(path, { maximumBytes: maximumIndexBytes }).catch(() => undefined);
  if (text === undefined) return {};
  const damage = `'${path}' is damaged`;
  try {
    const { checksum, content } = JSON.parse(text) as { checksum?: number; content?: unknown };
    // An older version had no checksum.
    if (content === undefined) return {};
    if (typeof content !== 'string' || crc32(content) !== checksum) return { damage };
    const index = JSON.parse(content) as SplitIndex & { schemaVersion: number };
    const wanted = index.schemaVersion === schemaVersion && index.kind === kind && index.size === size;
    return wanted ? { index } : {};
  } catch {
    return { damage };
  }
}
