import type { ByteReader } from '../byte-source.js';
import { imaQuickTimeCoding } from './adpcm-coding.js';
import { pcmCoding, type PcmFormat } from './pcm-coding.js';
import {
  checkShape,
  chunkCounter,
  failing,
  isOpenSize,
  layOut,
  layoutFixes,
  letters,
  viewOf,
  type Coding,
  type Fail,
  type SoundLayout,
} from './sound-layout.js';

/** What a compression type of AIFC says about the samples (Apple, "AIFF-C", 1991; QuickTime File Format). */
type Storage = Omit<PcmFormat, 'bytes'> & { readonly bytes?: number };

const big = { kind: 'integer', littleEndian: false } as const;
const storages: Readonly<Record<string, Storage | undefined>> = {
  NONE: big,
  twos: big,
  sowt: { kind: 'integer', littleEndian: true },
  'raw ': { kind: 'integer', littleEndian: false, unsigned: true, bytes: 1 },
  in24: { ...big, bytes: 3 },
  in32: { ...big, bytes: 4 },
  // libsndfile's names, and QuickTime's names with reversed byte order.
  '42n1': { kind: 'integer', littleEndian: true, bytes: 3 },
  '42ni': { kind: 'integer', littleEndian: true, bytes: 3 },
  '23n1': { kind: 'integer', littleEndian: true, bytes: 4 },
  '23ni': { kind: 'integer', littleEndian: true, bytes: 4 },
  fl32: { kind: 'float', littleEndian: false, bytes: 4 },
  FL32: { kind: 'float', littleEndian: false, bytes: 4 },
  fl64: { kind: 'float', littleEndian: false, bytes: 8 },
  FL64: { kind: 'float', littleEndian: false, bytes: 8 },
  ulaw: { kind: 'mu-law', littleEndian: false, bytes: 1 },
  ULAW: { kind: 'mu-law', littleEndian: false, bytes: 1 },
  alaw: { kind: 'A-law', littleEndian: false, bytes: 1 },
  ALAW: { kind: 'A-law', littleEndian: false, bytes: 1 },
};

const codecNames: Readonly<Record<string, string | undefined>> = {
  ACE2: 'ACE 2:1',
  ACE8: 'ACE 8:3',
  ADP4: 'ADPCM',
  DWVW: 'Delta With Variable Word Width (DWVW)',
  'GSM ': 'GSM 6.10',
  agsm: 'GSM 6.10',
  G722: 'G.722 ADPCM',
  G726: 'G.726 ADPCM',
  G728: 'G.728 speech',
  MAC3: 'MACE 3:1',
  MAC6: 'MACE 6:1',
  QDMC: 'QDesign Music',
  QDM2: 'QDesign Music 2',
  Qclp: 'Qualcomm PureVoice',
  rt24: 'RT24 speech',
  rt29: 'RT29 speech',
  '.mp3': 'MP3',
};

const maximumCommonBytes = 4096;

interface Common {
  readonly channels: number;
  /** As declared; for `ima4`, packets or samples. */
  readonly frames: number;
  readonly sampleRate: number;
  readonly coding: Coding;
}

/**
 * Finds the samples of an AIFF or AIFC file, with chunks in any order.
 *
 * @param size size of the file in bytes
 * @param name its name in errors
 * @throws AudioError for a file that is damaged, truncated or uses an unsupported codec
 */
export function* findAiff(size: number, name: string): ByteReader<SoundLayout> {
  const head = yield { offset: 0, length: 12 };
  const container = letters(head, 8) === 'AIFC' ? 'AIFC' : 'AIFF';
  const fail = failing(container, name);
  if (head.length < 12 || letters(head, 0) !== 'FORM') throw fail('no FORM header', layoutFixes.truncated);
  const formBytes = viewOf(head).getUint32(4) + 8;
  let common: Common | undefined;
  let sound: { start: number; declared: number | undefined } | undefined;
  const count = chunkCounter(fail);
  for (let offset = 12; offset + 8 <= size && (common === undefined || sound === undefined);) {
    count();
    const chunk = yield { offset, length: 16 };
    const bytes = viewOf(chunk).getUint32(4);
    const start = offset + 8;
    if (letters(chunk, 0) === 'COMM') {
      const content = yield { offset: start, length: Math.min(bytes, maximumCommonBytes) };
      common = readCommon(content, container === 'AIFC', fail);
    } else if (letters(chunk, 0) === 'SSND') {
      if (chunk.length < 16) throw fail('a truncated sound chunk', layoutFixes.truncated);
      const skipped = 8 + viewOf(chunk).getUint32(8);
      const open = isOpen(bytes, start, formBytes, size);
      if (!open && skipped > bytes) throw fail('samples that begin after their chunk', layoutFixes.rewrite);
      sound = { start: start + (open && bytes < 8 ? 8 : skipped), declared: open ? undefined : bytes - skipped };
      if (open && common === undefined) break;
    }
    offset = start + bytes + (bytes % 2);
  }
  if (common === undefined) throw fail('no COMM chunk', layoutFixes.truncated);
  if (sound === undefined) throw fail('no samples (SSND chunk)', layoutFixes.truncated);
  const { channels, sampleRate, coding } = common;
  const available = size - sound.start;
  const declaredFrames = sound.declared === undefined ? undefined : framesOf(common, sound.declared);
  return layOut(
    { container, coding, channels, sampleRate, start: sound.start },
    { ...sound, available, declaredFrames },
    fail,
  );
}

/** Whether the writer left the size open because it could not seek back. */
function isOpen(bytes: number, start: number, formBytes: number, fileBytes: number): boolean {
  if (bytes === 0 || bytes === 8) return fileBytes > start + 8 && formBytes < fileBytes;
  return bytes > fileBytes - start && isOpenSize(bytes);
}

/** Samples per channel, as declared; for packets, writers give either the number of packets or of samples. */
function framesOf({ frames, coding }: Common, bytes: number): number {
  if (coding.blockFrames === 1) return frames;
  const packets = Math.floor(bytes / coding.blockBytes);
  return frames > packets ? frames : frames * coding.blockFrames;
}

function readCommon(content: Uint8Array, compressed: boolean, fail: Fail): Common {
  if (content.length < (compressed ? 22 : 18)) throw fail('a damaged COMM chunk', layoutFixes.truncated);
  const view = viewOf(content);
  const [channels, frames, bits] = [view.getInt16(0), view.getUint32(2), view.getInt16(6)];
  const sampleRate = extended(view, 8);
  checkShape({ channels, sampleRate }, fail);
  const type = compressed ? letters(content, 18) : 'NONE';
  const shape = { channels, frames, sampleRate };
  if (type === 'ima4') return { ...shape, coding: imaQuickTimeCoding(channels) };
  const storage = storages[type];
  if (storage === undefined) {
    throw fail(codecNames[type] ?? `compression type '${type}'`, layoutFixes.convert);
  }
  if (storage.bytes === undefined && (bits < 1 || bits > 32))
    throw fail(`samples of ${bits} bits`, layoutFixes.rewrite);
  if (storage.unsigned === true && bits > 8) throw fail(`unsigned samples of ${bits} bits`, layoutFixes.convert);
  // Samples whose size is not a whole number of bytes are in the top bits of the bytes they need.
  const coding = pcmCoding({ ...storage, bytes: storage.bytes ?? Math.ceil(bits / 8) }, channels);
  if (coding === undefined) throw fail(`samples of ${bits} bits`, layoutFixes.convert);
  return { ...shape, coding };
}

/** An 80-bit number (IEEE 754 double extended): a sign, a 15-bit exponent, a 64-bit mantissa with its integer bit. */
function extended(view: DataView, at: number): number {
  const exponent = view.getUint16(at);
  const mantissa = view.getUint32(at + 2) * 2 ** 32 + view.getUint32(at + 6);
  const value = mantissa * 2 ** ((exponent & 0x7fff) - 16_383 - 63);
  return exponent & 0x8000 ? -value : value;
}
