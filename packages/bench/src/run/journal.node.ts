import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { readPlainFile, writeFileAtomic } from '@hearken/core/node';
import type { Journal, JournalRecord } from '../evaluation/evaluation.js';
import { hashIdentity } from '@hearken/results/internal/node';
import { pathPart } from '@hearken/results/internal';
import type { RunIdentity } from '@hearken/results/node';

/** Far above the size of any probe's weights. */
const maximumRecordBytes = 2 ** 31;

const magic = new TextEncoder().encode('HKJ2');

/** A journal on disk, which is removed when its run's result has been written. */
export interface DiskJournal extends Journal {
  /** Removes all its records. */
  remove(): Promise<void>;
  /** A file that runs with the same identity lock; it is kept when the records are removed. */
  readonly lockFile: string;
}

/**
 * Opens the journal of a run, with everything that earlier, interrupted runs with the same identity finished. Each
 * record is one file, written atomically and with a checksum; damaged ones count as missing.
 *
 * @param folder where all journals are
 * @param identity the run: model, task content and evaluation options
 * @param onDamage called with the path of each unusable record
 */
export function openJournal(folder: string, identity: RunIdentity, onDamage?: (path: string) => void): DiskJournal {
  const runFolder = join(folder, `${pathPart(identity.task.id)}-${hashIdentity(identity).slice(0, 20)}`);
  const path = (key: string) => join(runFolder, `${hashIdentity(key).slice(0, 20)}.record`);
  return {
    lockFile: `${runFolder}.lock`,
    async read(key) {
      const bytes = await readPlainFile(path(key), { maximumBytes: maximumRecordBytes }).catch(() => undefined);
      if (bytes === undefined) return undefined;
      const record = decodeRecord(bytes, key);
      if (record === undefined) onDamage?.(path(key));
      return record;
    },
    async write(key, record) {
      await writeFileAtomic(path(key), encodeRecord(key, record));
    },
    async remove() {
      await rm(runFolder, { recursive: true, force: true });
    },
  };
}

interface RecordHeader {
  readonly key: string;
  readonly values: JournalRecord['values'];
  /** Names and lengths of the arrays, in order. */
  readonly arrays: readonly (readonly [string, number])[];
}

/**
 * `HKJ2`, the header's length (uint32, little-endian), the header as JSON padded to 4 bytes, the arrays, and the CRC-32
 * of everything before it (uint32, little-endian).
 */
export function encodeRecord(key: string, { values, arrays }: JournalRecord): Uint8Array {
  const entries = Object.entries(arrays);
  const header: RecordHeader = { key, values, arrays: entries.map(([name, array]) => [name, array.length]) };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + Math.ceil(json.length / 4) * 4;
  const end = start + 4 * entries.reduce((sum, [, array]) => sum + array.length, 0);
  const bytes = new Uint8Array(end + 4);
  bytes.fill(0x20, 8, start);
  bytes.set(magic);
  new DataView(bytes.buffer).setUint32(4, start - 8, true);
  bytes.set(json, 8);
  let offset = start;
  for (const [, array] of entries) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += array.byteLength;
  }
  new DataView(bytes.buffer).setUint32(end, crc32(bytes.subarray(0, end)), true);
  return bytes;
}

/** The record in `bytes`; undefined if it is damaged or has another key. */
export function decodeRecord(bytes: Uint8Array, key: string): JournalRecord | undefined {
  if (bytes.length < 12 || magic.some((byte, index) => bytes[index] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const contentEnd = bytes.length - 4;
  if (crc32(bytes.subarray(0, contentEnd)) !== view.getUint32(contentEnd, true)) return undefined;
  const start = 8 + view.getUint32(4, true);
  if (start > contentEnd) return undefined;
  const header = parseHeader(bytes.subarray(8, start));
  if (header?.key !== key) return undefined;
  const arrays: Record<string, Float32Array> = {};
  let offset = start;
  for (const [name, length] of header.arrays) {
    const end = offset + 4 * length;
    if (!Number.isSafeInteger(length) || length < 0 || end > contentEnd) return undefined;
    // Copied, because an array must start at a multiple of four in its buffer (and a Buffer's slice shares memory).
    arrays[name] = new Float32Array(length);
    new Uint8Array(arrays[name].buffer).set(bytes.subarray(offset, end));
    offset = end;
  }
  return offset === contentEnd ? { values: header.values, arrays } : undefined;
}

function parseHeader(bytes: Uint8Array): RecordHeader | undefined {
  try {
    const header = JSON.parse(new TextDecoder().decode(bytes)) as RecordHeader;
    return Array.isArray(header.arrays) && typeof header.values === 'object' ? header : undefined;
  } catch {
    return undefined;
  }
}
