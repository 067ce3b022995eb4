import { StreamFault } from '../stream-fault.js';
import { BoxReader, findBox, type Box } from './mp4-boxes.js';

/** Where a track's samples are, and their durations. MP4's "sample" is called a packet here, except for PCM. */
export interface SampleTable {
  /** Byte ranges in order of time. */
  readonly ranges: Iterable<readonly [start: number, end: number]>;
  readonly count: number;
  /** Total duration, in the track's time unit. */
  readonly duration: number;
}

/**
 * The sample table of a track (ISO/IEC 14496-12, section 8.6 and 8.7), checked against the file before anything is
 * read.
 *
 * @param stbl the box
 * @param pcmFrameBytes size in bytes of one sample of all channels, for PCM whose sizes are not stored
 */
export function readSampleTable(bytes: Uint8Array, stbl: Box, pcmFrameBytes: number | undefined): SampleTable {
  const reader = (kind: string) => {
    const box = findBox(bytes, stbl, kind);
    return box === undefined ? undefined : new BoxReader(bytes, box);
  };
  const sizes = readSizes(reader('stsz'), reader('stz2'), pcmFrameBytes, bytes.length);
  const durations = readDurations(reader('stts'));
  const chunks = readChunks(reader('stco'), reader('co64'));
  const runs = readRuns(reader('stsc'));
  if (durations.count !== sizes.count) {
    throw new StreamFault(`times of ${durations.count} packets, but sizes of ${sizes.count}`);
  }
  const table = { ...sizes, chunks, runs };
  // Everything is checked first, so that nothing of a truncated file is decoded.
  for (const [start, end] of rangesOf(table)) {
    if (end > bytes.length) throw new StreamFault(`a packet at byte ${start} to ${end} of ${bytes.length}`);
  }
  return { ranges: { [Symbol.iterator]: () => rangesOf(table) }, count: sizes.count, duration: durations.total };
}

interface Sizes {
  readonly count: number;
  readonly sizeOf: (index: number) => number;
  /** Whether samples of a chunk are one range: PCM. */
  readonly whole: boolean;
}

interface Run {
  readonly firstChunk: number;
  readonly samples: number;
}

function readSizes(
  stsz: BoxReader | undefined,
  stz2: BoxReader | undefined,
  pcmFrameBytes: number | undefined,
  fileBytes: number,
): Sizes {
  if (stsz !== undefined) {
    stsz.versioned();
    const size = stsz.uint32();
    if (size === 0) {
      const count = stsz.count(4);
      const table = Uint32Array.from({ length: count }, () => stsz.uint32());
      return { count, sizeOf: (index) => table[index], whole: false };
    }
    const count = stsz.uint32();
    const each = pcmFrameBytes ?? size;
    if (count * each > fileBytes) {
      throw new StreamFault(`${count} packets of ${each} bytes in a file of ${fileBytes}`);
    }
    return { count, sizeOf: () => each, whole: pcmFrameBytes !== undefined };
  }
  if (stz2 === undefined) throw new StreamFault('a track without the sizes of its packets');
  stz2.versioned();
  const bits = stz2.uint32() & 255;
  if (![4, 8, 16].includes(bits)) throw new StreamFault(`sizes of packets with ${bits} bits`);
  const count = stz2.count(bits / 8);
  const table = new Uint16Array(count);
  for (let index = 0; index < count; index += 1) {
    if (bits === 16) table[index] = stz2.uint16();
    else if (bits === 8) table[index] = stz2.uint8();
    else {
      const pair = stz2.uint8();
      table[index] = pair >> 4;
      index += 1;
      if (index < count) table[index] = pair & 15;
    }
  }
  return { count, sizeOf: (index) => table[index], whole: false };
}

function readDurations(stts: BoxReader | undefined): { count: number; total: number } {
  if (stts === undefined) throw new StreamFault('a track without the times of its packets');
  stts.versioned();
  let [count, total] = [0, 0];
  for (let entry = stts.count(8); entry > 0; entry -= 1) {
    const samples = stts.uint32();
    count += samples;
    total += samples * stts.uint32();
  }
  return { count, total };
}

function readChunks(stco: BoxReader | undefined, co64: BoxReader | undefined): Float64Array {
  const reader = stco ?? co64;
  if (reader === undefined) throw new StreamFault('a track without the positions of its packets');
  reader.versioned();
  const count = reader.count(stco === undefined ? 8 : 4);
  return Float64Array.from({ length: count }, () => (stco === undefined ? reader.uint64() : reader.uint32()));
}

function readRuns(stsc: BoxReader | undefined): Run[] {
  if (stsc === undefined) throw new StreamFault('a track without the order of its packets');
  stsc.versioned();
  return Array.from({ length: stsc.count(12) }, () => {
    const run = { firstChunk: stsc.uint32() - 1, samples: stsc.uint32() };
    // Which of several descriptions a chunk has; a track with two kinds of audio is not supported.
    stsc.skip(4);
    return run;
  });
}

function* rangesOf({
  count,
  sizeOf,
  whole,
  chunks,
  runs,
}: Sizes & { chunks: Float64Array; runs: readonly Run[] }): Generator<readonly [number, number]> {
  let index = 0;
  let run = -1;
  for (let chunk = 0; chunk < chunks.length && index < count; chunk += 1) {
    while (run + 1 < runs.length && runs[run + 1].firstChunk <= chunk) run += 1;
    if (run < 0) throw new StreamFault('chunks before the first one that is described');
    let at = chunks[chunk];
    const samples = Math.min(runs[run].samples, count - index);
    if (whole) {
      yield [at, at + samples * sizeOf(index)];
      index += samples;
      continue;
    }
    for (let left = samples; left > 0; left -= 1) {
      const end = at + sizeOf(index);
      yield [at, end];
      at = end;
      index += 1;
    }
  }
  if (index < count) throw new StreamFault(`positions of ${index} of ${count} packets`);
}
