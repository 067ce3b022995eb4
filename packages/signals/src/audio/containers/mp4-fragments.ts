import { StreamFault } from '../stream-fault.js';
import { BoxReader, boxesIn, findBox, type Box } from './mp4-boxes.js';
import type { SampleTable } from './mp4-samples.js';

/** Recorders' clocks drift by some samples; a missing fragment is thousands of samples long. */
const gapSeconds = 0.02;

/** A fragment's defaults for its packets. */
interface Defaults {
  readonly duration: number;
  readonly size: number;
}

/**
 * The packets of a track in all fragments (ISO/IEC 14496-12, section 8.8).
 *
 * @param moofs the fragments' boxes, in the order of the file
 * @param timescale the track's time unit, for finding gaps
 */
export function readFragments(
  bytes: Uint8Array,
  moov: Box,
  moofs: readonly Box[],
  trackId: number,
  timescale: number,
): SampleTable {
  const defaults = trackDefaults(bytes, moov, trackId);
  const ranges: (readonly [number, number])[] = [];
  let duration = 0;
  let bytesInAll = 0;
  let origin: number | undefined;
  for (const moof of moofs) {
    for (const traf of boxesIn(bytes, moof.start, moof.end)) {
      if (traf.kind !== 'traf') continue;
      const head = readHead(bytes, traf, moof, defaults);
      if (head.trackId !== trackId) continue;
      const time = decodeTime(bytes, traf);
      // The first one may begin at any time, as in pieces of live streams.
      origin ??= time;
      if (time !== undefined && origin !== undefined && Math.abs(time - origin - duration) > gapSeconds * timescale) {
        const seconds = (value: number) => (value / timescale).toFixed(3);
        throw new StreamFault(`a fragment at ${seconds(time)} s instead of ${seconds(origin + duration)} s`);
      }
      let at = head.base;
      for (const trun of boxesIn(bytes, traf.start, traf.end)) {
        if (trun.kind !== 'trun') continue;
        const run = readRun(new BoxReader(bytes, trun), head, at, bytes.length);
        at = run.end;
        duration += run.duration;
        for (const range of run.ranges) {
          // Overlapping runs could declare any number of packets.
          bytesInAll += range[1] - range[0];
          if (bytesInAll > bytes.length) {
            throw new StreamFault(`packets of over ${bytes.length} bytes in a file of ${bytes.length}`);
          }
          ranges.push(range);
        }
      }
    }
  }
  return { ranges, count: ranges.length, duration };
}

function trackDefaults(bytes: Uint8Array, moov: Box, trackId: number): Defaults {
  const mvex = findBox(bytes, moov, 'mvex');
  for (const box of mvex === undefined ? [] : boxesIn(bytes, mvex.start, mvex.end)) {
    if (box.kind !== 'trex') continue;
    const reader = new BoxReader(bytes, box);
    reader.versioned();
    if (reader.uint32() !== trackId) continue;
    reader.skip(4);
    return { duration: reader.uint32(), size: reader.uint32() };
  }
  return { duration: 0, size: 0 };
}

interface Head extends Defaults {
  readonly trackId: number;
  /** Where the data of the first run is, unless it says otherwise. */
  readonly base: number;
}

function readHead(bytes: Uint8Array, traf: Box, moof: Box, defaults: Defaults): Head {
  const box = findBox(bytes, traf, 'tfhd');
  if (box === undefined) throw new StreamFault('a fragment without a header');
  const reader = new BoxReader(bytes, box);
  const { flags } = reader.versioned();
  const trackId = reader.uint32();
  const base = flags & 1 ? reader.uint64() : moof.at;
  if (flags & 2) reader.skip(4);
  const duration = flags & 8 ? reader.uint32() : defaults.duration;
  const size = flags & 16 ? reader.uint32() : defaults.size;
  return { trackId, base, duration, size };
}

function decodeTime(bytes: Uint8Array, traf: Box): number | undefined {
  const box = findBox(bytes, traf, 'tfdt');
  if (box === undefined) return undefined;
  const reader = new BoxReader(bytes, box);
  return reader.versioned().version === 1 ? reader.uint64() : reader.uint32();
}

function readRun(
  reader: BoxReader,
  head: Head,
  start: number,
  fileBytes: number,
): { ranges: (readonly [number, number])[]; duration: number; end: number } {
  const { flags } = reader.versioned();
  const fields = [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length;
  const count = reader.count(0);
  let at = flags & 1 ? head.base + reader.int32() : start;
  if (flags & 4) reader.skip(4);
  // A packet has at least one byte, and its description takes space as well.
  if (count * fields * 4 > reader.left || (head.size === 0 && !(flags & 0x200)) || count > fileBytes) {
    throw new StreamFault(`a fragment that declares ${count} packets`);
  }
  const ranges: (readonly [number, number])[] = [];
  let duration = 0;
  for (let index = 0; index < count; index += 1) {
    duration += flags & 0x100 ? reader.uint32() : head.duration;
    const size = flags & 0x200 ? reader.uint32() : head.size;
    if (flags & 0x400) reader.skip(4);
    if (flags & 0x800) reader.skip(4);
    if (at < 0 || at + size > fileBytes)
      throw new StreamFault(`a packet at byte ${at} to ${at + size} of ${fileBytes}`);
    ranges.push([at, at + size]);
    at += size;
  }
  return { ranges, duration, end: at };
}
