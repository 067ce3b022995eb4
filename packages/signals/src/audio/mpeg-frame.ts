import { aacRates, adtsHeadBytes, parseAdtsHead } from './containers/adts.js';
import { longestFreeFrame, parseMpegHeader, type MpegHeader } from './containers/mpeg-header.js';

/** The header of an ADTS frame of AAC (ISO/IEC 14496-3, 1.A.2). */
export interface AdtsFrame {
  /** In Hz. */
  readonly sampleRate: number;
  /** The channel configuration; 0 if it is in the stream itself. */
  readonly channels: number;
  /** Size of the frame in bytes, including its header. */
  readonly bytes: number;
}

/** The ADTS frame at `at`; undefined if there is no valid header. */
export function adtsFrame(bytes: Uint8Array, at: number): AdtsFrame | undefined {
  const head = parseAdtsHead(bytes, at);
  if (head === undefined || head.rateIndex >= aacRates.length || head.bytes < adtsHeadBytes) return undefined;
  return { sampleRate: aacRates[head.rateIndex], channels: head.channelConfiguration, bytes: head.bytes };
}

/** This many consecutive frames leave no doubt. */
const enoughFrames = 4;
/** Number of bytes after a position that show whether frames begin there. */
export const frameChainBytes = enoughFrames * longestFreeFrame;

/**
 * Whether MPEG audio or ADTS begins at `at`: each frame is followed by another of the same kind and rate, until the
 * bytes end or there is no doubt. A single frame at the end of the file only counts where audio is expected.
 *
 * @param bytes at least {@link frameChainBytes} from `at` on, or all there are
 * @param due whether only recognised content precedes
 */
export function framesAt(bytes: Uint8Array, at: number, due: boolean): 'mp3' | 'aac' | undefined {
  const first = parseMpegHeader(bytes, at);
  if (first !== undefined) {
    // Free format and layer 1 look like many other bytes.
    if (!due && (first.bitrate === 0 || first.layer === 1)) return undefined;
    const same = (frame: MpegHeader) =>
      frame.version === first.version && frame.layer === first.layer && frame.sampleRate === first.sampleRate;
    const chained =
      first.bitrate === 0
        ? freeFormat(bytes, at, first)
        : chain(bytes, at, first, (place) => {
            const frame = parseMpegHeader(bytes, place);
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

/** Number of consecutive frames: 0 if something else follows too early. */
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

/** Whether a stream may end here: at the end of the file, or before a tag or padding. */
function isEnd(bytes: Uint8Array, place: number): boolean {
  if (place + 7 > bytes.length) return true;
  const letters = String.fromCharCode(...bytes.subarray(place, place + 4));
  if (letters.startsWith('TAG') || letters.startsWith('ID3') || letters === 'APET' || letters === 'LYRI') return true;
  return bytes.subarray(place, place + 64).every((byte) => byte === 0);
}

/** Number of consecutive frames of free format: all have the same distance, apart from a padding slot. */
function freeFormat(bytes: Uint8Array, at: number, first: MpegHeader): number {
  const nextFrom = (from: number, to: number) => {
    for (let place = from; place < to; place += 1) {
      const frame = parseMpegHeader(bytes, place);
      if (frame?.bitrate === 0 && frame.version === first.version && frame.layer === first.layer) {
        if (frame.sampleRate === first.sampleRate) return place;
      }
    }
    return -1;
  };
  const second = nextFrom(at + 24, Math.min(bytes.length, at + longestFreeFrame));
  if (second < 0) return 0;
  const distance = second - at;
  return nextFrom(second + distance - 4, second + distance + 5) < 0 ? 0 : 3;
}
