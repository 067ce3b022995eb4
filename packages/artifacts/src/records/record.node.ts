import { crc32 } from 'node:zlib';

/** Values and arrays under a key, as stored in one file. */
export interface ArtifactRecord {
  /** Numbers and text, as stored in JSON. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Float32 arrays by name. */
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

interface RecordHeader {
  readonly key: string;
  readonly values: ArtifactRecord['values'];
  /** Names and lengths of the arrays, in order. */
  readonly arrays: readonly (readonly [string, number])[];
}

/** Where the parts of an encoded record are, in bytes from its start. */
export interface RecordLayout {
  readonly key: string;
  readonly values: ArtifactRecord['values'];
  /** Start in bytes, a multiple of 4, and number of values of each array. */
  readonly arrays: ReadonlyMap<string, { readonly start: number; readonly length: number }>;
  /** Length of the whole record. */
  readonly bytes: number;
}

const magic = new TextEncoder().encode('HKJ2');
/** Bytes before the header: the magic and the header's length. */
export const recordPrefixBytes = 8;
/** Bytes after the arrays: the checksum. */
const suffixBytes = 4;

/**
 * `HKJ2`, the header's length (uint32, little-endian), the header as JSON padded to 4 bytes, the arrays, and the CRC-32
 * of everything before it (uint32, little-endian). Records may follow each other in one file.
 */
export function encodeRecord(key: string, { values, arrays }: ArtifactRecord): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(arrays);
  const header: RecordHeader = { key, values, arrays: entries.map(([name, array]) => [name, array.length]) };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = recordPrefixBytes + Math.ceil(json.length / 4) * 4;
  const end = start + 4 * entries.reduce((sum, [, array]) => sum + array.length, 0);
  const bytes = new Uint8Array(end + suffixBytes);
  bytes.fill(0x20, recordPrefixBytes, start);
  bytes.set(magic);
  new DataView(bytes.buffer).setUint32(4, start - recordPrefixBytes, true);
  bytes.set(json, recordPrefixBytes);
  let offset = start;
  for (const [, array] of entries) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += array.byteLength;
  }
  new DataView(bytes.buffer).setUint32(end, crc32(bytes.subarray(0, end)), true);
  return bytes;
}

/** The record in `bytes`; undefined if it is damaged or has another key. */
export function decodeRecord(bytes: Uint8Array, key: string): ArtifactRecord | undefined {
  const record = decodeRecordAt(bytes, 0, key);
  return record?.bytes === bytes.length ? { values: record.values, arrays: record.arrays } : undefined;
}

/**
 * The record that starts at a position, with its length in bytes; undefined if there is none, it is damaged, or has
 * another key.
 */
export function decodeRecordAt(
  bytes: Uint8Array,
  position: number,
  key: string,
): (ArtifactRecord & { readonly bytes: number }) | undefined {
  const rest = bytes.subarray(position);
  const layout = recordLayout(rest, rest.length);
  if (layout?.key !== key) return undefined;
  const contentEnd = layout.bytes - suffixBytes;
  const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
  if (crc32(rest.subarray(0, contentEnd)) !== view.getUint32(contentEnd, true)) return undefined;
  const arrays: Record<string, Float32Array> = {};
  for (const [name, { start, length }] of layout.arrays) {
    // Copied, because an array must start at a multiple of four in its buffer (and a Buffer's slice shares memory).
    arrays[name] = new Float32Array(length);
    new Uint8Array(arrays[name].buffer).set(rest.subarray(start, start + 4 * length));
  }
  return { values: layout.values, arrays, bytes: layout.bytes };
}

/** The length of a record's header in bytes; undefined if its prefix is not that of a record. */
export function headerLength(prefix: Uint8Array): number | undefined {
  if (prefix.length < recordPrefixBytes || magic.some((byte, index) => prefix[index] !== byte)) return undefined;
  return new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength).getUint32(4, true);
}

/**
 * Where the parts of a record are. Its checksum is not checked.
 *
 * @param start at least the prefix and the header
 * @param available bytes that there are from the record's start
 * @returns undefined if it is not a record, or longer than that
 */
export function recordLayout(start: Uint8Array, available: number): RecordLayout | undefined {
  const length = headerLength(start);
  if (length === undefined || recordPrefixBytes + length > start.length) return undefined;
  const header = parseHeader(start.subarray(recordPrefixBytes, recordPrefixBytes + length));
  if (header === undefined) return undefined;
  const arrays = new Map<string, { readonly start: number; readonly length: number }>();
  let offset = recordPrefixBytes + length;
  for (const [name, values] of header.arrays) {
    if (!Number.isSafeInteger(values) || values < 0) return undefined;
    arrays.set(name, { start: offset, length: values });
    offset += 4 * values;
    if (offset + suffixBytes > available) return undefined;
  }
  const bytes = offset + suffixBytes;
  return bytes > available ? undefined : { key: header.key, values: header.values, arrays, bytes };
}

function parseHeader(bytes: Uint8Array): RecordHeader | undefined {
  try {
    const header = JSON.parse(new TextDecoder().decode(bytes)) as RecordHeader;
    const isHeader =
      Array.isArray(header.arrays) &&
      header.arrays.every((entry) => Array.isArray(entry) && typeof entry[0] === 'string') &&
      typeof header.values === 'object' &&
      header.values !== null;
    return isHeader ? header : undefined;
  } catch {
    return undefined;
  }
}
