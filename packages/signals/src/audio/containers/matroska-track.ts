import { StreamFault, convert } from '../stream-fault.js';
import { elementsIn, floatOf, textOf, unsignedOf, type Element } from './ebml.js';
import type { PcmFormat } from '../pcm/pcm-coding.js';
import type { PacketCodec } from './packet-track.js';

/** The description of an audio track in Matroska (RFC 9559, section 5.1.4). */
export interface MatroskaTrack {
  readonly number: number;
  readonly codec: PacketCodec;
  readonly config: Uint8Array;
  readonly sampleRate: number;
  readonly channels: number;
  readonly pcm?: PcmFormat;
  /** Nanoseconds to skip at the start. */
  readonly delay: number;
  /** Bytes that all packets begin with and that are not stored. */
  readonly prefix: Uint8Array;
}

const id = {
  number: 0xd7,
  kind: 0x83,
  codec: 0x86,
  config: 0x63a2,
  delay: 0x56aa,
  audio: 0xe1,
  sampleRate: 0xb5,
  channels: 0x9f,
  bits: 0x6264,
  encodings: 0x6d80,
  encoding: 0x6240,
  encodingScope: 0x5032,
  compression: 0x5034,
  encryption: 0x5035,
  algorithm: 0x4254,
  settings: 0x4255,
};

/**
 * Bytes that packets begin with and that are not stored: headers of a few bytes. Each packet takes that much more
 * memory.
 */
const mostStrippedBytes = 255;

const codecs: Readonly<Record<string, PacketCodec>> = {
  A_OPUS: 'opus',
  A_VORBIS: 'vorbis',
  A_FLAC: 'flac',
  A_ALAC: 'alac',
  'A_MPEG/L3': 'mp3',
  A_AAC: 'aac',
  'A_PCM/INT/LIT': 'pcm',
  'A_PCM/INT/BIG': 'pcm',
  'A_PCM/FLOAT/IEEE': 'pcm',
};

/** @returns undefined for a track without audio */
export function readMatroskaTrack(bytes: Uint8Array, entry: Element): MatroskaTrack | undefined {
  const fields = new Map([...elementsIn(bytes, entry)].map((element) => [element.id, element]));
  const field = (key: number) => fields.get(key);
  const kind = field(id.kind);
  if (kind === undefined || unsignedOf(bytes, kind) !== 2) return undefined;
  const codecId = field(id.codec);
  const name = codecId === undefined ? '' : textOf(bytes, codecId);
  const codec = name in codecs ? codecs[name] : undefined;
  if (codec === undefined) {
    throw new StreamFault(`audio of the kind '${name.replaceAll(/[^ -~]/g, '?')}' in WebM or Matroska`, convert);
  }
  const audio = field(id.audio);
  const audioFields = new Map(
    audio === undefined ? [] : [...elementsIn(bytes, audio)].map((element) => [element.id, element]),
  );
  const rate = audioFields.get(id.sampleRate);
  const channels = audioFields.get(id.channels);
  const bits = audioFields.get(id.bits);
  const config = field(id.config);
  const number = field(id.number);
  const delay = field(id.delay);
  return {
    number: number === undefined ? 1 : unsignedOf(bytes, number),
    codec,
    config: config === undefined ? new Uint8Array() : bytes.slice(config.start, config.end),
    sampleRate: rate === undefined ? 8000 : floatOf(bytes, rate),
    channels: channels === undefined ? 1 : unsignedOf(bytes, channels),
    delay: delay === undefined ? 0 : unsignedOf(bytes, delay),
    prefix: strippedHeader(bytes, field(id.encodings)),
    ...(codec === 'pcm' ? { pcm: pcmFormat(name, bits === undefined ? 0 : unsignedOf(bytes, bits)) } : {}),
  };
}

function pcmFormat(name: string, bits: number): PcmFormat {
  const float = name.endsWith('IEEE');
  if (!(float ? [32, 64] : [8, 16, 24, 32]).includes(bits)) {
    throw new StreamFault(`PCM of ${bits} bits in Matroska`, convert);
  }
  const kind = float ? 'float' : 'integer';
  return { kind, bytes: bits / 8, littleEndian: !name.endsWith('BIG'), unsigned: !float && bits === 8 };
}

/** Some writers omit bytes that all packets begin with (RFC 9559, section 5.1.4.1.31). */
function strippedHeader(bytes: Uint8Array, encodings: Element | undefined): Uint8Array {
  const all =
    encodings === undefined ? [] : [...elementsIn(bytes, encodings)].filter((each) => each.id === id.encoding);
  if (all.length === 0) return new Uint8Array();
  if (all.length > 1) throw new StreamFault('a Matroska track with several encodings', convert);
  const parts = [...elementsIn(bytes, all[0])];
  if (parts.some((part) => part.id === id.encryption)) throw new StreamFault('encrypted audio in Matroska', convert);
  const scope = parts.find((part) => part.id === id.encodingScope);
  const compression = parts.find((part) => part.id === id.compression);
  const settings = compression === undefined ? [] : [...elementsIn(bytes, compression)];
  const algorithm = settings.find((part) => part.id === id.algorithm);
  const method = algorithm === undefined ? 0 : unsignedOf(bytes, algorithm);
  if (method !== 3 || (scope !== undefined && unsignedOf(bytes, scope) !== 1)) {
    throw new StreamFault('a compressed Matroska track', convert);
  }
  const prefix = settings.find((part) => part.id === id.settings);
  if (prefix !== undefined && prefix.end - prefix.start > mostStrippedBytes) {
    throw new StreamFault(`a Matroska track that omits ${prefix.end - prefix.start} bytes of each packet`, convert);
  }
  return prefix === undefined ? new Uint8Array() : bytes.slice(prefix.start, prefix.end);
}
