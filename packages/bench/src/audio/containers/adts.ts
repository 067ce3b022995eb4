import { StreamFault } from '../stream-fault.js';
import { trailerKind } from './tags.js';

/** AAC with a head before each frame, as it is outside MP4 (ISO/IEC 13818-7, section 6.2). */
export interface AdtsStream {
  /** Bytes of the frames, without what is in front and behind. */
  readonly bytes: Uint8Array;
  readonly frames: number;
  readonly sampleRate: number;
  readonly channels: number;
}

export const aacRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
/** Channels by configuration. */
export const aacChannels = [0, 1, 2, 3, 4, 5, 6, 8];

/** Whether a head may be here. */
export function isAdtsHead(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xff && (bytes[at + 1] & 0xf6) === 0xf0;
}

/**
 * Walks from frame to frame, between which nothing may stand and which all must be of one kind.
 *
 * @param start where the first is
 */
export function readAdts(bytes: Uint8Array, start: number): AdtsStream {
  let first: { profile: number; rate: number; channels: number } | undefined;
  let frames = 0;
  let at = start;
  while (at < bytes.length) {
    if (!isAdtsHead(bytes, at)) {
      if (frames > 0 && trailerKind(bytes, at) !== undefined) break;
      throw new StreamFault(`bytes that are no frame behind frame ${frames} of AAC`);
    }
    if (at + 7 > bytes.length) throw new StreamFault(`AAC that ends inside frame ${frames}`);
    const head = {
      profile: bytes[at + 2] >> 6,
      rate: (bytes[at + 2] >> 2) & 15,
      channels: ((bytes[at + 2] & 1) << 2) | (bytes[at + 3] >> 6),
    };
    first ??= head;
    if (head.profile !== first.profile || head.rate !== first.rate || head.channels !== first.channels) {
      throw new StreamFault(
        'a sample rate or channel count that changes midway',
        'split it where it changes, or convert it to WAV',
      );
    }
    const length = ((bytes[at + 3] & 3) << 11) | (bytes[at + 4] << 3) | (bytes[at + 5] >> 5);
    if (length < 7 || at + length > bytes.length) throw new StreamFault(`AAC that ends inside frame ${frames}`);
    frames += 1 + (bytes[at + 6] & 3);
    at += length;
  }
  if (first === undefined || first.rate >= aacRates.length) throw new StreamFault('no frame of AAC');
  if (first.channels === 0) {
    throw new StreamFault('AAC whose channels are described inside its frames', 'convert it to WAV or FLAC');
  }
  return {
    bytes: bytes.subarray(start, at),
    frames,
    sampleRate: aacRates[first.rate],
    channels: aacChannels[first.channels],
  };
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
  const bytes = new Uint8Array(packets.reduce((sum, packet) => sum + packet.length + 7, 0));
  let at = 0;
  for (const packet of packets) {
    const length = packet.length + 7;
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
    bytes.set(packet, at + 7);
    at += length;
  }
  return bytes;
}
