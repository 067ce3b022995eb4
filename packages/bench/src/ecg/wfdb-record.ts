import { AudioError } from '@hearken/core';
import { checkSize, type EcgRecord, maximumValues, millivolts } from './ecg-record.js';
import { leadsToRead } from './derived-leads.js';
import { findLeads, selectLeads } from './lead-names.js';
import { parseWfdbHeader, type WfdbHeader, type WfdbSignal } from './wfdb-header.js';
import { readSamples, sampleFormats } from './wfdb-samples.js';

/** Most bytes of a header. */
export const maximumHeaderBytes = 2 ** 20;
/** Most bytes of a signal file. */
export const maximumSignalBytes = 2 ** 30;

/** Where a WFDB record is read from. */
export interface WfdbSource {
  /** What errors call the header. */
  readonly headerPath: string;
  readonly header: Uint8Array;
  /** A signal file beside the header, whole; undefined where there is none of that name. The name is a plain one. */
  readonly open: (fileName: string) => Promise<Uint8Array | undefined>;
}

/**
 * Reads a WFDB record. Signals in other units than those of voltage, and signals whose file is missing while others are
 * there, are left out with a warning.
 *
 * @param leads the leads to read, in that order; only the files that they lie in are opened. III, aVR, aVL and aVF are
 *   computed where there are I and II and not them. Default: all.
 * @throws AudioError naming the file
 */
export async function readWfdb(source: WfdbSource, leads?: readonly string[]): Promise<EcgRecord> {
  const { headerPath } = source;
  const header = parseWfdbHeader(decodeText(source.header), headerPath);
  const warnings: string[] = [];
  const electric = header.signals.filter(({ units, description }) => {
    if (millivolts(units) !== undefined) return true;
    warnings.push(`Signal ${description} in ${units} was left out.`);
    return false;
  });
  const names = electric.map(({ description }) => description);
  const wanted =
    leads === undefined
      ? electric
      : findLeads(names, leadsToRead(names, leads), headerPath).map((place) => electric[place]);
  const files = await readSignalFiles(source, wanted, leads === undefined ? warnings : undefined);
  const present = wanted.filter(({ fileName }) => files.has(fileName));
  if (present.length === 0) throw failed(headerPath, 'no ECG signal', 'pass a record with ECG leads');
  const samples = countSamples(headerPath, header, present, files);
  checkSize(headerPath, present.length, samples);
  const signal = new Float32Array(present.length * samples);
  for (const [index, one] of present.entries()) {
    const target = signal.subarray(index * samples, (index + 1) * samples);
    readSignal(one, header, files, target, warnings);
  }
  const { sampleRate } = header;
  const record = { leads: present.map(({ description }) => description), sampleRate, signal, warnings };
  return leads === undefined ? record : selectLeads(record, leads, headerPath);
}

/**
 * The signal files by name, read whole.
 *
 * @param warnings where to say that a file is missing; absent, that is an error
 */
async function readSignalFiles(
  { headerPath, open }: WfdbSource,
  signals: readonly WfdbSignal[],
  warnings: string[] | undefined,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const missing: AudioError[] = [];
  for (const fileName of new Set(signals.map((signal) => signal.fileName))) {
    checkFileName(headerPath, fileName);
    const bytes = await open(fileName);
    if (bytes !== undefined) {
      files.set(fileName, bytes);
      continue;
    }
    const lost = signals.filter((signal) => signal.fileName === fileName).map(({ description }) => description);
    const named = lost.slice(0, 24).join(', ');
    missing.push(failed(headerPath, `no file '${fileName}' beside it, for ${named}`, 'download the whole record'));
    warnings?.push(`Signal ${named} was left out: there is no file '${fileName}'.`);
  }
  if (missing.length > 0 && (files.size === 0 || warnings === undefined)) throw missing[0];
  return files;
}

/** A signal file lies beside its header: its name has no folder in it. */
function checkFileName(headerPath: string, fileName: string): void {
  if (!/[\\/:]/.test(fileName) && !/^(?:\.{0,2}|[-~])$/.test(fileName)) return;
  throw outside(headerPath, fileName, 'which is no plain file name');
}

/** The error for a signal file that is not in the header's folder. */
export function outside(headerPath: string, fileName: string, found: string): AudioError {
  return failed(headerPath, `signal file '${fileName}', ${found}`, 'keep the files of a record in one folder');
}

/** Samples of each signal: what the header says, if the files hold them, or else what they hold. */
function countSamples(
  path: string,
  header: WfdbHeader,
  present: readonly WfdbSignal[],
  files: ReadonlyMap<string, Uint8Array>,
): number {
  const held = present.map((signal) => {
    const format = formatOf(path, header, signal);
    const bytes = (files.get(signal.fileName)?.length ?? 0) - signal.byteOffset;
    const inFile = Math.floor(format.sampleCount(Math.max(0, bytes)) / groupOf(header, signal).length);
    if (header.samples !== undefined && inFile < header.samples) {
      throw failed(
        path,
        `${header.samples} samples a signal, and ${inFile} in '${signal.fileName}'`,
        'the signal file is cut short: download it again',
      );
    }
    return inFile;
  });
  const samples = header.samples ?? held.reduce((least, inFile) => Math.min(least, inFile), maximumValues);
  if (samples === 0) throw failed(path, 'no sample', 'pass a record with samples');
  return samples;
}

function readSignal(
  signal: WfdbSignal,
  header: WfdbHeader,
  files: ReadonlyMap<string, Uint8Array>,
  target: Float32Array,
  warnings: string[],
): void {
  const group = groupOf(header, signal);
  const format = sampleFormats.get(signal.format);
  const bytes = files.get(signal.fileName);
  if (format === undefined || bytes === undefined) return;
  const scale = (millivolts(signal.units) ?? 1) / signal.gain;
  const checksum = readSamples(
    bytes.subarray(signal.byteOffset),
    { format, signals: group.length, place: group.indexOf(signal), calibration: { baseline: signal.baseline, scale } },
    target,
  );
  if (!signal.calibrated) warnings.push(`Lead ${signal.description} has no gain in the header: 200 a mV was taken.`);
  if (signal.checksum !== undefined && (signal.checksum & 0xffff) !== checksum) {
    warnings.push(`The samples of lead ${signal.description} do not have the checksum that the header says.`);
  }
}

/** All signals that lie in the same file, one after the other, sample by sample. */
function groupOf({ signals }: WfdbHeader, { fileName }: WfdbSignal): WfdbSignal[] {
  return signals.filter((signal) => signal.fileName === fileName);
}

function formatOf(path: string, header: WfdbHeader, signal: WfdbSignal) {
  const format = sampleFormats.get(signal.format);
  if (format === undefined) {
    const known = [...sampleFormats.keys()].sort((left, right) => left - right).join(', ');
    throw failed(path, `storage format ${signal.format} of '${signal.fileName}'`, `write it in one of ${known}`);
  }
  const other = groupOf(header, signal).find(
    (one) => one.format !== signal.format || one.byteOffset !== signal.byteOffset,
  );
  if (other !== undefined) {
    throw failed(path, `'${signal.fileName}' in formats ${signal.format} and ${other.format}`, 'repair the header');
  }
  return format;
}

/** UTF-8 where it is, else Latin-1, in which older tools wrote µV. */
function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

function failed(path: string, found: string, fix: string): AudioError {
  return new AudioError({ asked: `WFDB record '${path}'`, found, fix });
}
