import { aacRates } from './containers/adts.js';
import { parseMpegHeader as mpegFrame, type MpegHeader as MpegFrame } from './containers/mpeg-header.js';

export { mpegFrame, type MpegFrame };

/** What the header of an ADTS frame of AAC says (ISO/IEC 14496-3, 1.A.2). */
export interface AdtsFrame {
  /** Hz. */
  readonly sampleRate: number;
  /** The channel configuration; 0 where the stream itself says it. */
  readonly channels: number;
  /** Bytes of the frame, its header counted. */
  readonly bytes: number;
}

/** The ADTS frame that begins at `at`; undefined where no legal header is. */
export function adtsFrame(bytes: Uint8Array, at: number): AdtsFrame | undefined {
  // Twelve bits of synchronisation and a layer of 0, which MPEG audio never has.
  if (at + 7 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1] & 0xf6) !== 0xf0) return undefined;
  const sampleRate = aacRates.at((bytes[at + 2] >> 2) & 15);
  const size = ((bytes[at + 3] & 3) << 11) | (bytes[at + 4] << 3) | (bytes[at + 5] >> 5);
  if (((bytes[at + 2] >> 2) & 15) >= aacRates.length || sampleRate === undefined || size < 7) return undefined;
  return { sampleRate, channels: ((bytes[at + 2] & 1) << 2) | (bytes[at + 3] >> 6), bytes: size };
}

/** Frames in a row that leave no doubt. */
const enoughFrames = 4;
/** Largest frame of the free format that is looked for: 640 kbit/s at 8 kHz, and a little. */
const maximumFreeBytes = 12_288;
/** Bytes behind a place that tell whether frames begin there. */
export const frameChainBytes = enoughFrames * maximumFreeBytes;

/**
 * Whether MPEG audio or ADTS begins at `at`: each frame is followed by another of the same kind and rate, to the end of the
 * bytes or until there is no doubt. One frame that ends with the file is enough only where it stands where sound is due.
 *
 * @param bytes at least {@link frameChainBytes} from `at` on, or all there are
 * @param due nothing that is not understood stands in front
 */
export function framesAt(bytes: Uint8Array, at: number, due: boolean): 'mp3' | 'aac' | undefined {
  const first = mpegFrame(bytes, at);
  if (first !== undefined) {
    // The free format and layer 1 look like many other bytes.
    if (!due && (first.bitrate === 0 || first.layer === 1)) return undefined;
    const same = (frame: MpegFrame) =>
      frame.version === first.version && frame.layer === first.layer && frame.sampleRate === first.sampleRate;
    const chained =
      first.bitrate === 0
        ? freeFormat(bytes, at, first)
        : chain(bytes, at, first, (place) => {
            const frame = mpegFrame(bytes, place);
            return frame !== undefined && frame.bytes > 0 && same(frame) ? frame : undefined;
          });
    return chained >= (due ? 1 : 2) ? 'mp3' : undefined;
  }
  const adts = adtsFrame(bytes, at);
  if (adts === undefined) return undefined;
  const chained = chain(bytes, at, adts, (place) => {
    const frame = adtsFrame(bytes, place);
    return frame?.sampleRate === adts.sampleRate && frame.channels === adts.channels ? frame : undefined;
  });
  return chained >= (due ? 1 : 2) ? 'aac' : undefined;
}

/** Frames in a row: 0 where something else follows before there are enough. */
function chain(
  bytes: Uint8Array,
  at: number,
  first: { readonly bytes: number },
  next: (place: number) => { readonly bytes: number } | undefined,
): number {
  let place = at + first.bytes;
  let frames = 1;
  while (frames < enoughFrames && !isEnd(bytes, place)) {
    const frame = next(place);
    if (frame === undefined) return 0;
    place += frame.bytes;
    frames += 1;
  }
  return frames;
}

/** Whether a stream may end here: the file does, or a tag or padding follows. */
function isEnd(bytes: Uint8Array, place: number): boolean {
  if (place + 7 > bytes.length) return true;
  const letters = String.fromCharCode(...bytes.subarray(place, place + 4));
  if (letters.startsWith('TAG') || letters.startsWith('ID3') || letters === 'APET' || letters === 'LYRI') return true;
  return bytes.subarray(place, place + 64).every((byte) => byte === 0);
}

/** Frames of the free format in a row: all lie equally far apart, but for a slot of padding. */
function freeFormat(bytes: Uint8Array, at: number, first: MpegFrame): number {
  const nextFrom = (from: number, to: number) => {
    for (let place = from; place < to; place += 1) {
      const frame = mpegFrame(bytes, place);
      if (frame?.bitrate === 0 && frame.version === first.version && frame.layer === first.layer) {
        if (frame.sampleRate === first.sampleRate) return place;
      }
    }
    return -1;
  };
  const second = nextFrom(at + 24, Math.min(bytes.length, at + maximumFreeBytes));
  if (second < 0) return 0;
  const distance = second - at;
  return nextFrom(second + distance - 4, second + distance + 5) < 0 ? 0 : 3;
}
