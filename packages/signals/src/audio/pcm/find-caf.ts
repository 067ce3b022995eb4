import type { ByteReader } from '../byte-source.js';
import { imaQuickTimeCoding } from './adpcm-coding.js';
import { pcmCoding } from './pcm-coding.js';
import {
  checkShape,
  chunkCounter,
  failing,
  layOut,
  layoutFixes,
  letters,
  viewOf,
  type Coding,
  type Enclosed,
  type Fail,
  type SoundLayout,
} from './sound-layout.js';

const codecNames: Readonly<Record<string, string | undefined>> = {
  'aac ': 'AAC',
  aach: 'HE-AAC',
  aacp: 'HE-AAC',
  alac: 'Apple Lossless (ALAC)',
  'ac-3': 'AC-3 (Dolby Digital)',
  'ec-3': 'E-AC-3 (Dolby Digital Plus)',
  flac: 'FLAC',
  ilbc: 'iLBC speech',
  opus: 'Opus',
  samr: 'AMR speech',
  sawb: 'AMR-WB speech',
  agsm: 'GSM 6.10',
  MAC3: 'MACE 3:1',
  MAC6: 'MACE 6:1',
  QDMC: 'QDesign Music',
  QDM2: 'QDesign Music 2',
  '.mp1': 'MPEG audio of layer 1',
  '.mp2': 'MPEG audio of layer 2',
  'ms\x00\x02': 'Microsoft ADPCM',
  'ms\x00\x11': 'IMA ADPCM as in WAV',
  'ms\x00\x31': 'GSM 6.10',
};

interface Description {
  readonly channels: number;
  readonly sampleRate: number;
  readonly coding: Coding | 'mp3';
}

/**
 * Finds the samples of a Core Audio Format file (Apple, "Core Audio Format Specification 1.0").
 *
 * @param size bytes of the file
 * @param name its name in errors
 * @throws AudioError for a file that is damaged, truncated or uses an unsupported codec
 */
export function* findCaf(size: number, name: string): ByteReader<SoundLayout | Enclosed> {
  const fail = failing('CAF', name);
  let description: Description | undefined;
  let data: { start: number; declared: number | undefined } | undefined;
  let validFrames: number | undefined;
  const count = chunkCounter(fail);
  for (let offset = 8; offset + 12 <= size;) {
    count();
    const head = yield { offset, length: 12 };
    const type = letters(head, 0);
    const bytes = Number(viewOf(head).getBigInt64(4));
    const start = offset + 12;
    if (bytes < 0 && (type !== 'data' || bytes !== -1)) throw fail(`a chunk of ${bytes} bytes`, layoutFixes.rewrite);
    if (type === 'desc') {
      description = readDescription(yield { offset: start, length: 32 }, fail);
    } else if (type === 'data') {
      // The edit count comes before the samples. A size of -1 is open: nothing follows.
      data = { start: start + 4, declared: bytes === -1 ? undefined : bytes - 4 };
      if (bytes === -1 || start + bytes > size) break;
    } else if (type === 'pakt') {
      const table = yield { offset: start, length: 24 };
      if (table.length === 24) validFrames = Number(viewOf(table).getBigInt64(8));
    }
    offset = start + bytes;
  }
  if (description === undefined) throw fail('no desc chunk', layoutFixes.truncated);
  if (data === undefined || (data.declared ?? 0) < 0) throw fail('no samples (data chunk)', layoutFixes.truncated);
  const { coding, channels, sampleRate } = description;
  const available = Math.max(0, size - data.start);
  if (coding === 'mp3') {
    if (data.declared !== undefined && data.declared > available) {
      throw fail(`${available} of ${data.declared} bytes of MP3 data`, layoutFixes.truncated);
    }
    return { encloses: 'mp3', start: data.start, bytes: data.declared ?? available };
  }
  // Only packets may end with samples that are not part of the audio.
  const declaredFrames =
    coding.blockFrames > 1 && validFrames !== undefined && validFrames > 0 ? validFrames : undefined;
  return layOut(
    { container: 'CAF', coding, channels, sampleRate, start: data.start },
    { ...data, available, declaredFrames },
    fail,
  );
}

function readDescription(content: Uint8Array, fail: Fail): Description {
  if (content.length < 32) throw fail('a damaged desc chunk', layoutFixes.truncated);
  const view = viewOf(content);
  const sampleRate = view.getFloat64(0);
  const type = letters(content, 8);
  const [flags, packetBytes, packetFrames, channels, bits] = [12, 16, 20, 24, 28].map((at) => view.getUint32(at));
  if (type === '.mp3') return { channels, sampleRate, coding: 'mp3' };
  checkShape({ channels, sampleRate }, fail);
  if (type === 'ima4') return { channels, sampleRate, coding: imaQuickTimeCoding(channels) };
  const kind = type === 'lpcm' ? (flags & 1 ? 'float' : 'integer') : ({ ulaw: 'mu-law', alaw: 'A-law' } as const)[type];
  if (kind === undefined) throw fail(codecNames[type] ?? `codec '${type}'`, layoutFixes.convert);
  const bytes = packetBytes / channels;
  const littleEndian = (flags & 2) === 2;
  const fits = kind === 'float' ? bits === 8 * bytes : kind !== 'integer' || (bits >= 1 && bits <= 8 * bytes);
  const coding = fits && packetFrames === 1 ? pcmCoding({ kind, bytes, littleEndian }, channels) : undefined;
  if (coding === undefined) {
    const found = `${kind} samples of ${bits} bits, ${packetFrames} times ${channels} in ${packetBytes} bytes`;
    throw fail(found, layoutFixes.convert);
  }
  return { channels, sampleRate, coding };
}
