import { StreamFault } from '../stream-fault.js';
import { trailerKind } from './tags.js';

/** AAC with a head before each frame, as it is outside MP4 (ISO/IEC 13818-7, section 6.2). */
export interface AdtsStream {
  /** Bytes of the frames, without what is behind. */
  readonly bytes: Uint8Array;
  /** Blocks of 1024 samples of each channel. */
  readonly frames: number;
  readonly sampleRate: number;
  readonly channels: number;
}

export const aacRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
/** Channels by configuration. */
export const aacChannels = [0, 1, 2, 3, 4, 5, 6, 8];

/** The head of a frame. */
export interface AdtsHead {
  /** An index into {@link aacRates}, or past its end. */
  readonly rateIndex: number;
  /** One less than the object type: 1 for LC. */
  readonly profile: number;
  /** 0 where the stream itself says it. */
  readonly channelConfiguration: number;
  /** Bytes of the frame, its head counted; too few in what is damaged. */
  readonly bytes: number;
  /** Blocks of 1024 samples in it. */
  readonly blocks: number;
}

/** Bytes of a head without its checksum. */
export const adtsHeadBytes = 7;

/** The head at a place; undefined where none can be, or only a part of one is there. */
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

/** Twelve bits of synchronisation and a layer of 0, which MPEG audio never has. */
function isSync(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xff && (bytes[at + 1] & 0xf6) === 0xf0;
}

/** Walks from frame to frame, between which nothing may stand and which all must be of one kind. */
export function readAdts(bytes: Uint8Array): AdtsStream {
  let first: AdtsHead | undefined;
  let frames = 0;
  let at = 0;
  while (at < bytes.length) {
    if (!isSync(bytes, at)) {
      if (frames > 0 && trailerKind(bytes, at) !== undefined) break;
      throw new StreamFault(`bytes that are no frame behind frame ${frames} of AAC`);
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
  if (first === undefined || first.rateIndex >= aacRates.length) throw new StreamFault('no frame of AAC');
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

/** What MP4 and Matroska say of AAC (ISO/IEC 14496-3, section 1.6.2.1). */
export interface AacConfig {
  /** 2: LC. */
  readonly objectType: number;
  readonly rateIndex: number;
  readonly channelConfiguration: number;
}

/** The frame of a head for each packet, so that decoders of ADTS take what comes out of MP4. */
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
