import type { ByteSource } from '../../src/checkpoint/byte-source.js';

/** One entry of a zip archive made for a test; the optional parts are how to make it wrong. */
export interface MadeEntry {
  name: string;
  data: Uint8Array;
  method?: number;
  flags?: number;
  /** Extra bytes between the local header and the data. */
  padding?: number;
  /** Where the directory says that the entry begins. */
  listedOffset?: number;
  /** The size that the directory states. */
  listedSize?: number;
  /** What the entry's own header says otherwise. */
  local?: { name?: string; method?: number; size?: number; signature?: number; flags?: number };
}

/** A zip archive of stored entries, with what the entries ask to be wrong about it. */
export function zipFile(entries: readonly MadeEntry[], listedCount = entries.length): Uint8Array {
  const local: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries) {
    const header = localHeader(entry);
    directory.push(directoryHeader(entry, entry.listedOffset ?? offset));
    local.push(header, entry.data);
    offset += header.length + entry.data.length;
  }
  const listing = joined(directory);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, listedCount, true);
  end.setUint16(10, listedCount, true);
  end.setUint32(12, listing.length, true);
  end.setUint32(16, offset, true);
  return joined([...local, listing, new Uint8Array(end.buffer)]);
}

export function localHeader(entry: MadeEntry): Uint8Array {
  const name = latin1Bytes(entry.local?.name ?? entry.name);
  const header = new DataView(new ArrayBuffer(30));
  const size = entry.local?.size ?? entry.data.length;
  header.setUint32(0, entry.local?.signature ?? 0x04034b50, true);
  header.setUint16(6, entry.local?.flags ?? entry.flags ?? 0x800, true);
  header.setUint16(8, entry.local?.method ?? entry.method ?? 0, true);
  header.setUint32(18, size, true);
  header.setUint32(22, size, true);
  header.setUint16(26, name.length, true);
  header.setUint16(28, entry.padding ?? 0, true);
  return joined([new Uint8Array(header.buffer), name, new Uint8Array(entry.padding ?? 0)]);
}

function directoryHeader(entry: MadeEntry, offset: number): Uint8Array {
  const name = latin1Bytes(entry.name);
  const header = new DataView(new ArrayBuffer(46));
  const size = entry.listedSize ?? entry.data.length;
  header.setUint32(0, 0x02014b50, true);
  header.setUint16(8, entry.flags ?? 0x800, true);
  header.setUint16(10, entry.method ?? 0, true);
  header.setUint32(20, size, true);
  header.setUint32(24, size, true);
  header.setUint16(28, name.length, true);
  header.setUint32(42, offset, true);
  return joined([new Uint8Array(header.buffer), name]);
}

/**
 * A zip64 archive whose one large entry is all zeros and exists nowhere: bytes that nobody wrote read as zero.
 * Any read of the entry's data fails, so that a reader which does not stay with the headers is found out.
 */
export function hugeZipSource(dataSize: number): ByteSource {
  const header = localHeader({ name: 'archive/data/0', data: new Uint8Array(), local: { size: 0xffffffff } });
  const small = joined([localHeader({ name: 'archive/version', data: latin1Bytes('3\n') }), latin1Bytes('3\n')]);
  const smallAt = header.length + dataSize;
  const listing = joined([
    zip64DirectoryHeader('archive/data/0', dataSize, 0),
    zip64DirectoryHeader('archive/version', 2, smallAt),
  ]);
  const listingAt = smallAt + small.length;
  const tail = joined([small, listing, zip64End(2, listing.length, listingAt)]);
  const size = smallAt + tail.length;
  return {
    name: 'huge.pt',
    size,
    read(offset, length) {
      if (offset + length <= header.length) return Promise.resolve(header.subarray(offset, offset + length));
      const bytes = new Uint8Array(length);
      // The search for the end of the directory may reach into the data's last bytes, not further.
      if (offset < smallAt - 70_000) return Promise.reject(new Error(`read ${length} bytes of data at ${offset}`));
      const from = Math.max(offset, smallAt);
      bytes.set(tail.subarray(from - smallAt, offset + length - smallAt), from - offset);
      return Promise.resolve(bytes);
    },
    close: () => Promise.resolve(),
  };
}

function zip64DirectoryHeader(name: string, size: number, offset: number): Uint8Array {
  const nameBytes = latin1Bytes(name);
  const header = new DataView(new ArrayBuffer(46));
  header.setUint32(0, 0x02014b50, true);
  header.setUint16(8, 0x800, true);
  for (const at of [20, 24, 42]) header.setUint32(at, 0xffffffff, true);
  header.setUint16(28, nameBytes.length, true);
  header.setUint16(30, 28, true);
  const extra = new DataView(new ArrayBuffer(28));
  extra.setUint16(0, 1, true);
  extra.setUint16(2, 24, true);
  [size, size, offset].forEach((value, index) => extra.setBigUint64(4 + 8 * index, BigInt(value), true));
  return joined([new Uint8Array(header.buffer), nameBytes, new Uint8Array(extra.buffer)]);
}

function zip64End(count: number, listingSize: number, listingAt: number): Uint8Array {
  const end = new DataView(new ArrayBuffer(56 + 20 + 22));
  end.setUint32(0, 0x06064b50, true);
  end.setBigUint64(4, 44n, true);
  end.setBigUint64(24, BigInt(count), true);
  end.setBigUint64(32, BigInt(count), true);
  end.setBigUint64(40, BigInt(listingSize), true);
  end.setBigUint64(48, BigInt(listingAt), true);
  end.setUint32(56, 0x07064b50, true);
  end.setBigUint64(64, BigInt(listingAt + listingSize), true);
  end.setUint32(72, 1, true);
  end.setUint32(76, 0x06054b50, true);
  end.setUint16(84, 0xffff, true);
  end.setUint16(86, 0xffff, true);
  end.setUint32(88, 0xffffffff, true);
  end.setUint32(92, 0xffffffff, true);
  return new Uint8Array(end.buffer);
}

/** The bytes whose values are the characters' codes. */
export function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
