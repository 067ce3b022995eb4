import type { ByteReader } from '../byte-source.js';
import { pcmCoding } from './pcm-coding.js';
import { checkShape, failing, layOut, layoutFixes, letters, type Fail, type SoundLayout } from './sound-layout.js';

/** Headers are multiples of 1024 bytes; longer ones are invalid. */
const maximumHeaderBytes = 65_536;

/**
 * Finds the samples of a NIST SPHERE file (TIMIT's `.WAV`, Switchboard's `.sph`): lines of `name -type value`, followed
 * by samples.
 *
 * @param size size of the file in bytes
 * @param name its name in errors
 * @throws AudioError for a file that is damaged, truncated or compressed (Shorten)
 */
export function* findSphere(size: number, name: string): ByteReader<SoundLayout> {
  const fail = failing('NIST SPHERE', name);
  const beginning = letters(yield { offset: 0, length: 32 }, 0, 32);
  const start = Number(/^NIST_1A\r?\n *(\d{1,9})\s/.exec(beginning)?.[1] ?? 'NaN');
  if (!(start >= 16 && start <= maximumHeaderBytes)) throw fail('a header without its length', layoutFixes.rewrite);
  const header = new TextDecoder('latin1').decode(yield { offset: 0, length: start });
  if (header.length < start) throw fail(`${header.length} of ${start} bytes of its header`, layoutFixes.truncated);
  const fields = readFields(header);
  const channels = Number(fields.get('channel_count') ?? 1);
  const sampleRate = Number(fields.get('sample_rate') ?? 'NaN');
  const bytes = Number(fields.get('sample_n_bytes') ?? 'NaN');
  checkShape({ channels, sampleRate }, fail);
  const coding = pcmCoding({ ...storageOf(fields, bytes, fail), bytes }, channels);
  if (coding === undefined) throw fail(`samples of ${bytes} bytes`, layoutFixes.convert);
  const count = fields.get('sample_count');
  const declaredFrames = count === undefined ? undefined : Number(count);
  if (declaredFrames !== undefined && !Number.isSafeInteger(declaredFrames)) {
    throw fail(`a sample count of '${count}'`, layoutFixes.rewrite);
  }
  const sizes = { declared: undefined, available: size - start, declaredFrames };
  return layOut({ container: 'NIST SPHERE', coding, channels, sampleRate, start }, sizes, fail);
}

function readFields(header: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of header.split('\n').slice(2)) {
    if (line.startsWith('end_head')) break;
    const [, key, value] = /^(\S+) +-(?:i|r|s\d*) +(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined) fields.set(key, value);
  }
  return fields;
}

function storageOf(fields: ReadonlyMap<string, string>, bytes: number, fail: Fail) {
  const [codec, ...packed] = (fields.get('sample_coding') ?? 'pcm').toLowerCase().split(/[,-]/);
  if (packed.length > 0) {
    const shorten = packed.join(' ').includes('shorten');
    const found = shorten ? 'samples compressed by Shorten' : `samples packed as '${fields.get('sample_coding')}'`;
    throw fail(found, shorten ? "unpack it: 'sph2pipe -p FILE sound.sph' does it" : layoutFixes.convert);
  }
  const kind = ({ pcm: 'integer', ulaw: 'mu-law', mu: 'mu-law', alaw: 'A-law' } as const)[codec];
  if (kind === undefined) throw fail(`samples coded as '${codec}'`, layoutFixes.convert);
  const order = fields.get('sample_byte_format') ?? '';
  if (kind !== 'integer' || bytes === 1) return { kind, littleEndian: true };
  // The digits say which byte comes first, 0 is the lowest; libsndfile writes two of them for any size.
  const littleEndian = order.startsWith('01');
  if (!littleEndian && !/^\d?\d?10$/.test(order)) throw fail(`a byte order of '${order}'`, layoutFixes.convert);
  return { kind, littleEndian };
}
