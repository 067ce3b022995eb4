import { AudioError } from '@hearken/core';
import { maximumLeads } from './ecg-record.js';
import { type Fail, parseRecordLine } from './wfdb-record-line.js';

/** One signal as a WFDB header describes it. */
export interface WfdbSignal {
  /** The file that contains its samples, next to the header; `~` for none. */
  readonly fileName: string;
  /** WFDB's number of the sample format, such as 16 or 212. */
  readonly format: number;
  /** Samples of this signal per frame: its rate is this many times the record's. */
  readonly samplesPerFrame: number;
  /** Number of frames by which the signal's samples are stored later than those of others. */
  readonly skew: number;
  /** Number of bytes before the samples. */
  readonly byteOffset: number;
  /** Counts per physical unit; never 0. */
  readonly gain: number;
  /** Whether the header gives the gain; otherwise it is the format's default of 200. */
  readonly calibrated: boolean;
  /** The count for 0 physical units. */
  readonly baseline: number;
  /** The physical unit, such as `mV`. */
  readonly units: string;
  /** The value that the first difference is added to. */
  readonly initialValue: number;
  /** Sum of all samples modulo 65536; undefined if the header has none. */
  readonly checksum: number | undefined;
  /** The signal's name. */
  readonly description: string;
}

/** A segment: one of the records that make up a record. */
export interface WfdbSegment {
  /** Name of its header without `.hea`; `~` for a gap. */
  readonly name: string;
  /** Its length; 0 for a layout, which only describes the signals. */
  readonly frames: number;
}

/** A record as described by its `.hea` file. */
export interface WfdbHeader {
  /** The record's name. */
  readonly recordName: string;
  /** Frames per second: the rate of signals with one sample per frame, in Hz. */
  readonly sampleRate: number;
  /** Number of frames; undefined if the header leaves it to the files. */
  readonly samples: number | undefined;
  /** In the order of the file; empty if there are segments. */
  readonly signals: readonly WfdbSignal[];
  /** The records that follow each other in this one; usually empty. */
  readonly segments: readonly WfdbSegment[];
}

/** Far longer than any line of a header; matching may take more than linear time. */
const longestLine = 4096;
const maximumSegments = 2 ** 17;
const defaultGain = 200;

const number = String.raw`[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?`;
const formatField = /^(?<format>\d{1,4})(?:x(?<perFrame>\d{1,9}))?(?::(?<skew>\d{1,9}))?(?:\+(?<offset>\d{1,15}))?$/;
const gainField = new RegExp(String.raw`^(?<gain>${number})(?:\((?<baseline>[-+]?\d{1,10})\))?(?:/(?<units>\S+))?$`);
const maximumPerFrame = 2 ** 16;

/**
 * Parses a WFDB header (the format's specification: wfdb.io, "header(5)").
 *
 * @param text the file's content
 * @param path the file's name in errors
 * @throws AudioError for anything else
 */
export function parseWfdbHeader(text: string, path: string): WfdbHeader {
  const fail: Fail = (found, fix = 'write or download the record again') =>
    new AudioError({ asked: `WFDB header '${path}'`, found, fix });
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  if (lines.some((line) => line.length > longestLine)) throw fail(`a line of over ${longestLine} characters`);
  const { segmentCount, signalCount, ...rest } = parseRecordLine(lines[0]?.trim() ?? '', fail);
  if (segmentCount !== undefined) {
    if (segmentCount < 1 || segmentCount > maximumSegments) throw fail(`${segmentCount} segments`);
    if (lines.length - 1 < segmentCount) throw fail(`${segmentCount} segments, and lines for ${lines.length - 1}`);
    return { ...rest, signals: [], segments: parseSegments(lines.slice(1, segmentCount + 1), rest.samples, fail) };
  }
  if (signalCount < 1 || signalCount > maximumLeads) {
    throw fail(`${signalCount} signals`, `pass a record of 1 to ${maximumLeads}`);
  }
  if (lines.length - 1 < signalCount) throw fail(`${signalCount} signals, and lines for ${lines.length - 1}`);
  const signals = lines.slice(1, signalCount + 1).map((line, index) => parseSignal(line.trim(), index, fail));
  return { ...rest, signals, segments: [] };
}

function parseSegments(lines: readonly string[], samples: number | undefined, fail: Fail): WfdbSegment[] {
  const segments = lines.map((line) => {
    const [, name = '', frames = ''] = /^(\S+)\s+(\d{1,15})$/.exec(line.trim()) ?? [];
    if (name === '') throw fail(`${JSON.stringify(line.slice(0, 40))} as a segment`);
    return { name, frames: Number(frames) };
  });
  const sum = segments.reduce((all, { frames }) => all + frames, 0);
  if (samples === undefined || sum === samples) return segments;
  throw fail(`${samples} samples per signal, but segments with ${sum} in total`);
}

/** `file format gain resolution zero initial checksum block description`; everything after the format is optional. */
function parseSignal(line: string, index: number, fail: Fail): WfdbSignal {
  const [, head, tail = ''] = /^((?:\S+\s+){0,7}\S+)(?:\s+(.*))?$/.exec(line) ?? ['', line];
  const [fileName, formatText = '', ...fields] = head.split(/\s+/);
  const where = `signal ${index + 1}`;
  const format = formatField.exec(formatText)?.groups;
  if (format === undefined) throw fail(`format ${JSON.stringify(formatText.slice(0, 40))} of ${where}`);
  // The WFDB library reads 0 as 1, too.
  const samplesPerFrame = Math.max(1, Number(format.perFrame ?? 1));
  if (samplesPerFrame > maximumPerFrame) throw fail(`${format.perFrame} samples per frame of ${where}`);
  const gain = parseGain(fields, where, fail);
  const [, , zero, initial, checksum] = fields;
  const adcZero = integer(zero, `zero of ${where}`, fail) ?? 0;
  return {
    fileName,
    format: Number(format.format),
    samplesPerFrame,
    skew: Number(format.skew ?? 0),
    byteOffset: Number(format.offset ?? 0),
    ...gain,
    baseline: gain.baseline ?? adcZero,
    initialValue: integer(initial, `initial value of ${where}`, fail) ?? adcZero,
    checksum: integer(checksum, `checksum of ${where}`, fail),
    description: tail.trim() === '' ? where : tail.trim(),
  };
}

function parseGain(
  [field]: readonly string[],
  where: string,
  fail: Fail,
): Pick<WfdbSignal, 'gain' | 'calibrated' | 'units'> & { baseline: number | undefined } {
  if (field === undefined) return { gain: defaultGain, calibrated: false, units: 'mV', baseline: undefined };
  const parts = gainField.exec(field)?.groups;
  if (parts === undefined || !Number.isFinite(Number(parts.gain))) {
    throw fail(`gain ${JSON.stringify(field.slice(0, 40))} of ${where}`);
  }
  const gain = Number(parts.gain);
  return {
    gain: gain === 0 ? defaultGain : gain,
    calibrated: gain !== 0,
    units: parts.units ?? 'mV',
    baseline: parts.baseline === undefined ? undefined : Number(parts.baseline),
  };
}

function integer(field: string | undefined, what: string, fail: Fail): number | undefined {
  if (field === undefined) return undefined;
  if (!/^[-+]?\d{1,15}$/.test(field)) throw fail(`${JSON.stringify(field.slice(0, 40))} as ${what}`);
  return Number(field);
}
