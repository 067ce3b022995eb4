import type { ByteReader } from '../byte-source.js';
import {
  chunkCounter,
  failing,
  isOpenSize,
  layOut,
  layoutFixes,
  letters,
  viewOf,
  type Enclosed,
  type Fail,
  type SoundLayout,
} from './sound-layout.js';
import { readWavFormat, type WavFormat } from './wav-format.js';

/** Headers are never larger than this. */
const maximumFormatBytes = 4096;
/** `ds64` with a table of as many chunk sizes as anyone writes. */
const maximumSizesBytes = 28 + 12 * 64;

/** The chunk structure of one variant. */
interface Dialect {
  readonly littleEndian: boolean;
  /** Size of a chunk's header in bytes. */
  readonly head: number;
  /** Chunks begin at multiples of this. */
  readonly alignment: number;
}

interface Chunk {
  readonly name: string;
  /** Size of its content in bytes, as declared. */
  readonly size: number;
  readonly start: number;
  readonly next: number;
}

/**
 * Finds the samples of a WAV file (RIFF, and big-endian RIFX), RF64 or BW64 (EBU Tech 3306, ITU-R BS.2088: 64-bit sizes
 * in a `ds64` chunk), or Wave64 (Sony: GUIDs for names, 64-bit sizes).
 *
 * @param size size of the file in bytes
 * @param name its name in errors
 * @throws AudioError for a file that is damaged, truncated or uses an unsupported codec
 */
export function* findWav(size: number, name: string): ByteReader<SoundLayout | Enclosed> {
  const head = yield { offset: 0, length: 40 };
  const magic = letters(head, 0);
  const wave64 = magic === 'riff';
  const container = wave64 ? 'Wave64' : magic === 'RIFF' || !/^(?:RIFX|RF64|BW64)$/.test(magic) ? 'WAV' : magic;
  const fail = failing(container, name);
  if (size === 0) throw fail('an empty file', 'pass a WAV file, or convert this one to WAV');
  if (!wave64 && (head.length < 12 || letters(head, 8) !== 'WAVE' || !/^(?:RIF[FX]|RF64|BW64)$/.test(magic))) {
    throw fail('no RIFF/WAVE header', 'pass a WAV file, or convert this one to WAV');
  }
  if (wave64 && (head.length < 40 || letters(head, 24) !== 'wave'))
    throw fail('no Wave64 header', layoutFixes.truncated);
  const dialect: Dialect = { littleEndian: magic !== 'RIFX', head: wave64 ? 24 : 8, alignment: wave64 ? 8 : 2 };
  const riffBytes = viewOf(head).getUint32(4, dialect.littleEndian) + 8;

  let format: WavFormat | undefined;
  let data: (Chunk & { declared: number | undefined }) | undefined;
  let wideSizes: ReadonlyMap<string, number> | undefined;
  const count = chunkCounter(fail);
  for (let offset = wave64 ? 40 : 12; offset + dialect.head <= size && (format === undefined || data === undefined);) {
    count();
    let chunk = yield* readChunk(offset, dialect, fail);
    const wide = chunk.size === 0xffff_ffff && !wave64 ? wideSizes?.get(chunk.name) : undefined;
    if (wide !== undefined) chunk = { ...chunk, size: wide, next: chunk.start + wide + (wide % 2) };
    if (chunk.name === 'ds64' && (magic === 'RF64' || magic === 'BW64')) {
      wideSizes = readSizes(yield { offset: chunk.start, length: Math.min(chunk.size, maximumSizesBytes) }, fail);
    } else if (chunk.name === 'fmt ') {
      const content = yield { offset: chunk.start, length: Math.min(chunk.size, maximumFormatBytes) };
      if (content.length < Math.min(chunk.size, maximumFormatBytes))
        throw fail('a damaged fmt chunk', layoutFixes.truncated);
      format = readWavFormat(content, dialect.littleEndian, fail);
    } else if (chunk.name === 'data') {
      const open = wave64 ? chunk.size >= 2 ** 62 : wide === undefined && isOpenData(chunk, riffBytes, size);
      data = { ...chunk, declared: open ? undefined : chunk.size };
      if (open) break;
    }
    offset = yield* nextChunk(chunk, dialect);
  }
  if (format === undefined)
    throw fail(data === undefined ? 'no fmt chunk' : 'sample data without a fmt chunk', layoutFixes.truncated);
  if (data === undefined) throw fail('no data chunk', layoutFixes.truncated);
  const { coding, channels, sampleRate } = format;
  const available = size - data.start;
  if (coding === 'mp3') {
    if (data.declared !== undefined && data.declared > available) {
      throw fail(`${available} of ${data.declared} bytes of MP3 data`, layoutFixes.truncated);
    }
    return { encloses: coding, start: data.start, bytes: data.declared ?? available };
  }
  return layOut(
    { container, coding, channels, sampleRate, start: data.start },
    { declared: data.declared, available },
    fail,
  );
}

function* readChunk(offset: number, { littleEndian, head, alignment }: Dialect, fail: Fail): ByteReader<Chunk> {
  const bytes = yield { offset, length: head };
  const view = viewOf(bytes);
  const wave64 = head === 24;
  // Wave64 includes the header in sizes.
  const size = wave64 ? Number(view.getBigUint64(16, true)) - head : view.getUint32(4, littleEndian);
  if (size < 0) throw fail('a chunk that is smaller than its header', layoutFixes.rewrite);
  const start = offset + head;
  return { name: letters(bytes, 0), size, start, next: start + Math.ceil(size / alignment) * alignment };
}

/** Where the next chunk begins: some writers omit the padding byte of an odd chunk. */
function* nextChunk({ size, start, next }: Chunk, { alignment }: Dialect): ByteReader<number> {
  if (alignment !== 2 || size % 2 === 0) return next;
  const behind = yield { offset: start + size, length: 5 };
  const unpadded =
    behind.length === 5 && behind[0] !== 0 && /^[\x21-\x7e]{4}$/.test(letters(behind, 0).trimEnd().padEnd(4, '_'));
  return unpadded && !/^[\x20-\x7e]{4}$/.test(letters(behind, 1)) ? start + size : next;
}

/** The 64-bit sizes that RF64 and BW64 keep in `ds64`: of the data, and of other chunks in its table. */
function readSizes(content: Uint8Array, fail: Fail): ReadonlyMap<string, number> {
  if (content.length < 24) throw fail('a damaged ds64 chunk', layoutFixes.truncated);
  const view = viewOf(content);
  const sizes = new Map([['data', Number(view.getBigUint64(8, true))]]);
  const entries = content.length < 28 ? 0 : view.getUint32(24, true);
  for (let entry = 0, at = 28; entry < entries && at + 12 <= content.length; entry += 1, at += 12) {
    sizes.set(letters(content, at), Number(view.getBigUint64(at + 4, true)));
  }
  return sizes;
}

/** Whether the writer of a WAV file left its data size open: it could not seek back, or was never closed. */
function isOpenData({ size, start }: Chunk, riffBytes: number, fileBytes: number): boolean {
  // A size of zero is true if the RIFF size agrees with the file; otherwise the header was never completed.
  if (size === 0) return fileBytes > start && riffBytes < fileBytes;
  return size > fileBytes - start && isOpenSize(size);
}
