import { aacRates, adtsHeadBytes, parseAdtsHead } from './containers/adts.js';
import { longestFreeFrame, parseMpegHeader, type MpegHeader } from './containers/mpeg-header.js';

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
  const head = parseAdtsHead(bytes, at);
  if (head === undefined || head.rateIndex >= aacRates.length || head.bytes < adtsHeadBytes) return undefined;
  return { sampleRate: aacRates[head.rateIndex], channels: head.channelConfiguration, bytes: head.bytes };
}

/** Frames in a row that leave no doubt. */
const enoughFrames = 4;
/** Bytes behind a place that tell whether frames begin there. */
export const frameChainBytes = enoughFrames * longestFreeFrame;

/**
 * Whether MPEG audio or ADTS begins at `at`: each frame is followed by another of the same kind and rate, to the end of the
 * bytes or until there is no doubt. One frame that ends with the file is enough only where it stands where sound is due.
 *
 * @param bytes at least {@link frameChainBytes} from `at` on, or all there are
 * @param due nothing that is not understood stands in front
 */
export function framesAt(bytes: Uint8Array, at: number, due: boolean): 'mp3' | 'aac' | undefined {
  const first = parseMpegHeader(bytes, at);
  if (first !== undefined) {
    // The free format and layer 1 look like many other bytes.
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
