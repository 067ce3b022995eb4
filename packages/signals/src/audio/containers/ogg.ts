import { joinBytes } from '@hearken/core/internal';
import { StreamFault } from '../stream-fault.js';
import { crc32 } from '../codecs/crc.js';
import { trailerKind } from './tags.js';

/** One logical stream of an Ogg file: the pages from the first to the last of one serial number. */
export interface OggStream {
  /** Without empty packets. */
  readonly packets: readonly OggPacket[];
  /** The last granule position; undefined if no page has one. */
  readonly granule: number | undefined;
}

/** A packet and its position. */
export interface OggPacket {
  readonly bytes: Uint8Array;
  /**
   * The granule position of its page, if it is the last packet that ends there: the number of samples up to its end, as
   * the codec counts them.
   */
  readonly granule?: number;
}

/** One page (RFC 3533, section 6). */
interface Page {
  readonly flags: number;
  /** -1 if no packet ends on it. */
  readonly granule: number;
  readonly serial: number;
  readonly sequence: number;
  readonly lacing: Uint8Array;
  readonly body: number;
  readonly end: number;
}

const flag = { continued: 1, first: 2, last: 4 };

/**
 * The streams of an Ogg file that are wanted, in order if they follow each other. Every page is checked: its checksum,
 * its sequence number, and that nothing is between two pages.
 *
 * @param wanted decides by a stream's first packet whether to read it
 * @throws StreamFault for damaged or truncated files and missing pages
 */
export function readOgg(bytes: Uint8Array, wanted: (first: Uint8Array) => boolean): OggStream[] {
  const streams: OggStream[] = [];
  const open = new Map<number, StreamReader>();
  let seen = false;
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] !== 0x4f || bytes[at + 1] !== 0x67 || bytes[at + 2] !== 0x67 || bytes[at + 3] !== 0x53) {
      if (seen && open.size === 0 && trailerKind(bytes, at) !== undefined) break;
      throw new StreamFault(`bytes that are not an Ogg page at ${at}`);
    }
    const page = readPage(bytes, at);
    at = page.end;
    let reader = open.get(page.serial);
    if ((page.flags & flag.first) !== 0) {
      if (reader !== undefined) throw new StreamFault('an Ogg stream that begins again before its end');
      reader = new StreamReader(page.sequence, wanted(bytes.subarray(page.body, page.end)));
      open.set(page.serial, reader);
      if (reader.wanted) streams.push(reader);
      seen = true;
    }
    if (reader === undefined) throw new StreamFault('an Ogg page of a stream that never began');
    if (reader.wanted) reader.add(bytes, page);
    if ((page.flags & flag.last) !== 0) {
      reader.finish();
      open.delete(page.serial);
    }
  }
  if ([...open.values()].some((reader) => reader.wanted)) {
    throw new StreamFault('an Ogg stream without its last page');
  }
  return streams;
}

class StreamReader implements OggStream {
  readonly packets: OggPacket[] = [];
  granule: number | undefined;
  private readonly pieces: Uint8Array[] = [];

  constructor(
    private sequence: number,
    readonly wanted: boolean,
  ) {}

  add(bytes: Uint8Array, { flags, granule, sequence, lacing, body }: Page): void {
    if (sequence !== this.sequence) {
      throw new StreamFault(`an Ogg page ${sequence} instead of page ${this.sequence}`);
    }
    this.sequence = (sequence + 1) % 2 ** 32;
    if (this.pieces.length > 0 !== ((flags & flag.continued) !== 0)) {
      throw new StreamFault(`an Ogg packet that does not continue in page ${sequence}`);
    }
    if (granule >= 0) this.granule = granule;
    const lastEnd = lacing.findLastIndex((length) => length < 255);
    let from = body;
    let to = body;
    lacing.forEach((length, index) => {
      to += length;
      if (length === 255) return;
      this.pieces.push(bytes.subarray(from, to));
      const packet = joinBytes(this.pieces);
      this.pieces.length = 0;
      from = to;
      // Some writers end a stream with an empty packet.
      if (packet.length === 0) return;
      this.packets.push({ bytes: packet, ...(index === lastEnd && granule >= 0 ? { granule } : {}) });
    });
    if (to > from) this.pieces.push(bytes.subarray(from, to));
  }

  finish(): void {
    if (this.pieces.length > 0) throw new StreamFault('an Ogg stream that ends inside a packet');
  }
}

function readPage(bytes: Uint8Array, at: number): Page {
  const cut = () => new StreamFault('an Ogg file that ends inside a page');
  if (at + 27 > bytes.length) throw cut();
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 27);
  const body = at + 27 + view.getUint8(26);
  if (body > bytes.length) throw cut();
  if (view.getUint8(4) !== 0) throw new StreamFault(`an Ogg page of version ${view.getUint8(4)}`);
  const lacing = bytes.subarray(at + 27, body);
  const end = lacing.reduce((sum, length) => sum + length, body);
  if (end > bytes.length) throw cut();
  // The checksum is computed with zeros in its place.
  const page = bytes.slice(at, end);
  page.fill(0, 22, 26);
  if (crc32(page, 0, page.length) !== view.getUint32(22, true)) {
    throw new StreamFault(`an Ogg page with a wrong checksum at ${at}`);
  }
  const high = view.getInt32(10, true);
  return {
    flags: view.getUint8(5),
    granule:
      high < 0
        ? high === -1 && view.getUint32(6, true) === 2 ** 32 - 1
          ? -1
          : -2
        : high * 2 ** 32 + view.getUint32(6, true),
    serial: view.getUint32(14, true),
    sequence: view.getUint32(18, true),
    lacing,
    body,
    end,
  };
}
