import { AudioError } from '@hearken/core';
import { chooseSignals } from './choose-signals.js';
import { checkSize, type EcgRecord, millivolts } from './ecg-record.js';
import { type EdfHeader, edfNumber, type EdfSignal, parseEdfHeader } from './edf-header.js';
import { firstSamples, recordTimes } from './edf-times.js';
import { selectLeads } from './lead-names.js';
import { type EcgWarning, warningFields } from './ecg-warnings.js';

/** The largest EDF or BDF file in bytes. */
export const maximumEdfBytes = 2 ** 30;

/**
 * Reads an ECG from an EDF, EDF+ or BDF file. Interruptions of a discontinuous file (EDF+D, BDF+D) are NaN. Signals
 * that are not in a unit of voltage, or whose rate differs from that of most leads, are left out with a warning.
 *
 * @param bytes the whole file
 * @param path its name in errors
 * @param leads the leads to read, in that order, which must have the same rate; III, aVR, aVL and aVF are computed if
 *   there are only I and II. Default: all.
 * @throws AudioError for a damaged or truncated file, and for leads that are missing or can't be converted to mV
 */
export function parseEdf(bytes: Uint8Array, path: string, leads?: readonly string[]): EcgRecord {
  const fail: Fail = (found, fix = 'export or download the file again') =>
    new AudioError({ asked: `EDF or BDF file '${path}'`, found, fix });
  const header = parseEdfHeader(bytes, path);
  const warnings = [...header.warnings];
  const named = header.signals
    .filter(({ isAnnotations }) => !isAnnotations)
    .map((signal) => ({
      name: signal.label,
      units: signal.units,
      rate: signal.samplesPerRecord / header.duration,
      signal,
    }));
  if (named.length === 0) throw fail('only annotations, no signals', 'pass a file with ECG leads');
  const chosen = chooseSignals(named, leads, path, warnings);
  const [{ rate, signal: first }] = chosen;
  const empty = chosen.find(({ signal }) => signal.samplesPerRecord === 0);
  if (empty !== undefined) throw fail(`no samples in signal ${empty.name}`, 'leave that signal out');
  if (!(rate > 0 && rate <= 1e6)) {
    throw fail(
      `${first.samplesPerRecord} samples in a record duration of ${header.duration} s, which gives no valid rate`,
    );
  }
  const records = countRecords(bytes, header, warnings, fail);
  const starts = startsOf(bytes, header, records, { rate, perRecord: first.samplesPerRecord }, fail);
  const samples = starts[records - 1] + first.samplesPerRecord;
  checkSize(path, chosen.length, samples);
  const gaps = samples - records * first.samplesPerRecord;
  if (gaps > 0)
    warnings.push({
      reason: 'interruption',
      text: `The recording was interrupted for ${(gaps / rate).toFixed(3)} s in total.`,
    });
  const signal = new Float32Array(chosen.length * samples).fill(gaps > 0 ? NaN : 0);
  chosen.forEach((one, index) => {
    const target = signal.subarray(index * samples, (index + 1) * samples);
    readSamples(bytes, header, one.signal, starts, calibrationOf(one.signal, warnings, fail), target);
  });
  const record = { leads: chosen.map(({ name }) => name), sampleRate: rate, signal, ...warningFields(warnings) };
  return leads === undefined ? record : selectLeads(record, leads, path);
}

type Fail = (found: string, fix?: string) => AudioError;

/** Number of records in the file: as the header says, or, if it says -1, the complete ones. */
function countRecords(bytes: Uint8Array, header: EdfHeader, warnings: EcgWarning[], fail: Fail): number {
  const held = bytes.length - header.headerBytes;
  const whole = Math.floor(held / header.recordBytes);
  const records = header.records ?? whole;
  if (records > whole) {
    throw fail(
      `${records} data records in its header, but ${whole} complete ones in ${bytes.length} bytes: it is truncated`,
    );
  }
  if (records === 0) throw fail('no data record', 'pass a file with samples');
  const left = held - records * header.recordBytes;
  if (left > 0) {
    warnings.push({
      reason: 'left-out-samples',
      text:
        header.records === undefined
          ? `The recording was not closed properly: its last record has only ${left} of ${header.recordBytes} bytes and was left out.`
          : `${left} bytes after the last record were left out.`,
    });
  }
  return records;
}

/** The first sample of each record. */
function startsOf(
  bytes: Uint8Array,
  header: EdfHeader,
  records: number,
  { rate, perRecord }: { readonly rate: number; readonly perRecord: number },
  fail: Fail,
): Float64Array {
  if (!header.kind.endsWith('+D')) return Float64Array.from({ length: records }, (_, record) => record * perRecord);
  const times = recordTimes(bytes, header, records);
  if (times === undefined) throw fail(`a discontinuous file (${header.kind}) whose records do not give their times`);
  const starts = firstSamples(times, rate, perRecord);
  if (starts !== undefined) return starts;
  throw fail(`a discontinuous file (${header.kind}) whose records are not in the order of their times`);
}

/** `mV = digital * scale + offset` */
interface Calibration {
  readonly scale: number;
  readonly offset: number;
}

function calibrationOf({ label, units, ...ranges }: EdfSignal, warnings: EcgWarning[], fail: Fail): Calibration {
  const [physicalLow, physicalHigh] = ranges.physicalRange.map(edfNumber);
  const [digitalLow, digitalHigh] = ranges.digitalRange.map(edfNumber);
  const refuse = (what: string, range: readonly string[]) =>
    fail(`${what} range ${range.map((text) => JSON.stringify(text)).join(' to ')} of signal ${label}`);
  if (physicalLow === undefined || physicalHigh === undefined || physicalLow === physicalHigh) {
    throw refuse('a physical', ranges.physicalRange);
  }
  if (digitalLow === undefined || digitalHigh === undefined || digitalLow >= digitalHigh) {
    throw refuse('a digital', ranges.digitalRange);
  }
  if (ranges.physicalRange.some((text) => text.includes(','))) {
    warnings.push({
      reason: 'calibration',
      text: `The range of ${label}, ${ranges.physicalRange.join(' to ')}, was read with decimal commas.`,
    });
  }
  const factor = millivolts(units) ?? NaN;
  const scale = (physicalHigh - physicalLow) / (digitalHigh - digitalLow);
  return { scale: scale * factor, offset: (physicalLow - digitalLow * scale) * factor };
}

function readSamples(
  bytes: Uint8Array,
  { headerBytes, recordBytes, width }: EdfHeader,
  { offset: place, samplesPerRecord }: EdfSignal,
  starts: Float64Array,
  { scale, offset }: Calibration,
  target: Float32Array,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let record = 0; record < starts.length; record += 1) {
    let at = headerBytes + record * recordBytes + place;
    const start = starts[record];
    for (let index = 0; index < samplesPerRecord; index += 1) {
      const digital = width === 2 ? view.getInt16(at, true) : (view.getInt8(at + 2) << 16) | view.getUint16(at, true);
      target[start + index] = digital * scale + offset;
      at += width;
    }
  }
}
