import type { EdfHeader } from './edf-header.js';

/** Bytes to search for a record's time, which is at the beginning of the annotations. */
const searched = 64;

/**
 * When each record begins, in seconds after the header's start time, according to the first annotation of each EDF+ or
 * BDF+ record (a time-stamped annotations list: `+1.5`, then two bytes of value 20).
 *
 * @param bytes the whole file
 * @param records how many of them to read
 * @returns undefined if a record has no time
 */
export function recordTimes(bytes: Uint8Array, header: EdfHeader, records: number): Float64Array | undefined {
  const annotations = header.signals.find(({ isAnnotations }) => isAnnotations);
  if (annotations === undefined) return undefined;
  const length = Math.min(searched, annotations.samplesPerRecord * header.width);
  const times = new Float64Array(records);
  for (let record = 0; record < records; record += 1) {
    const start = header.headerBytes + record * header.recordBytes + annotations.offset;
    const text = String.fromCharCode(...bytes.subarray(start, start + length));
    const [onset, ...rest] = text.split('\u0014', 3);
    // If there is no text between the two bytes, it is the record's own time.
    if (rest.length < 2 || rest[0] !== '' || !/^[-+]\d+(?:\.\d*)?$/.test(onset)) return undefined;
    times[record] = Number(onset);
  }
  return times;
}

/**
 * Number of samples from the start of the recording to the start of each record, rounded, because times have limited
 * precision.
 *
 * @param rate in Hz
 * @param perRecord samples per record
 * @returns the first sample of each record; undefined if one begins before the end of the previous one
 */
export function firstSamples(times: Float64Array, rate: number, perRecord: number): Float64Array | undefined {
  const starts = times.map((time) => Math.round((time - times[0]) * rate));
  for (let record = 1; record < starts.length; record += 1) {
    const earliest = starts[record - 1] + perRecord;
    // A rounded time may be a sample early.
    if (starts[record] === earliest - 1) starts[record] = earliest;
    if (starts[record] < earliest) return undefined;
  }
  return starts;
}
