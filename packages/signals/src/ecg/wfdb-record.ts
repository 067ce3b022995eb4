import { decodeText } from '@hearken/core/internal';
import { chooseSignals } from './choose-signals.js';
import type { EcgRecord } from './ecg-record.js';
import { selectLeads } from './lead-names.js';
import { parseWfdbHeader, type WfdbSignal } from './wfdb-header.js';
import { layoutOf, readSegments } from './wfdb-segments.js';
import { readSignals } from './wfdb-signals.js';
import { failed, type WfdbSource } from './wfdb-source.js';
import { type EcgWarning, warningFields } from './ecg-warnings.js';

/**
 * Reads a WFDB record, with one or several segments; gaps are NaN. Signals that are not in a unit of voltage, whose
 * rate differs from that of most leads, or whose file is missing while others exist, are left out with a warning.
 *
 * @param leads the leads to read, in that order; only the files that contain them are opened, and only they must have
 *   the same rate. III, aVR, aVL and aVF are computed if there are only I and II. Default: all.
 * @throws AudioError naming the file
 */
export async function readWfdb(source: WfdbSource, leads?: readonly string[]): Promise<EcgRecord> {
  const { headerPath } = source;
  const header = parseWfdbHeader(decodeText(source.header), headerPath);
  const warnings: EcgWarning[] = [];
  const segmented = header.segments.length > 0;
  const signals = segmented ? await layoutOf(source, header) : header.signals;
  const rateOf = ({ samplesPerFrame }: WfdbSignal) => samplesPerFrame * header.sampleRate;
  const named = signals.map((signal) => {
    const { description: name, units } = signal;
    return { name, units, rate: rateOf(signal), signal };
  });
  const wanted = chooseSignals(named, leads, headerPath, warnings).map(({ signal }) => signal);
  const leaveOut = (missing: readonly WfdbSignal[]) => {
    const lost = missing.slice(0, 24).map(({ description }) => description);
    warnings.push({
      reason: 'left-out-signal',
      text: `Signal ${lost.join(', ')} was left out: there is no file '${missing[0].fileName}'.`,
    });
  };
  const { values } = segmented
    ? await readSegments(source, header, wanted, warnings)
    : await readSignals(source, header, wanted, warnings, leads === undefined ? leaveOut : undefined);
  const present = wanted.filter((signal) => values.has(signal));
  const read = leads === undefined && segmented ? withValues(present, values, warnings) : present;
  if (read.length === 0) throw failed(headerPath, 'no values', 'pass a record with samples');
  const samples = values.get(read[0])?.length ?? 0;
  const signal = new Float32Array(read.length * samples);
  read.forEach((one, index) => {
    signal.set(values.get(one) ?? [], index * samples);
  });
  const record = {
    leads: read.map(({ description }) => description),
    sampleRate: rateOf(read[0]),
    signal,
    ...warningFields(warnings),
  };
  return leads === undefined ? record : selectLeads(record, leads, headerPath);
}

/** Of the signals in a layout, those that at least one segment has. */
function withValues(
  signals: readonly WfdbSignal[],
  values: ReadonlyMap<WfdbSignal, Float32Array>,
  warnings: EcgWarning[],
): WfdbSignal[] {
  return signals.filter((signal) => {
    if (values.get(signal)?.some((value) => !Number.isNaN(value)) === true) return true;
    warnings.push({ reason: 'left-out-signal', text: `Signal ${signal.description} was left out: no segment has it.` });
    return false;
  });
}
