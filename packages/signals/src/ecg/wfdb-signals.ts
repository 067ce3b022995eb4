import { checkSize, maximumValues, millivolts } from './ecg-record.js';
import { readFlacCounts } from './wfdb-flac.js';
import type { WfdbHeader, WfdbSignal } from './wfdb-header.js';
import { checksumOf, flacBits, knownFormats, readCounts, sampleFormats } from './wfdb-samples.js';
import { checkFileName, failed, maximumSignalBytes, nothing, type WfdbSource } from './wfdb-source.js';
import type { EcgWarning } from './ecg-warnings.js';

/** Signals of a record without segments. */
export interface ReadSignals {
  /** Number of frames that all of them have. */
  readonly frames: number;
  /** In mV, `frames * samplesPerFrame` values each. */
  readonly values: ReadonlyMap<WfdbSignal, Float32Array>;
}

/** What was read from one file: the counts of a signal, starting at `frame` 0, for the number of its frames. */
interface OpenFile {
  /** Number of frames in the file. */
  readonly frames: number;
  counts(signal: WfdbSignal, frames: number): Int32Array;
}

/**
 * Reads some signals of a record without segments.
 *
 * @param wanted some of the header's signals; their files must exist, unless `leaveOut` is given
 * @param warnings receives notes about the files
 * @param leaveOut called with signals whose file is missing; if undefined, that is an error
 * @throws AudioError naming the file
 */
export async function readSignals(
  source: Pick<WfdbSource, 'headerPath' | 'open'>,
  header: WfdbHeader,
  wanted: readonly WfdbSignal[],
  warnings: EcgWarning[],
  leaveOut?: (signals: readonly WfdbSignal[]) => void,
): Promise<ReadSignals> {
  const { headerPath } = source;
  const files = await openFiles(source, header, wanted, leaveOut);
  const present = wanted.filter(({ fileName }) => files.has(fileName));
  const fileOf = ({ fileName }: WfdbSignal): OpenFile =>
    files.get(fileName) ?? { frames: 0, counts: () => new Int32Array() };
  let frames = header.samples ?? maximumValues;
  for (const signal of present) {
    const { frames: held } = fileOf(signal);
    if (header.samples !== undefined && held < header.samples) {
      const found = `${header.samples} samples per signal, but ${held} in '${signal.fileName}'`;
      throw failed(headerPath, found, 'the signal file is truncated: download it again');
    }
    frames = Math.max(0, Math.min(frames, held - signal.skew));
  }
  if (present.length > 0 && frames === 0) throw failed(headerPath, 'no samples', 'pass a record with samples');
  if (header.samples !== undefined && frames < header.samples && present.length > 0) {
    warnings.push({
      reason: 'left-out-samples',
      text: `Skewed signals end before the others: the last ${header.samples - frames} samples were left out.`,
    });
  }
  checkSize(headerPath, present.length, frames * Math.max(1, ...present.map((one) => one.samplesPerFrame)));
  const values = new Map<WfdbSignal, Float32Array>();
  for (const signal of present) {
    const file = fileOf(signal);
    const counts = file.counts(signal, Math.min(file.frames, Math.max(header.samples ?? 0, frames + signal.skew)));
    checkCounts(signal, counts, header, warnings);
    values.set(signal, calibrate(signal, counts, frames));
  }
  return { frames, values };
}

function calibrate(signal: WfdbSignal, counts: Int32Array, frames: number): Float32Array {
  const { samplesPerFrame, skew, baseline, gain, units, format } = signal;
  const bits = flacBits.get(format);
  const gap = bits === undefined ? sampleFormats.get(format)?.gap : -(2 ** (bits - 1));
  const scale = (millivolts(units) ?? 1) / gain;
  const values = new Float32Array(frames * samplesPerFrame);
  const first = skew * samplesPerFrame;
  for (let index = 0; index < values.length; index += 1) {
    const count = counts[first + index];
    values[index] = count === gap ? NaN : (count - baseline) * scale;
  }
  return values;
}

function checkCounts(signal: WfdbSignal, counts: Int32Array, { samples }: WfdbHeader, warnings: EcgWarning[]): void {
  const { description, calibrated, checksum, samplesPerFrame } = signal;
  if (!calibrated)
    warnings.push({
      reason: 'calibration',
      text: `Lead ${description} has no gain in the header: 200 per mV was assumed.`,
    });
  if (checksum === undefined) return;
  const summed = samples === undefined ? counts : counts.subarray(0, samples * samplesPerFrame);
  if ((checksum & 0xffff) === checksumOf(summed)) return;
  warnings.push({
    reason: 'checksum',
    text: `The samples of lead ${description} do not match the checksum in the header.`,
  });
}

async function openFiles(
  { headerPath, open }: Pick<WfdbSource, 'headerPath' | 'open'>,
  header: WfdbHeader,
  wanted: readonly WfdbSignal[],
  leaveOut?: (signals: readonly WfdbSignal[]) => void,
): Promise<Map<string, OpenFile>> {
  const files = new Map<string, OpenFile>();
  const missing: WfdbSignal[][] = [];
  for (const fileName of new Set(wanted.map((signal) => signal.fileName))) {
    checkFileName(headerPath, fileName);
    const group = header.signals.filter((signal) => signal.fileName === fileName);
    const bytes = fileName === nothing ? undefined : await open(fileName, maximumSignalBytes);
    if (bytes === undefined) missing.push(wanted.filter((signal) => signal.fileName === fileName));
    else files.set(fileName, openFile(headerPath, group, bytes));
  }
  if (missing.length === 0) return files;
  if (files.size > 0 && leaveOut !== undefined) {
    for (const signals of missing) leaveOut(signals);
    return files;
  }
  const [[first, ...more]] = missing;
  const named = [first, ...more].slice(0, 24).map(({ description }) => description);
  const found =
    first.fileName === nothing
      ? `no signal file for ${named.join(', ')}`
      : `no file '${first.fileName}' next to it, for ${named.join(', ')}`;
  throw failed(headerPath, found, 'download the whole record');
}

/** @param group all signals in the file, in its order */
function openFile(path: string, group: readonly WfdbSignal[], bytes: Uint8Array): OpenFile {
  const [{ format: code, byteOffset, fileName }] = group;
  const other = group.find((one) => one.format !== code || one.byteOffset !== byteOffset);
  if (other !== undefined) throw failed(path, `'${fileName}' in formats ${code} and ${other.format}`, 'fix the header');
  const samples = bytes.subarray(byteOffset);
  const bits = flacBits.get(code);
  if (bits !== undefined) {
    const perFrame = group[0].samplesPerFrame;
    if (group.some(({ samplesPerFrame }) => samplesPerFrame !== perFrame)) {
      throw failed(path, `signals of several rates in the FLAC file '${fileName}'`, 'fix the header');
    }
    const channels = readFlacCounts(path, fileName, samples, { bits, channels: group.length });
    return {
      frames: Math.floor(channels[0].length / perFrame),
      counts: (signal, frames) => channels[group.indexOf(signal)].subarray(0, frames * perFrame),
    };
  }
  const format = sampleFormats.get(code);
  if (format === undefined) {
    throw failed(path, `storage format ${code} of '${fileName}'`, `write it in one of ${knownFormats.join(', ')}`);
  }
  const frameSamples = group.reduce((sum, { samplesPerFrame }) => sum + samplesPerFrame, 0);
  return {
    frames: Math.floor(format.sampleCount(samples.length) / frameSamples),
    counts: (signal, frames) => {
      const before = group.slice(0, group.indexOf(signal));
      const place = before.reduce((sum, { samplesPerFrame }) => sum + samplesPerFrame, 0);
      const { samplesPerFrame, initialValue } = signal;
      return readCounts(
        samples,
        { format, frameSamples, place, samplesPerFrame, initialValue },
        frames * samplesPerFrame,
      );
    },
  };
}
