import { rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { readPlainText, writeFileAtomic } from '@hearken/core/node';

/** Raise this when the contents of the files change: older ones are then computed again. */
const schemaVersion = 2;
/** An index of ten million clips is a tenth of this. */
const maximumIndexBytes = 2 ** 29;

/** Clips that were written together. */
export interface CachedChunk {
  readonly clips: number;
  readonly rows: number;
  /** Seconds that computing them took. */
  readonly seconds: number;
  /** CRC-32 of their rows. */
  readonly checksum: number;
  /** Event tasks: CRC-32 of their timestamps; else 0. */
  readonly timestampsChecksum: number;
}

/** What is cached of one split, according to its index file. */
export interface SplitIndex {
  readonly kind: 'scene' | 'event';
  /** Values per row. */
  readonly size: number;
  /** What is certainly on disk. */
  readonly chunks: readonly CachedChunk[];
  /** Event tasks: rows of each clip. */
  readonly rowsPerClip: readonly number[];
}

/** Writes `<base>.json`: the index with its checksum. */
export async function writeIndex(base: string, index: SplitIndex): Promise<void> {
  const content = JSON.stringify({ schemaVersion, ...index });
  await writeFileAtomic(`${base}.json`, `${JSON.stringify({ checksum: crc32(content), content })}\n`);
}

/** The index if it is of the right kind, or nothing; says what is wrong with a damaged one. */
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
    // Older versions had no checksum.
    if (content === undefined) return {};
    if (typeof content !== 'string' || crc32(content) !== checksum) return { damage };
    const index = JSON.parse(content) as SplitIndex & { schemaVersion: number };
    const wanted = index.schemaVersion === schemaVersion && index.kind === kind && index.size === size;
    return wanted ? { index } : {};
  } catch {
    return { damage };
  }
}

/** Removes `<base>.json`, without which nothing counts as cached. */
export async function removeIndex(base: string): Promise<void> {
  await rm(`${base}.json`, { force: true });
}
