import { StreamFault, convert } from '../stream-fault.js';
import { BoxReader, boxesIn, findBox, type Box } from './mp4-boxes.js';
import { readDescription, type SoundDescription } from './mp4-description.js';
import { readFragments } from './mp4-fragments.js';
import { readSampleTable, type SampleTable } from './mp4-samples.js';
import type { Packet, PacketTrack, TrackTime } from './packet-track.js';

interface Track {
  readonly id: number;
  /** Ticks per second. */
  readonly timescale: number;
  /** Duration of all packets in ticks, according to the track's header; 0 in a fragmented file. */
  readonly declared: number;
  readonly description: SoundDescription;
  readonly stbl: Box;
  readonly edits: readonly Edit[];
}

/** The part of a track that is played (ISO/IEC 14496-12, section 8.6.6). */
interface Edit {
  /** In the movie's time unit; 0: to the end. */
  readonly duration: number;
  /** The track's tick at which it starts; -1 for silence. */
  readonly start: number;
}

/**
 * The first audio track of an MP4, M4A or QuickTime file, fragmented or not. Positions, sizes, times and the edit list
 * are checked against each other and the file before a packet is decoded.
 *
 * @param bytes the file, starting at its first box
 */
export function mp4Track(bytes: Uint8Array): PacketTrack {
  const boxes = [...topBoxes(bytes)];
  const moov = boxes.find(({ kind }) => kind === 'moov');
  if (moov === undefined) throw new StreamFault('an MP4 file without its index (the moov box)');
  const movie = movieHeader(bytes, moov);
  const track = soundTrack(bytes, moov);
  const { description, timescale, declared, edits } = track;
  const fragmented = findBox(bytes, moov, 'mvex') !== undefined;
  const moofs = boxes.filter(({ kind }) => kind === 'moof');
  const table = fragmented
    ? readFragments(bytes, moov, moofs, track.id, timescale)
    : readSampleTable(bytes, track.stbl, description.frameBytes);
  checkDuration(table, fragmented ? mediaTicks(movie, timescale) : declared, timescale);
  const heard = heardPart(edits, table.duration, timescale, movie.timescale);
  const { codec, config, sampleRate, channels, pcm } = description;
  return {
    codec,
    config,
    sampleRate,
    channels,
    packetCount: table.count,
    packets: packetsOf(bytes, table),
    ...(pcm === undefined ? {} : { pcm }),
    ...heard,
    check: (samples, rate) => {
      // The last packet may be longer than its declared time; none may be missing.
      const expected = Math.floor((table.duration * rate) / timescale);
      if (samples < expected - 1) throw new StreamFault(`${samples} of ${expected} samples`);
    },
  };
}

/** The top-level boxes; a tag may follow the last one. */
function* topBoxes(bytes: Uint8Array): Generator<Box> {
  for (const box of boxesIn(bytes, 0, endOfBoxes(bytes))) yield box;
}

/** Where an ID3v1 tag begins, which some programs append to any file. */
function endOfBoxes(bytes: Uint8Array): number {
  const tag = bytes.length - 128;
  return tag > 0 && bytes[tag] === 0x54 && bytes[tag + 1] === 0x41 && bytes[tag + 2] === 0x47 ? tag : bytes.length;
}

function* packetsOf(bytes: Uint8Array, { ranges }: SampleTable): Generator<Packet> {
  for (const [start, end] of ranges) yield { bytes: bytes.subarray(start, end) };
}

interface Movie {
  readonly timescale: number;
  /** Duration of all fragments, in this time unit; undefined if unknown. */
  readonly fragments?: number;
}

function movieHeader(bytes: Uint8Array, moov: Box): Movie {
  const box = findBox(bytes, moov, 'mvhd');
  if (box === undefined) throw new StreamFault('an MP4 file without its header (the mvhd box)');
  const reader = new BoxReader(bytes, box);
  reader.skip(reader.versioned().version === 1 ? 16 : 8);
  const timescale = reader.uint32();
  if (timescale === 0) throw new StreamFault('an MP4 file with a tick rate of 0');
  const mehd = findBox(bytes, moov, 'mvex', 'mehd');
  if (mehd === undefined) return { timescale };
  const extends_ = new BoxReader(bytes, mehd);
  const fragments = extends_.versioned().version === 1 ? extends_.uint64() : extends_.uint32();
  return { timescale, fragments };
}

function mediaTicks({ timescale, fragments }: Movie, trackTimescale: number): number {
  return fragments === undefined ? 0 : ((fragments - 1) * trackTimescale) / timescale;
}

function soundTrack(bytes: Uint8Array, moov: Box): Track {
  const kinds: string[] = [];
  for (const trak of boxesIn(bytes, moov.start, moov.end)) {
    if (trak.kind !== 'trak') continue;
    const handler = findBox(bytes, trak, 'mdia', 'hdlr');
    if (handler === undefined) continue;
    const reader = new BoxReader(bytes, handler);
    reader.skip(8);
    const kind = reader.text(4);
    kinds.push(kind);
    if (kind === 'soun') return readTrack(bytes, trak);
  }
  const only = kinds.includes('vide') ? 'an MP4 video without audio' : 'an MP4 file without an audio track';
  throw new StreamFault(only, 'pass a file with audio');
}

function readTrack(bytes: Uint8Array, trak: Box): Track {
  const need = (...path: string[]) => {
    const box = findBox(bytes, trak, ...path);
    if (box === undefined) throw new StreamFault(`an audio track without its '${path.at(-1)}' box`);
    return box;
  };
  const tkhd = new BoxReader(bytes, need('tkhd'));
  tkhd.skip(tkhd.versioned().version === 1 ? 16 : 8);
  const id = tkhd.uint32();
  const mdhd = new BoxReader(bytes, need('mdia', 'mdhd'));
  const long = mdhd.versioned().version === 1;
  mdhd.skip(long ? 16 : 8);
  const timescale = mdhd.uint32();
  const duration = long ? mdhd.uint64() : mdhd.uint32();
  if (timescale === 0) throw new StreamFault('an audio track with a tick rate of 0');
  const unknown = duration === (long ? 2 ** 64 : 2 ** 32 - 1);
  const stbl = need('mdia', 'minf', 'stbl');
  const description = readDescription(bytes, need('mdia', 'minf', 'stbl', 'stsd'));
  return { id, timescale, declared: unknown ? 0 : duration, description, stbl, edits: readEdits(bytes, trak) };
}

function readEdits(bytes: Uint8Array, trak: Box): Edit[] {
  const elst = findBox(bytes, trak, 'edts', 'elst');
  if (elst === undefined) return [];
  const reader = new BoxReader(bytes, elst);
  const long = reader.versioned().version === 1;
  return Array.from({ length: reader.count(long ? 20 : 12) }, () => {
    const duration = long ? reader.uint64() : reader.uint32();
    const start = long ? reader.int64() : reader.int32();
    const rate = reader.int32();
    if (start >= 0 && rate !== 0x10000) throw new StreamFault('a track that is played at another speed', convert);
    return { duration, start };
  });
}

/** Writers round to ticks; a missing packet makes a larger difference. */
function checkDuration({ duration }: SampleTable, declared: number, timescale: number): void {
  if (duration < declared - Math.max(1, timescale / 1000)) {
    throw new StreamFault(`${(duration / timescale).toFixed(3)} of ${(declared / timescale).toFixed(3)} s`);
  }
}

/** Applies the edit list to a track. Leading silence is left out, as in other programs. */
function heardPart(
  edits: readonly Edit[],
  duration: number,
  timescale: number,
  movieTimescale: number,
): { skip?: TrackTime; length?: TrackTime } {
  const heard = edits.filter(({ start }) => start >= 0);
  if (heard.length > 1) throw new StreamFault('an audio track composed of several parts (its edit list)', convert);
  if (heard.length === 0) return {};
  const [{ start, duration: length }] = heard;
  const left = Math.max(0, duration - start);
  // The movie's ticks are coarse: only cuts longer than one tick are intended.
  const meant = ((length + 1) * timescale) / movieTimescale < left && length > 0;
  const value = meant ? (length * timescale) / movieTimescale : left;
  return { skip: { value: start, timescale }, length: { value, timescale } };
}
