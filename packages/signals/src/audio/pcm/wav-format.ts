import { imaWavCoding, microsoftCoding, microsoftCoefficients } from './adpcm-coding.js';
import { pcmCoding, type PcmFormat } from './pcm-coding.js';
import { checkShape, layoutFixes, viewOf, type Coding, type Fail } from './sound-layout.js';

/** Format tags of Microsoft's mmreg.h that are recognised but not supported. */
const codecNames: Readonly<Record<number, string>> = {
  0x0005: 'IBM CVSD',
  0x0008: 'DTS',
  0x0010: 'OKI ADPCM',
  0x0012: 'MediaSpace ADPCM',
  0x0014: 'G.723 ADPCM',
  0x0016: 'DigiSTD',
  0x0017: 'Dialogic OKI ADPCM',
  0x0020: 'Yamaha ADPCM',
  0x0022: 'TrueSpeech',
  0x0031: 'GSM 6.10',
  0x0040: 'G.721 ADPCM',
  0x0042: 'G.723.1 speech',
  0x0045: 'G.726 ADPCM',
  0x0050: 'MPEG audio',
  0x0055: 'MP3',
  0x0064: 'G.726 ADPCM',
  0x0065: 'G.722 ADPCM',
  0x0083: 'G.729 speech',
  0x0092: 'AC-3 (Dolby Digital)',
  0x00ff: 'AAC',
  0x0160: 'Windows Media Audio 1 (WMA)',
  0x0161: 'Windows Media Audio 2 (WMA)',
  0x0162: 'Windows Media Audio Professional (WMA)',
  0x0163: 'Windows Media Audio Lossless (WMA)',
  0x0200: 'Creative ADPCM',
  0x028f: 'G.722 ADPCM',
  0x1600: 'AAC',
  0x1610: 'AAC',
  0x2000: 'AC-3 (Dolby Digital)',
  0x2001: 'DTS',
  0x566f: 'Vorbis',
  0x674f: 'Vorbis',
  0x6771: 'Vorbis',
  0x704f: 'Opus',
  0xa109: 'Speex',
  0xf1ac: 'FLAC',
};

/** The `fmt ` chunk of a WAV file. */
export interface WavFormat {
  readonly channels: number;
  /** Hz. */
  readonly sampleRate: number;
  /** Or the name of a format that is inside the data chunk. */
  readonly coding: Coding | 'mp3';
}

/**
 * Parses a `fmt ` chunk.
 *
 * @throws AudioError for unsupported codecs and contradictory fields
 */
export function readWavFormat(content: Uint8Array, littleEndian: boolean, fail: Fail): WavFormat {
  if (content.length < 16) throw fail('a damaged fmt chunk', layoutFixes.rewrite);
  const view = viewOf(content);
  const word = (at: number) => view.getUint16(at, littleEndian);
  const [tag, channels, sampleRate] = [word(0), word(2), view.getUint32(4, littleEndian)];
  const fields = { channels, blockBytes: word(12), bits: word(14) };
  const code = tag === 0xfffe ? subFormat(content, littleEndian, fail) : tag;
  if (code === 0x55 || code === 0x50) return { channels, sampleRate, coding: 'mp3' };
  checkShape({ channels, sampleRate }, fail);
  const coding = code === 2 || code === 0x11 ? adpcm(code, view, fields, littleEndian, fail) : undefined;
  return { channels, sampleRate, coding: coding ?? fixedSize(code, fields, tag === 0xfffe, littleEndian, fail) };
}

/** The format code of an extensible format: the first two bytes of its GUID, if the rest is the standard suffix. */
function subFormat(content: Uint8Array, littleEndian: boolean, fail: Fail): number {
  if (content.length < 40) throw fail('an extensible fmt chunk of under 40 bytes', layoutFixes.rewrite);
  const view = viewOf(content);
  const rest = [...content.subarray(32, 40)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  // KSDATAFORMAT_SUBTYPE_..., and SUBTYPE_AMBISONIC_B_FORMAT_...; zeros come from writers that only set the code.
  if (!['800000aa00389b71', '8644c8c1ca000000', '0000000000000000'].includes(rest)) {
    throw fail('an extensible format of an unknown kind', layoutFixes.convert);
  }
  return view.getUint16(24, littleEndian);
}

interface Fields {
  readonly channels: number;
  readonly blockBytes: number;
  readonly bits: number;
}

function fixedSize(code: number, fields: Fields, extensible: boolean, littleEndian: boolean, fail: Fail): Coding {
  const { channels, blockBytes, bits } = fields;
  const kind = ({ 1: 'integer', 3: 'float', 6: 'A-law', 7: 'mu-law' } as const)[code];
  if (kind === undefined) {
    throw fail(codecNames[code] ?? `codec 0x${code.toString(16).padStart(4, '0')}`, layoutFixes.convert);
  }
  const bytes = blockBytes / channels;
  // Integers may have fewer bits than their container, and are in its top bits; nothing else may.
  const smallest = kind === 'integer' ? (extensible ? 1 : 8 * bytes - 7) : kind === 'float' ? 8 * bytes : 1;
  if (bits < 1 || bits > 8 * Math.ceil(bytes) || (Number.isInteger(bytes) && bits < smallest)) {
    const needed = (channels * Math.ceil(bits / 8)).toString();
    const found = `frames of ${blockBytes} bytes instead of ${needed} for ${channels} channels of ${bits} bits`;
    throw fail(found, layoutFixes.rewrite);
  }
  const format: PcmFormat = { kind, bytes, littleEndian, unsigned: kind === 'integer' && bytes === 1 };
  const coding = pcmCoding(format, channels);
  if (coding === undefined) throw fail(`${kind}, ${bits} bits`, layoutFixes.convert);
  return coding;
}

function adpcm(code: number, view: DataView, fields: Fields, littleEndian: boolean, fail: Fail): Coding {
  const { channels, blockBytes, bits } = fields;
  const name = code === 2 ? 'Microsoft ADPCM' : 'IMA ADPCM';
  if (bits !== 4) throw fail(`${name} of ${bits} bits`, layoutFixes.convert);
  if (!littleEndian) throw fail(`${name} in RIFX`, layoutFixes.convert);
  if (view.byteLength < 20) throw fail('a damaged fmt chunk', layoutFixes.rewrite);
  const coefficients = code === 2 ? readCoefficients(view) : microsoftCoefficients;
  const coding = code === 2 ? microsoftCoding(channels, blockBytes, coefficients) : imaWavCoding(channels, blockBytes);
  const declared = view.getUint16(18, true);
  // Blocks may end with unused bytes, but never declare more than fits.
  if (coding.blockFrames < 1 || coefficients.length === 0 || declared > coding.blockFrames) {
    throw fail(`${name} with blocks of ${blockBytes} bytes and ${declared} samples`, layoutFixes.rewrite);
  }
  if (declared !== 0 && declared !== coding.blockFrames) {
    throw fail(`${name} with ${declared} of ${coding.blockFrames} samples in a block`, layoutFixes.convert);
  }
  return coding;
}

function readCoefficients(view: DataView): (readonly [number, number])[] {
  const count = view.byteLength < 22 ? 0 : view.getUint16(20, true);
  if (22 + 4 * count > view.byteLength) return [];
  return Array.from({ length: count }, (_, index) => [
    view.getInt16(22 + 4 * index, true),
    view.getInt16(24 + 4 * index, true),
  ]);
}
