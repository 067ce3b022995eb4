import { viewOf, type BlockDecoder, type Coding } from './sound-layout.js';

/** How a PCM sample is stored in a file. */
export interface PcmFormat {
  readonly kind: 'integer' | 'float' | 'mu-law' | 'A-law';
  /** Size of a sample in bytes. Integers with fewer bits are in the top bits. */
  readonly bytes: number;
  readonly littleEndian: boolean;
  /** Whether integers count from 0 instead of from the middle; default: false. */
  readonly unsigned?: boolean;
}

type SampleReader = (view: DataView, offset: number) => number;

/**
 * Every kind of sample, by kind, bytes and byte order. Integers of n bits are divided by 2^(n-1), libsndfile's
 * convention, so that the lowest is -1; floats are unchanged. Undefined for combinations that no container uses.
 */
const readers: Readonly<Record<string, SampleReader | undefined>> = {
  'integer 1': (view, at) => view.getInt8(at) / 128,
  'unsigned 1': (view, at) => (view.getUint8(at) - 128) / 128,
  'integer 2 little': (view, at) => view.getInt16(at, true) / 32_768,
  'integer 2 big': (view, at) => view.getInt16(at) / 32_768,
  'integer 3 little': (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65_536) / 8_388_608,
  'integer 3 big': (view, at) => (view.getInt16(at) * 256 + view.getUint8(at + 2)) / 8_388_608,
  'integer 4 little': (view, at) => view.getInt32(at, true) / 2_147_483_648,
  'integer 4 big': (view, at) => view.getInt32(at) / 2_147_483_648,
  'float 4 little': (view, at) => view.getFloat32(at, true),
  'float 4 big': (view, at) => view.getFloat32(at),
  'float 8 little': (view, at) => view.getFloat64(at, true),
  'float 8 big': (view, at) => view.getFloat64(at),
  'mu-law 1': (view, at) => muLaw[view.getUint8(at)],
  'A-law 1': (view, at) => aLaw[view.getUint8(at)],
};

/** ITU-T G.711, table 2a and 2b, as 16-bit values over 32768: 14 bits for mu-law and 13 for A-law, in the top bits. */
const muLaw = Float32Array.from({ length: 256 }, (_, stored) => {
  const code = ~stored & 0xff;
  const magnitude = (((code & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4);
  return ((code & 0x80) === 0 ? magnitude - 0x84 : 0x84 - magnitude) / 32_768;
});

const aLaw = Float32Array.from({ length: 256 }, (_, stored) => {
  const code = stored ^ 0x55;
  const segment = (code & 0x70) >> 4;
  const mantissa = ((code & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? mantissa : (mantissa + 0x100) << (segment - 1);
  return ((code & 0x80) === 0 ? -magnitude : magnitude) / 32_768;
});

/** Sizes that are not a power of two, and special kinds. */
function readerOf({ kind, bytes, littleEndian, unsigned }: PcmFormat): SampleReader | undefined {
  const key = `${unsigned === true ? 'unsigned' : kind} ${bytes}`;
  return readers[bytes === 1 ? key : `${key} ${littleEndian ? 'little' : 'big'}`];
}

/**
 * The coding of interleaved samples of fixed size.
 *
 * @returns undefined for sizes that such samples do not have
 */
export function pcmCoding(format: PcmFormat, channels: number): Coding | undefined {
  const read = readerOf(format);
  if (read === undefined) return undefined;
  const { kind, bytes } = format;
  const stride = bytes * channels;
  const decode: BlockDecoder = (data, frames, targets, at) => {
    const view = viewOf(data);
    targets.forEach((target, channel) => {
      let offset = channel * bytes;
      for (let index = at; index < at + frames; index += 1, offset += stride) target[index] = read(view, offset);
    });
  };
  const name = kind === 'integer' ? `${8 * bytes}-bit integers` : kind === 'float' ? `${8 * bytes}-bit floats` : kind;
  return { name, blockBytes: stride, blockFrames: 1, decoder: () => decode };
}
