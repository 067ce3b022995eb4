import { StreamFault, convert } from '../stream-fault.js';
import { BoxReader, boxesIn, findBox, type Box } from './mp4-boxes.js';
import type { PcmFormat } from '../pcm/pcm-coding.js';
import type { PacketCodec } from './packet-track.js';

/** An audio track's description of its codec. */
export interface SoundDescription {
  readonly codec: PacketCodec;
  readonly config: Uint8Array;
  readonly sampleRate: number;
  readonly channels: number;
  /** For PCM: size in bytes of one sample of all channels. */
  readonly frameBytes?: number;
  readonly pcm?: PcmFormat;
}

/** Unsupported codecs, with their names. */
const unread: Readonly<Record<string, string>> = {
  'ac-3': 'AC-3 (Dolby Digital) audio',
  'ec-3': 'E-AC-3 (Dolby Digital Plus) audio',
  'ac-4': 'AC-4 (Dolby) audio',
  samr: 'AMR speech',
  sawb: 'AMR wideband speech',
  enca: 'encrypted audio (DRM)',
  drms: 'encrypted audio (DRM)',
  ima4: 'IMA ADPCM in MP4',
  agsm: 'GSM speech in MP4',
  dtsc: 'DTS audio',
  dtsh: 'DTS audio',
  QDM2: 'QDesign audio',
};

const pcmKinds: Readonly<Record<string, PcmFormat>> = {
  twos: { kind: 'integer', bytes: 2, littleEndian: false },
  sowt: { kind: 'integer', bytes: 2, littleEndian: true },
  in24: { kind: 'integer', bytes: 3, littleEndian: false },
  in32: { kind: 'integer', bytes: 4, littleEndian: false },
  fl32: { kind: 'float', bytes: 4, littleEndian: false },
  fl64: { kind: 'float', bytes: 8, littleEndian: false },
  'raw ': { kind: 'integer', bytes: 1, littleEndian: false, unsigned: true },
  ulaw: { kind: 'mu-law', bytes: 1, littleEndian: false },
  alaw: { kind: 'A-law', bytes: 1, littleEndian: false },
};

/**
 * @param stsd the box with the descriptions of a track's packets (ISO/IEC 14496-12, section 12.2; QuickTime File
 *   Format)
 */
export function readDescription(bytes: Uint8Array, stsd: Box): SoundDescription {
  const reader = new BoxReader(bytes, stsd);
  reader.versioned();
  const count = reader.uint32();
  const entries = [...boxesIn(bytes, reader.position, stsd.end)];
  if (count !== 1 || entries.length !== 1) throw new StreamFault(`an audio track with ${count} descriptions`, convert);
  return readEntry(bytes, entries[0]);
}

function readEntry(bytes: Uint8Array, entry: Box): SoundDescription {
  const { kind } = entry;
  if (kind in unread) throw new StreamFault(unread[kind], convert);
  const reader = new BoxReader(bytes, entry);
  reader.skip(8);
  const version = reader.uint16();
  reader.skip(6);
  let channels = reader.uint16();
  let bits = reader.uint16();
  reader.skip(4);
  let sampleRate = reader.uint32() / 65536;
  let flags = 0;
  // Later QuickTime versions have more fields before the nested boxes.
  if (version === 1) reader.skip(16);
  if (version === 2) {
    reader.skip(4);
    sampleRate = reader.float64();
    channels = reader.uint32();
    reader.skip(4);
    bits = reader.uint32();
    flags = reader.uint32();
    reader.skip(8);
  }
  const inner: Box = { ...entry, start: reader.position };
  const base = { sampleRate, channels };
  const content = (name: string) => {
    const box = findBox(bytes, inner, name) ?? findBox(bytes, inner, 'wave', name);
    if (box === undefined) throw new StreamFault(`an audio track without its '${name}' box`);
    return bytes.subarray(box.start, box.end);
  };
  if (kind === 'mp4a') return { ...base, ...fromDescriptor(content('esds')) };
  if (kind === '.mp3' || kind === 'ms\0U') return { ...base, codec: 'mp3', config: new Uint8Array() };
  if (kind === 'Opus') return { ...base, codec: 'opus', config: content('dOps') };
  // Version and flags, then FLAC's metadata blocks.
  if (kind === 'fLaC') return { ...base, codec: 'flac', config: content('dfLa').subarray(4) };
  if (kind === 'alac') return { ...base, codec: 'alac', config: content('alac').subarray(4) };
  const pcm = pcmFormat(bytes, inner, kind, bits, flags);
  if (pcm === undefined || channels === 0) {
    throw new StreamFault(`audio of the kind '${kind.replaceAll(/[^ -~]/g, '?')}' in MP4 or QuickTime`, convert);
  }
  return { ...base, codec: 'pcm', config: new Uint8Array(), pcm, frameBytes: channels * pcm.bytes };
}

function pcmFormat(bytes: Uint8Array, inner: Box, kind: string, bits: number, flags: number): PcmFormat | undefined {
  if (kind === 'lpcm') {
    // Core Audio's flag bits: float, big-endian, signed.
    const float = (flags & 1) !== 0;
    const unsigned = !float && (flags & 4) === 0;
    const whole = float ? bits === 32 || bits === 64 : [8, 16, 24, 32].includes(bits);
    if (!whole || (unsigned && bits > 8)) return undefined;
    return { kind: float ? 'float' : 'integer', bytes: bits / 8, littleEndian: (flags & 2) === 0, unsigned };
  }
  if (kind === 'ipcm' || kind === 'fpcm') {
    const box = findBox(bytes, inner, 'pcmC');
    if (box === undefined) return undefined;
    const reader = new BoxReader(bytes, box);
    reader.versioned();
    const littleEndian = (reader.uint8() & 1) === 1;
    const size = reader.uint8();
    if (!(kind === 'ipcm' ? [16, 24, 32] : [32, 64]).includes(size)) return undefined;
    return { kind: kind === 'ipcm' ? 'integer' : 'float', bytes: size / 8, littleEndian };
  }
  const format = kind in pcmKinds ? pcmKinds[kind] : undefined;
  if (format === undefined) return undefined;
  if (kind === 'twos' || kind === 'sowt') {
    return bits === 8 || bits === 16 ? { ...format, bytes: bits / 8 } : undefined;
  }
  if (kind === 'raw ' && bits !== 8) return undefined;
  if (!['in24', 'in32', 'fl32', 'fl64'].includes(kind)) return format;
  // In QuickTime, a separate box marks the other byte order.
  const enda = findBox(bytes, inner, 'wave', 'enda') ?? findBox(bytes, inner, 'enda');
  return enda !== undefined && bytes[enda.end - 1] === 1 ? { ...format, littleEndian: true } : format;
}

/** Codec and configuration of an elementary stream (ISO/IEC 14496-1, section 7.2.6). */
function fromDescriptor(esds: Uint8Array): { codec: PacketCodec; config: Uint8Array } {
  let at = 4;
  const open = (tag: number): number => {
    if (esds[at] !== tag) throw new StreamFault('a damaged description of MP4 audio');
    at += 1;
    let length = 0;
    for (let more = true; more && at < esds.length; at += 1) {
      length = length * 128 + (esds[at] & 127);
      more = esds[at] >= 128;
    }
    if (at + length > esds.length) throw new StreamFault('a damaged description of MP4 audio');
    return length;
  };
  open(3);
  const streamFlags = esds[at + 2];
  at += 3 + (streamFlags & 128 ? 2 : 0);
  if (streamFlags & 64) at += 1 + esds[at];
  at += streamFlags & 32 ? 2 : 0;
  open(4);
  const kind = esds[at];
  at += 13;
  if (kind === 0x69 || kind === 0x6b) return { codec: 'mp3', config: new Uint8Array() };
  if (kind !== 0x40 && !(kind >= 0x66 && kind <= 0x68)) {
    const names: Readonly<Record<number, string>> = {
      0xa5: 'AC-3 audio',
      0xa6: 'E-AC-3 audio',
      0xa9: 'DTS audio',
      0xdd: 'Vorbis in MP4',
    };
    throw new StreamFault(kind in names ? names[kind] : `audio of kind ${kind} in MP4`, convert);
  }
  const length = open(5);
  return { codec: 'aac', config: esds.slice(at, at + length) };
}
