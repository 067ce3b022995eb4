import { StreamFault } from '../stream-fault.js';
import { BitReader } from './bit-reader.js';
import { crc16, crc8 } from './crc.js';
import type { FlacInfo } from './flac-header.js';
import { readSubframe } from './flac-subframe.js';

/** One decoded frame. */
export interface FlacFrame {
  /** Integers of each channel. */
  readonly channels: Float64Array[];
  /** The number of the frame or of its first sample, depending on `variable`. */
  readonly number: number;
  /** Whether frames are counted in samples. */
  readonly variable: boolean;
  /** The byte after it. */
  readonly end: number;
}

interface Header {
  readonly blockSize: number;
  readonly assignment: number;
  readonly number: number;
  readonly variable: boolean;
}

const namedRates = [0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000];
const namedBits = [0, 8, 12, 0, 16, 20, 24, 32];

/** Whether a frame may begin here: its sync code. */
export function isFlacSync(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xff && (bytes[at + 1] & 0xfe) === 0xf8;
}

/**
 * Decodes a frame (RFC 9639, section 9) and compares both its checksums.
 *
 * @param limit the byte that it must end before
 * @param index the frame's place in the stream, for errors
 * @throws StreamFault if it is damaged or does not fit the stream
 */
export function readFlacFrame(bytes: Uint8Array, at: number, limit: number, info: FlacInfo, index: number): FlacFrame {
  const damaged = (what: string) => new StreamFault(`${what} in frame ${index} of FLAC`);
  if (!isFlacSync(bytes, at) || at + 6 > limit) throw damaged('no start of a frame');
  const reader = new BitReader(bytes, at, Math.min(limit, at + 2 ** 28));
  const header = readHeader(reader, info, damaged);
  reader.check();
  const headerCrc = reader.bits(8);
  if (headerCrc !== crc8(bytes, at, reader.byte - 1)) throw damaged('a wrong header checksum');
  const { blockSize, assignment } = header;
  const channels: Float64Array[] = [];
  const count = assignment < 8 ? assignment + 1 : 2;
  for (let channel = 0; channel < count; channel += 1) {
    // The difference of two channels needs one bit more.
    const side = assignment === 9 ? channel === 0 : assignment >= 8 && channel === 1;
    channels.push(readSubframe(reader, blockSize, info.bits + (side ? 1 : 0), damaged));
    reader.check();
  }
  reader.align();
  const sum = reader.bits(16);
  reader.check();
  if (sum !== crc16(bytes, at, reader.byte - 2)) throw damaged('a wrong checksum');
  joinChannels(channels, assignment);
  return { channels, number: header.number, variable: header.variable, end: reader.byte };
}

function readHeader(reader: BitReader, info: FlacInfo, damaged: (what: string) => StreamFault): Header {
  reader.bits(15);
  const variable = reader.bits(1) === 1;
  const sizeCode = reader.bits(4);
  const rateCode = reader.bits(4);
  const assignment = reader.bits(4);
  const bitsCode = reader.bits(3);
  reader.bits(1);
  if (sizeCode === 0 || rateCode === 15 || assignment > 10 || bitsCode === 3) throw damaged('a reserved code');
  const number = readNumber(reader, damaged);
  const blockSize =
    sizeCode === 1
      ? 192
      : sizeCode < 6
        ? 144 << sizeCode
        : sizeCode === 6
          ? reader.bits(8) + 1
          : sizeCode === 7
            ? reader.bits(16) + 1
            : 1 << sizeCode;
  const sampleRate =
    rateCode === 0
      ? info.sampleRate
      : rateCode < 12
        ? namedRates[rateCode]
        : rateCode === 12
          ? reader.bits(8) * 1000
          : reader.bits(16) * (rateCode === 13 ? 1 : 10);
  const bits = bitsCode === 0 ? info.bits : namedBits[bitsCode];
  const channels = assignment < 8 ? assignment + 1 : 2;
  if (sampleRate !== info.sampleRate || channels !== info.channels || bits !== info.bits) {
    throw new StreamFault(
      `a change from ${info.channels} x ${info.bits} bits at ${info.sampleRate} Hz ` +
        `to ${channels} x ${bits} bits at ${sampleRate} Hz midway`,
      'split it where it changes, and convert both parts to one format',
    );
  }
  return { blockSize, assignment, number, variable };
}

/** The frame's or sample's number, coded like UTF-8 with up to 36 bits. */
function readNumber(reader: BitReader, damaged: (what: string) => StreamFault): number {
  const first = reader.bits(8);
  const length = Math.clz32(~(first << 24));
  if (length === 0) return first;
  if (length === 1 || length > 7) throw damaged('a wrong frame number');
  let value = length === 7 ? 0 : first & (127 >> length);
  for (let index = 1; index < length; index += 1) {
    const byte = reader.bits(8);
    if (byte >> 6 !== 2) throw damaged('a wrong frame number');
    value = value * 64 + (byte & 63);
  }
  return value;
}

/** Reconstructs left and right from one channel and the difference, or from mid and side (section 4.2). */
function joinChannels([first, second]: Float64Array[], assignment: number): void {
  if (assignment < 8) return;
  for (let index = 0; index < first.length; index += 1) {
    if (assignment === 8) second[index] = first[index] - second[index];
    else if (assignment === 9) first[index] += second[index];
    else {
      const side = second[index];
      const middle = first[index] * 2 + Math.abs(side % 2);
      first[index] = (middle + side) / 2;
      second[index] = (middle - side) / 2;
    }
  }
}
