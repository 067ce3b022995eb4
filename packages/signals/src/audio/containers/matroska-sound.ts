import { joinBytes } from '@hearken/core/internal';
import { StreamFault } from '../stream-fault.js';
import { elementsIn, floatOf, readElement, readNumber, signedOf, unsignedOf, type Element } from './ebml.js';
import { readMatroskaTrack, type MatroskaTrack } from './matroska-track.js';
import type { Packet, PacketTrack } from './packet-track.js';
import { trailerKind } from './tags.js';

const id = {
  ebml: 0x1a45dfa3,
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  duration: 0x4489,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
  blockDuration: 0x9b,
  discardPadding: 0x75a2,
};
/** Elements that may be in a segment, which end a cluster of unknown size. */
const topLevel = new Set([id.cluster, id.info, id.tracks, 0x114d9b74, 0x1c53bb6b, 0x1043a770, 0x1254c367, 0x1941a469]);

/** Durations are rounded, and some writers include what codecs hold back at the end. */
const roundedSeconds = 0.01;

interface Block {
  /** In the segment's ticks. */
  readonly time: number;
  /** As stored: bytes that all packets begin with may be omitted. */
  readonly packets: Uint8Array[];
}

interface Segment {
  /** Nanoseconds per tick. */
  tick: number;
  /** In ticks; undefined if unknown, as in live recordings. */
  duration?: number;
  track?: MatroskaTrack;
  /** Whether there are other tracks, which may be longer. */
  others: boolean;
  readonly blocks: Block[];
  /** Nanoseconds to cut off at the end. */
  discard: number;
}

/** The first audio track of a WebM or Matroska file (RFC 9559). */
export function matroskaTrack(bytes: Uint8Array): PacketTrack {
  const head = readElement(bytes, 0, bytes.length);
  if (head.id !== id.ebml || head.open) throw new StreamFault('no Matroska header');
  const segment: Segment = { tick: 1e6, others: false, blocks: [], discard: 0 };
  const body = readElement(bytes, head.end, bytes.length);
  if (body.id !== id.segment) throw new StreamFault('a Matroska file without its segment');
  readSegment(bytes, body, segment);
  if (!body.open && body.end < bytes.length && trailerKind(bytes, body.end) === undefined) {
    const next = readElement(bytes, body.end, bytes.length);
    if (next.id === id.ebml)
      throw new StreamFault('several Matroska files one after another', 'split it into its parts');
  }
  const { track, blocks, tick, discard, duration, others } = segment;
  if (track === undefined)
    throw new StreamFault('a WebM or Matroska file without an audio track', 'pass a file with audio');
  const begin = blocks.length > 0 ? blocks[0].time : 0;
  const { codec, config, sampleRate, channels, pcm, prefix } = track;
  const seconds = tick / 1e9;
  function* packets(): Generator<Packet> {
    for (const { time, packets: laced } of blocks) {
      for (const [index, packet] of laced.entries()) {
        const bytes = prefix.length > 0 ? joinBytes([prefix, packet]) : packet;
        yield index === 0 ? { bytes, time: (time - begin) * seconds } : { bytes };
      }
    }
  }
  return {
    codec,
    config,
    sampleRate,
    channels,
    packetCount: blocks.reduce((sum, block) => sum + block.packets.length, 0),
    packets: packets(),
    ...(pcm === undefined ? {} : { pcm }),
    ...(track.delay > 0 ? { skip: { value: track.delay, timescale: 1e9 } } : {}),
    ...(discard > 0 ? { discard: { value: discard, timescale: 1e9 } } : {}),
    check: (samples, rate) => {
      if (duration === undefined || others) return;
      const end = begin * seconds + samples / rate;
      if (end < duration * seconds - Math.max(2 * seconds, roundedSeconds)) {
        throw new StreamFault(`${end.toFixed(3)} of ${(duration * seconds).toFixed(3)} s`);
      }
    },
  };
}

function readSegment(bytes: Uint8Array, body: Element, segment: Segment): void {
  for (let at = body.start; at < body.end;) {
    if (body.open && trailerKind(bytes, at) !== undefined) return;
    const element = readElement(bytes, at, body.end);
    at = element.end;
    if (element.open) {
      if (element.id !== id.cluster) throw new StreamFault('a Matroska element whose size must not be unknown');
      at = endOfOpenCluster(bytes, element);
    }
    const whole = { ...element, end: at, open: false };
    if (element.id === id.info) readInfo(bytes, whole, segment);
    else if (element.id === id.tracks) readTracks(bytes, whole, segment);
    else if (element.id === id.cluster) readCluster(bytes, whole, segment);
  }
}

function endOfOpenCluster(bytes: Uint8Array, { start, end }: Element): number {
  for (let at = start; at < end;) {
    if (trailerKind(bytes, at) !== undefined) return at;
    const element = readElement(bytes, at, end);
    if (topLevel.has(element.id) || element.id === id.ebml) return at;
    at = element.end;
  }
  return end;
}

function readInfo(bytes: Uint8Array, info: Element, segment: Segment): void {
  for (const element of elementsIn(bytes, info)) {
    if (element.id === id.timestampScale) segment.tick = unsignedOf(bytes, element);
    if (element.id === id.duration) segment.duration = floatOf(bytes, element);
  }
  if (!(segment.tick > 0)) throw new StreamFault('a Matroska file with a tick length of 0');
}

function readTracks(bytes: Uint8Array, tracks: Element, segment: Segment): void {
  for (const element of elementsIn(bytes, tracks)) {
    if (element.id !== id.trackEntry) continue;
    const track = segment.track === undefined ? readMatroskaTrack(bytes, element) : undefined;
    if (track === undefined) segment.others = true;
    else segment.track = track;
  }
}

function readCluster(bytes: Uint8Array, cluster: Element, segment: Segment): void {
  let time = 0;
  for (const element of elementsIn(bytes, cluster)) {
    if (element.id === id.timestamp) time = unsignedOf(bytes, element);
    if (element.id === id.simpleBlock) readBlock(bytes, element, time, segment);
    if (element.id !== id.blockGroup) continue;
    const parts = [...elementsIn(bytes, element)];
    const block = parts.find((part) => part.id === id.block);
    if (block === undefined || !readBlock(bytes, block, time, segment)) continue;
    const padding = parts.find((part) => part.id === id.discardPadding);
    segment.discard = padding === undefined ? 0 : signedOf(bytes, padding);
  }
}

/**
 * Adds the packets of a block (RFC 9559, section 10).
 *
 * @returns false for a block of another track
 */
function readBlock(bytes: Uint8Array, { start, end }: Element, time: number, segment: Segment): boolean {
  const { value, length } = readNumber(bytes, start, end);
  const { track } = segment;
  if (track === undefined) throw new StreamFault('audio before its description in Matroska');
  if (value !== track.number) return false;
  const at = start + length;
  if (at + 3 > end) throw new StreamFault('a damaged block in Matroska');
  const relative = ((bytes[at] << 24) | (bytes[at + 1] << 16)) >> 16;
  const packets = lacedPackets(bytes, at + 3, end, (bytes[at + 2] >> 1) & 3);
  segment.discard = 0;
  segment.blocks.push({ time: time + relative, packets });
  return true;
}

function lacedPackets(bytes: Uint8Array, start: number, end: number, lacing: number): Uint8Array[] {
  if (lacing === 0) return [bytes.subarray(start, end)];
  const damaged = () => new StreamFault('a damaged block in Matroska');
  if (start >= end) throw damaged();
  const count = bytes[start] + 1;
  let at = start + 1;
  const sizes: number[] = [];
  if (lacing === 1) {
    while (sizes.length < count - 1) {
      let size = 0;
      let byte: number;
      do {
        if (at >= end) throw damaged();
        byte = bytes[at];
        size += byte;
        at += 1;
      } while (byte === 255);
      sizes.push(size);
    }
  } else if (lacing === 3) {
    while (sizes.length < count - 1) {
      const { value, length } = readNumber(bytes, at, end);
      at += length;
      // All but the first are differences, stored with an offset.
      sizes.push(sizes.length === 0 ? value : sizes[sizes.length - 1] + value - (2 ** (7 * length - 1) - 1));
    }
  } else {
    if (at === end || (end - at) % count !== 0) throw damaged();
    sizes.push(...Array.from({ length: count - 1 }, () => (end - at) / count));
  }
  const packets: Uint8Array[] = [];
  for (const size of sizes) {
    if (size < 0 || at + size > end) throw damaged();
    packets.push(bytes.subarray(at, at + size));
    at += size;
  }
  packets.push(bytes.subarray(at, end));
  return packets;
}
