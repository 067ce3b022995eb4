import { StreamFault } from '../stream-fault.js';
import { trailerKind } from './tags.js';

/** AAC with a header before each frame, as used outside MP4 (ISO/IEC 13818-7, section 6.2). */
export interface AdtsStream {
  /** The frames' bytes, without what follows. */
  readonly bytes: Uint8Array;
  /** Number of blocks of 1024 samples per channel. */
  readonly frames: number;
  readonly sampleRate: number;
  readonly channels: number;
}

export const aacRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
/** Number of channels by configuration. */
export const aacChannels = [0, 1, 2, 3, 4, 5, 6, 8];

/** The header of a frame. */
export interface AdtsHead {
  /** An index into {@link aacRates}, or beyond its end. */
  readonly rateIndex: number;
  /** The object type minus one: 1 for LC. */
  readonly profile: number;
  /** 0 if it is in the stream itself. */
  readonly channelConfiguration: number;
  /** Size of the frame in bytes, including its header; too small if it is damaged. */
  readonly bytes: number;
  /** Number of blocks of 1024 samples in it. */
  readonly blocks: number;
}

/** Size in bytes of a header without checksum. */
export const adtsHeadBytes = 7;

/** The header at a position; undefined if there is none, or only part of one. */
export function parseAdtsHead(bytes: Uint8Array, at: number): AdtsHead | undefined {
  if (at + adtsHeadBytes > bytes.length || !isSync(bytes, at)) return undefined;
  return {
    profile: bytes[at + 2] >> 6,
    rateIndex: (bytes[at + 2] >> 2) & 15,
    channelConfiguration: ((bytes[at + 2] & 1) << 2) | (bytes[at + 3] >> 6),
    bytes: ((bytes[at + 3] & 3) << 11) | (bytes[at + 4] << 3) | (bytes[at + 5] >> 5),
    blocks: 1 + (bytes[at + 6] & 3),
  };
}

/** Twelve sync bits and a layer of 0, which MPEG audio never has. */
function isSync(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xff && (bytes[at + 1] & 0xf6) === 0xf0;
}

/** Walks from frame to frame. Nothing may be between them, and all must be of the same kind. */
export function readAdts(bytes: Uint8Array): AdtsStream {
  let first: AdtsHead | undefined;
  let frames = 0;
  let at = 0;
  while (at < bytes.length) {
    if (!isSync(bytes, at)) {
      if (frames > 0 && trailerKind(bytes, at) !== undefined) break;
      throw new StreamFault(`bytes after frame ${frames} of AAC that are not a frame`);
    }
    const head = parseAdtsHead(bytes, at);
    if (head === undefined) throw new StreamFault(`AAC that ends inside frame ${frames}`);
    first ??= head;
    if (!isSame(head, first)) {
      throw new StreamFault(
        'a sample rate or channel count that changes midway',
        'split it where it changes, or convert it to WAV',
      );
    }
    if (head.bytes < adtsHeadBytes || at + head.bytes > bytes.length) {
      throw new StreamFault(`AAC that ends inside frame ${frames}`);
    }
    frames += head.blocks;
    at += head.bytes;
  }
  if (first === undefined || first.rateIndex >= aacRates.length) throw new StreamFault('no AAC frame');
  if (first.channelConfiguration === 0) {
    throw new StreamFault('AAC whose channels are described inside its frames', 'convert it to WAV or FLAC');
  }
  return {
    bytes: bytes.subarray(0, at),
    frames,
    sampleRate: aacRates[first.rateIndex],
    channels: aacChannels[first.channelConfiguration],
  };
}

function isSame(a: AdtsHead, b: AdtsHead): boolean {
  return a.profile === b.profile && a.rateIndex === b.rateIndex && a.channelConfiguration === b.channelConfiguration;
}

/** The description of AAC in MP4 and Matroska (ISO/IEC 14496-3, section 1.6.2.1). */
export interface AacConfig {
  /** 2: LC. */
  readonly objectType: number;
  readonly rateIndex: number;
  readonly channelConfiguration: number;
}

/** Gives each packet a frame header, so that ADTS decoders can read what comes from MP4. */
export function toAdts(
  packets: readonly Uint8Array[],
  { objectType, rateIndex, channelConfiguration }: AacConfig,
): Uint8Array {
  const bytes = new Uint8Array(packets.reduce((sum, packet) => sum + packet.length + adtsHeadBytes, 0));
  let at = 0;
  for (const packet of packets) {
    const length = packet.length + adtsHeadBytes;
    if (length > 8191) throw new StreamFault(`an AAC packet of ${packet.length} bytes`);
    bytes.set(
      [
        0xff,
        0xf1,
        ((objectType - 1) << 6) | (rateIndex << 2) | (channelConfiguration >> 2),
        ((channelConfiguration & 3) << 6) | (length >> 11),
        (length >> 3) & 255,
        ((length & 7) << 5) | 31,
        0xfc,
      ],
      at,
    );
    bytes.set(packet, at + adtsHeadBytes);
    at += length;
  }
  return bytes;
}
