import { CheckpointError } from '@hearken/core';
import type { ByteSource } from './byte-source.js';
import type { DirectoryEntry, ZipEntry } from './zip-entry.js';

// The fields of a local file header: APPNOTE.TXT 6.3.10, section 4.3.7.
const HEADER_LENGTH = 30;
const SIGNATURE = 0x04034b50;
const FLAGS_AT = 6;
const METHOD_AT = 8;
const COMPRESSED_SIZE_AT = 18;
const SIZE_AT = 22;
const NAME_LENGTH_AT = 26;
const EXTRA_LENGTH_AT = 28;

const ENCRYPTED_FLAG = 1;
const DATA_DESCRIPTOR_FLAG = 8;
/** The 32-bit size that refers to the zip64 extra field. */
const SEE_ZIP64 = 0xffffffff;

/** How many headers to read at a time: enough to hide the latency of a read, few enough to keep memory small. */
const READS_AT_ONCE = 64;

/**
 * Reads each entry's local header, checks that it agrees with the directory, and returns where its data begins. The
 * result has the order of `entries`.
 *
 * @throws CheckpointError for a header that is missing or disagrees, and for data that extends beyond the file.
 */
export async function readLocalHeaders(source: ByteSource, entries: readonly DirectoryEntry[]): Promise<ZipEntry[]> {
  const located: ZipEntry[] = [];
  for (let start = 0; start < entries.length; start += READS_AT_ONCE) {
    const batch = entries.slice(start, start + READS_AT_ONCE);
    located.push(...(await Promise.all(batch.map((entry) => readLocalHeader(source, entry)))));
  }
  return located;
}

async function readLocalHeader(source: ByteSource, entry: DirectoryEntry): Promise<ZipEntry> {
  const { name, rawName, headerOffset, size } = entry;
  const length = HEADER_LENGTH + rawName.length;
  if (headerOffset < 0 || headerOffset + length > source.size) {
    throw mismatch(source, entry, `begins at byte ${headerOffset}, but the file has ${source.size}`);
  }
  const bytes = await source.read(headerOffset, length);
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (header.getUint32(0, true) !== SIGNATURE) throw mismatch(source, entry, 'has no header where it should begin');
  checkAgreement(source, entry, header, bytes);
  const dataOffset = headerOffset + length + header.getUint16(EXTRA_LENGTH_AT, true);
  if (dataOffset + size > source.size) {
    throw mismatch(source, entry, `has ${size} bytes starting at byte ${dataOffset}, but the file has ${source.size}`);
  }
  return { name, dataOffset, size };
}

function checkAgreement(source: ByteSource, entry: DirectoryEntry, header: DataView, bytes: Uint8Array): void {
  const flags = header.getUint16(FLAGS_AT, true);
  const nameLength = header.getUint16(NAME_LENGTH_AT, true);
  const sameName =
    nameLength === entry.rawName.length && entry.rawName.every((byte, index) => byte === bytes[HEADER_LENGTH + index]);
  if (!sameName) throw disagreement(source, entry, 'name');
  if ((flags & ENCRYPTED_FLAG) !== 0) throw disagreement(source, entry, 'encryption');
  if (header.getUint16(METHOD_AT, true) !== 0) throw disagreement(source, entry, 'compression');
  const sizesFollow = (flags & DATA_DESCRIPTOR_FLAG) !== 0;
  if (sizesFollow !== entry.hasDataDescriptor) throw disagreement(source, entry, 'flags');
  for (const at of [COMPRESSED_SIZE_AT, SIZE_AT]) {
    const size = header.getUint32(at, true);
    const agrees = size === entry.size || (size === 0 && sizesFollow) || size === SEE_ZIP64;
    if (!agrees) throw disagreement(source, entry, 'size');
  }
}

function disagreement(source: ByteSource, entry: DirectoryEntry, field: string): CheckpointError {
  return mismatch(source, entry, `has a different ${field} in its own header than in the archive's directory`);
}

function mismatch(source: ByteSource, entry: DirectoryEntry, what: string): CheckpointError {
  return new CheckpointError({
    asked: source.name,
    found: `zip entry '${entry.name}' ${what}`,
    fix: 'the file is truncated, damaged or was manipulated: download it again from its authors',
  });
}
