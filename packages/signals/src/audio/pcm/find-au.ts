import type { ByteReader } from '../byte-source.js';
import { pcmCoding, type PcmFormat } from './pcm-coding.js';
import { checkShape, failing, layOut, layoutFixes, letters, viewOf, type SoundLayout } from './sound-layout.js';

/** Encodings (Sun, audio_filehdr.h; NeXT, soundstruct.h). */
const encodings: Readonly<Record<number, Omit<PcmFormat, 'littleEndian'> | undefined>> = {
  1: { kind: 'mu-law', bytes: 1 },
  2: { kind: 'integer', bytes: 1 },
  3: { kind: 'integer', bytes: 2 },
  4: { kind: 'integer', bytes: 3 },
  5: { kind: 'integer', bytes: 4 },
  6: { kind: 'float', bytes: 4 },
  7: { kind: 'float', bytes: 8 },
  27: { kind: 'A-law', bytes: 1 },
};

const encodingNames: Readonly<Record<number, string | undefined>> = {
  8: 'fragmented samples (encoding 8)',
  10: 'a program for a signal processor (encoding 10)',
  23: 'G.721 ADPCM (encoding 23)',
  24: 'G.722 ADPCM (encoding 24)',
  25: 'G.723 ADPCM of 3 bits (encoding 25)',
  26: 'G.723 ADPCM of 5 bits (encoding 26)',
};

/**
 * Finds the samples of an AU file of Sun or NeXT, and of its little-endian variant (`dns.`).
 *
 * @param size bytes of the file
 * @param name its name in errors
 * @throws AudioError for a file that is damaged, truncated or uses an unsupported codec
 */
export function* findAu(size: number, name: string): ByteReader<SoundLayout> {
  const head = yield { offset: 0, length: 24 };
  const fail = failing('AU', name);
  if (head.length < 24) throw fail('a header of under 24 bytes', layoutFixes.truncated);
  const littleEndian = letters(head, 0) === 'dns.';
  const view = viewOf(head);
  const [start, bytes, encoding, sampleRate, channels] = [4, 8, 12, 16, 20].map((at) =>
    view.getUint32(at, littleEndian),
  );
  checkShape({ channels, sampleRate }, fail);
  if (start < 24) throw fail(`samples that begin at byte ${start}, inside the header`, layoutFixes.rewrite);
  const format = encodings[encoding];
  const coding = format && pcmCoding({ ...format, littleEndian }, channels);
  if (coding === undefined) throw fail(encodingNames[encoding] ?? `encoding ${encoding}`, layoutFixes.convert);
  const declared = bytes === 0xffff_ffff ? undefined : bytes;
  return layOut({ container: 'AU', coding, channels, sampleRate, start }, { declared, available: size - start }, fail);
}
