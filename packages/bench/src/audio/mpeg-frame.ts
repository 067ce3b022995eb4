/** What the four bytes in front of a frame of MPEG audio say (ISO/IEC 11172-3 section 2.4.2.3, 13818-3). */
export interface MpegFrame {
  readonly version: 1 | 2 | 2.5;
  readonly layer: 1 | 2 | 3;
  /** Hz. */
  readonly sampleRate: number;
  /** Bits a second; 0 for the free format, whose frames tell their size by the distance to the next. */
  readonly bitrate: number;
  readonly channels: 1 | 2;
  /** Samples of each channel. */
  readonly samples: number;
  /** Bytes of the frame, its header counted; 0 for the free format. */
  readonly bytes: number;
}

/** kbit/s by bitrate index, for version 1 (layers 1 to 3) and versions 2 and 2.5 (layer 1, layers 2 and 3). */
const kilobits = {
  v1l1: [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  v1l2: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  v1l3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  v2l1: [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  v2l23: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const rates = [44_100, 48_000, 32_000];
const versions = [2.5, undefined, 2, 1] as const;
const layers = [undefined, 3, 2, 1] as const;

/** The MPEG audio frame that begins at `at`; undefined where no legal header is. */
export function mpegFrame(bytes: Uint8Array, at: number): MpegFrame | undefined {
  if (at + 4 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1] & 0xe0) !== 0xe0) return undefined;
  const version = versions[(bytes[at + 1] >> 3) & 3];
  const layer = layers[(bytes[at + 1] >> 1) & 3];
  const index = bytes[at + 2] >> 4;
  const rateIndex = (bytes[at + 2] >> 2) & 3;
  if (version === undefined || layer === undefined || index === 15 || rateIndex === 3) return undefined;
  const sampleRate = rates[rateIndex] / (version === 1 ? 1 : version === 2 ? 2 : 4);
  const bitrate = 1000 * kilobits[version === 1 ? (`v1l${layer}` as const) : layer === 1 ? 'v2l1' : 'v2l23'][index];
  const padding = (bytes[at + 2] >> 1) & 1;
  const samples = layer === 1 ? 384 : layer === 3 && version !== 1 ? 576 : 1152;
  // A slot is four bytes in layer 1, one byte else.
  const slot = layer === 1 ? 4 : 1;
  const size = bitrate === 0 ? 0 : slot * (Math.floor(((samples / 8 / slot) * bitrate) / sampleRate) + padding);
  return { version, layer, sampleRate, bitrate, channels: bytes[at + 3] >> 6 === 3 ? 1 : 2, samples, bytes: size };
}

/** What the header of an ADTS frame of AAC says (ISO/IEC 14496-3, 1.A.2). */
export interface AdtsFrame {
  /** Hz. */
  readonly sampleRate: number;
  /** The channel configuration; 0 where the stream itself says it. */
  readonly channels: number;
  /** Bytes of the frame, its header counted. */
  readonly bytes: number;
}

const adtsRates = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350];

/** The ADTS frame that begins at `at`; undefined where no legal header is. */
export function adtsFrame(bytes: Uint8Array, at: number): AdtsFrame | undefined {
  // Twelve bits of synchronisation and a layer of 0, which MPEG audio never has.
  if (at + 7 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1] & 0xf6) !== 0xf0) return undefined;
  const sampleRate = adtsRates.at((bytes[at + 2] >> 2) & 15);
  const size = ((bytes[at + 3] & 3) << 11) | (bytes[at + 4] << 3) | (bytes[at + 5] >> 5);
  if (((bytes[at + 2] >> 2) & 15) >= adtsRates.length || sampleRate === undefined || size < 7) return undefined;
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
