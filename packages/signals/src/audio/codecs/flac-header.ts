import { StreamFault } from '../stream-fault.js';
import { hexadecimal } from './md5.js';

/** The description of a FLAC stream (RFC 9639, section 8.2). */
export interface FlacInfo {
  readonly sampleRate: number;
  readonly channels: number;
  /** Bits per sample, 4 to 32. */
  readonly bits: number;
  /** Samples per channel; 0 if the writer did not know. */
  readonly samples: number;
  /** Maximum number of samples per frame. */
  readonly maximumBlock: number;
  /** MD5 of all samples in hexadecimal; undefined if the writer left it out. */
  readonly md5?: string;
}

/** Size in bytes of the block with FlacInfo. */
export const streamInfoBytes = 34;

/** @param block the 34 bytes after the block's header */
export function parseStreamInfo(block: Uint8Array): FlacInfo {
  if (block.length < streamInfoBytes) throw new StreamFault('FLAC without its STREAMINFO block');
  const view = new DataView(block.buffer, block.byteOffset, streamInfoBytes);
  const packed = view.getUint32(10);
  const info = {
    maximumBlock: view.getUint16(2),
    sampleRate: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    bits: ((packed >>> 4) & 31) + 1,
    samples: (packed & 15) * 2 ** 32 + view.getUint32(14),
  };
  if (info.sampleRate === 0 || info.bits < 4) {
    throw new StreamFault(`a STREAMINFO block that says ${info.sampleRate} Hz and ${info.bits} bits`);
  }
  const md5 = block.subarray(18, streamInfoBytes);
  return md5.some((byte) => byte !== 0) ? { ...info, md5: hexadecimal(md5) } : info;
}

/**
 * The metadata blocks of a native stream, of which only the first counts.
 *
 * @param bytes from `fLaC` on
 * @returns the contents of the first, and where the first frame is
 */
export function parseFlacHead(bytes: Uint8Array): { info: FlacInfo; frames: number } {
  let at = 4;
  let info: FlacInfo | undefined;
  for (let last = false; !last;) {
    if (at + 4 > bytes.length) throw new StreamFault('FLAC that ends in its metadata');
    last = bytes[at] >= 128;
    const kind = bytes[at] & 127;
    const length = (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    at += 4;
    if (at + length > bytes.length) throw new StreamFault('FLAC that ends in its metadata');
    if (info === undefined) {
      if (kind !== 0) throw new StreamFault('FLAC without its STREAMINFO block');
      info = parseStreamInfo(bytes.subarray(at, at + length));
    }
    at += length;
  }
  if (info === undefined) throw new StreamFault('FLAC without its STREAMINFO block');
  return { info, frames: at };
}
