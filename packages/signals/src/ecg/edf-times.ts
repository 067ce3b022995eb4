import type { EdfHeader } from './edf-header.js';

/** Bytes that are searched for a record's time: it stands at the beginning of the annotations. */
const searched = 64;

/**
 * When each record begins, in seconds after the start time of the header, as the first annotation of each record of EDF+ and
 * BDF+ says (a time-stamped annotations list: `+1.5`, then two bytes 20).
 *
 * @param bytes the whole file
 * @param records how many of them to read
 * @returns undefined where a record does not say it
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
    // Without a text between both bytes it is the record's own time.
    if (rest.length < 2 || rest[0] !== '' || !/^[-+]\d+(?:\.\d*)?$/.test(onset)) return undefined;
    times[record] = Number(onset);
  }
  return times;
}

/**
 * Samples from the beginning of the recording to that of each record, by their times; the nearest, since times are written
 * with some digits.
 *
 * @param rate Hz
 * @param perRecord samples
 * @returns the first sample of each record; undefined where one begins before the end of the record ahead of it
 */
export function firstSamples(times: Float64Array, rate: number, perRecord: number): Float64Array | undefined {
  const starts = times.map((time) => Math.round((time - times[0]) * rate));
  for (let record = 1; record < starts.length; record += 1) {
    const earliest = starts[record - 1] + perRecord;
    // A time that is rounded may be a sample early.
    if (starts[record] === earliest - 1) starts[record] = earliest;
    if (starts[record] < earliest) return undefined;
  }
  return starts;
}
