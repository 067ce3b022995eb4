/**
 * The header of an MPEG audio frame (ISO/IEC 11172-3, section 2.4.1.3; 13818-3; and MPEG 2.5, which is not
 * standardised).
 */
export interface MpegHeader {
  /** 1, 2 or 2.5. */
  readonly version: 1 | 2 | 2.5;
  readonly layer: 1 | 2 | 3;
  /** In bit/s; 0: free format, in which the next frame determines the size. */
  readonly bitrate: number;
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** Whether a checksum follows the header. */
  readonly checksum: boolean;
  /** Padding bytes of this frame: 0, or 1 (4 in layer I). */
  readonly padding: number;
  /** Samples per channel. */
  readonly samples: number;
  /** 0 stereo, 1 joint stereo, 2 two channels, 3 mono. */
  readonly mode: number;
  /** Which parts of joint stereo are joint. */
  readonly modeExtension: number;
  /** Size of the whole frame in bytes; 0 in free format. */
  readonly bytes: number;
}

/** kbit/s by index from 1: MPEG 1 layer I, II, III, then MPEG 2 layer I, then II and III. */
const bitrates = {
  '1/1': [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1/2': [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1/3': [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2/1': [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2/2': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const sampleRates = [44100, 48000, 32000];

/** Maximum size of a free-format frame in bytes: layer II with 640 kbit/s at 8 kHz, and a little more. */
export const longestFreeFrame = 12_288;

/** The header at a position; undefined if there is none. */
export function parseMpegHeader(bytes: Uint8Array, at: number): MpegHeader | undefined {
  if (at + 4 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1] & 0xe0) !== 0xe0) return undefined;
  const versionCode = (bytes[at + 1] >> 3) & 3;
  const layerCode = (bytes[at + 1] >> 1) & 3;
  const bitrateCode = bytes[at + 2] >> 4;
  const rateCode = (bytes[at + 2] >> 2) & 3;
  const emphasis = bytes[at + 3] & 3;
  if (versionCode === 1 || layerCode === 0 || bitrateCode === 15 || rateCode === 3 || emphasis === 2) return undefined;
  const version = versionCode === 3 ? 1 : versionCode === 2 ? 2 : 2.5;
  const layer = (4 - layerCode) as 1 | 2 | 3;
  const table = version === 1 ? bitrates[`1/${layer}`] : layer === 1 ? bitrates['2/1'] : bitrates['2/2'];
  const bitrate = bitrateCode === 0 ? 0 : table[bitrateCode - 1] * 1000;
  const sampleRate = sampleRates[rateCode] / (version === 1 ? 1 : version === 2 ? 2 : 4);
  const samples = layer === 1 ? 384 : layer === 2 || version === 1 ? 1152 : 576;
  const slot = layer === 1 ? 4 : 1;
  const padding = bytes[at + 2] & 2 ? slot : 0;
  const mode = bytes[at + 3] >> 6;
  const body = Math.floor(((samples / 8 / slot) * bitrate) / sampleRate) * slot;
  return {
    version,
    layer,
    bitrate,
    sampleRate,
    channels: mode === 3 ? 1 : 2,
    checksum: (bytes[at + 1] & 1) === 0,
    padding,
    samples,
    mode,
    modeExtension: (bytes[at + 3] >> 4) & 3,
    bytes: bitrate === 0 ? 0 : body + padding,
  };
}

/** Size of the side information of a layer III frame in bytes. */
export function sideInfoBytes({ version, channels }: MpegHeader): number {
  return version === 1 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
}
