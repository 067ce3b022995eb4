import { AudioError } from '@hearken/core';
import { maximumLeads } from './ecg-record.js';

/** One signal as a WFDB header describes it. */
export interface WfdbSignal {
  /** The file that its samples are in, beside the header. */
  readonly fileName: string;
  /** WFDB's number of the sample format, such as 16 or 212. */
  readonly format: number;
  /** Bytes in front of the samples. */
  readonly byteOffset: number;
  /** Counts for one physical unit; never 0. */
  readonly gain: number;
  /** Whether the header says the gain, or the format's default of 200 stands in. */
  readonly calibrated: boolean;
  /** The count that is 0 physical units. */
  readonly baseline: number;
  /** The physical unit, such as `mV`. */
  readonly units: string;
  /** Sum of all samples modulo 65536; undefined where the header has none. */
  readonly checksum: number | undefined;
  /** The signal's name. */
  readonly description: string;
}

/** A record as its `.hea` file describes it. */
export interface WfdbHeader {
  /** The record's name. */
  readonly recordName: string;
  /** Hz. */
  readonly sampleRate: number;
  /** Samples of each signal; undefined where the header leaves it to the files. */
  readonly samples: number | undefined;
  /** In the order of the file. */
  readonly signals: readonly WfdbSignal[];
}

const defaultRate = 250;
/** Far over what a line of a header has; what matching it costs may grow faster than its length. */
const longestLine = 4096;
const defaultGain = 200;

const number = String.raw`[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?`;
const recordLine = new RegExp(
  String.raw`^(?<name>[^\s/]+)(?:/(?<segments>\d+))?\s+(?<signals>\d{1,9})` +
    String.raw`(?:\s+(?<rate>${number})(?:/${number}(?:\(${number}\))?)?(?:\s+(?<samples>\d{1,15})(?:\s.*)?)?)?$`,
);
const formatField = /^(?<format>\d{1,4})(?:x(?<perFrame>\d{1,9}))?(?::(?<skew>\d{1,9}))?(?:\+(?<offset>\d{1,15}))?$/;
const gainField = new RegExp(String.raw`^(?<gain>${number})(?:\((?<baseline>[-+]?\d{1,10})\))?(?:/(?<units>\S+))?$`);

/**
 * Parses a WFDB header (the format's specification: wfdb.io, "header(5)").
 *
 * @param text the file's content
 * @param path what errors call the file
 * @throws AudioError for anything that is no such header, and for parts of the format that are not read here: records of
 *   several segments, several samples a frame, skewed signals
 */
export function parseWfdbHeader(text: string, path: string): WfdbHeader {
  const fail: Fail = (found, fix = 'write or download the record again') =>
    new AudioError({ asked: `WFDB header '${path}'`, found, fix });
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  if (lines.some((line) => line.length > longestLine)) throw fail(`a line of over ${longestLine} characters`);
  const parts = recordLine.exec(lines[0]?.trim() ?? '')?.groups;
  if (parts === undefined) throw fail(`no record line (it begins with ${JSON.stringify(text.slice(0, 40))})`);
  if (parts.segments !== undefined) {
    throw fail(`a record of ${parts.segments} segments`, 'pass its segments one by one, or join them with wfdb first');
  }
  const count = Number(parts.signals);
  if (count < 1 || count > maximumLeads) throw fail(`${count} signals`, `pass a record of 1 to ${maximumLeads}`);
  if (lines.length - 1 < count) throw fail(`${count} signals, and lines for ${lines.length - 1}`);
  const sampleRate = parts.rate === undefined ? defaultRate : Number(parts.rate);
  if (!(sampleRate > 0 && sampleRate <= 1e6)) throw fail(`a sample rate of ${parts.rate} Hz`);
  const samples = Number(parts.samples ?? 0);
  return {
    recordName: parts.name,
    sampleRate,
    samples: samples === 0 ? undefined : samples,
    signals: lines.slice(1, count + 1).map((line, index) => parseSignal(line.trim(), index, fail)),
  };
}

type Fail = (found: string, fix?: string) => AudioError;

/** `file format gain resolution zero initial checksum block description`, all after the format optional. */
function parseSignal(line: string, index: number, fail: Fail): WfdbSignal {
  const [, head, tail = ''] = /^((?:\S+\s+){0,7}\S+)(?:\s+(.*))?$/.exec(line) ?? ['', line];
  const [fileName, formatText = '', ...fields] = head.split(/\s+/);
  const where = `signal ${index + 1}`;
  const format = formatField.exec(formatText)?.groups;
  if (format === undefined) throw fail(`format ${JSON.stringify(formatText.slice(0, 40))} of ${where}`);
  if (Number(format.perFrame ?? 1) !== 1) {
    throw fail(`${format.perFrame} samples a frame of ${where}`, 'resample the record to one rate with wfdb first');
  }
  if (Number(format.skew ?? 0) !== 0)
    throw fail(`${where} skewed by ${format.skew} samples`, 'align it with wfdb first');
  const gain = parseGain(fields, where, fail);
  const [, , zero, , checksum] = fields;
  return {
    fileName,
    format: Number(format.format),
    byteOffset: Number(format.offset ?? 0),
    ...gain,
    baseline: gain.baseline ?? integer(zero, `zero of ${where}`, fail) ?? 0,
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
