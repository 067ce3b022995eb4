import { crc32 } from '../../packages/signals/src/audio/codecs/crc.js';
import { joinedBytes } from './joined-bytes.js';

type Part = Uint8Array | string | number;

/** Numbers of 32 bits, the most significant byte first. */
export function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint32(4 * index, value);
  });
  return bytes;
}

/** A box of MP4 around others and around bytes. */
export function mp4Box(kind: string, ...parts: readonly Part[]): Uint8Array {
  const content = joinedBytes(...parts);
  return joinedBytes(words(8 + content.length), kind, content);
}

/** A box of MP4 whose size takes 64 bits. */
export function longMp4Box(kind: string, ...parts: readonly Part[]): Uint8Array {
  const content = joinedBytes(...parts);
  return joinedBytes(words(1), kind, words(0, 16 + content.length), content);
}

/** An element of Matroska; its id in hexadecimal. */
export function ebmlElement(id: string, ...parts: readonly Part[]): Uint8Array {
  const content = joinedBytes(...parts);
  return joinedBytes(Uint8Array.from(Buffer.from(id, 'hex')), words(0x1000_0000 + content.length), content);
}

/**
 * A page of Ogg.
 *
 * @param sequence which it is; the first begins the stream
 * @param packets that end on it, each below 255 bytes
 * @param granule samples up to its end; -1: not said
 * @param last whether it ends the stream
 */
export function oggPage(sequence: number, packets: readonly Uint8Array[], granule: number, last = false): Uint8Array {
  const sizes = Uint8Array.from(packets, ({ length }) => length);
  const page = joinedBytes('OggS', 23, sizes, ...packets);
  const view = new DataView(page.buffer);
  view.setUint8(5, (sequence === 0 ? 2 : 0) | (last ? 4 : 0));
  view.setBigInt64(6, BigInt(granule), true);
  view.setUint32(14, 1, true);
  view.setUint32(18, sequence, true);
  view.setUint8(26, packets.length);
  view.setUint32(22, crc32(page, 0, page.length), true);
  return page;
}
