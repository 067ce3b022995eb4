import { AudioError } from '@hearken/core';
import type { EcgRecord } from './ecg-record.js';

/**
 * Fills gaps (NaN, and infinities) with the mean of all other values of the record, over all leads, as the authors of
 * HuBERT-ECG do, and says so in the record's warnings.
 *
 * @param path what errors call the file
 * @throws AudioError for a lead without a single value
 */
export function fillGaps(record: EcgRecord, path: string): EcgRecord {
  const { signal, leads } = record;
  const samples = signal.length / leads.length;
  let sum = 0;
  const gaps = leads.map((_, lead) => {
    let missing = 0;
    for (let index = lead * samples; index < (lead + 1) * samples; index += 1) {
      if (Number.isFinite(signal[index])) sum += signal[index];
      else missing += 1;
    }
    return missing;
  });
  const total = gaps.reduce((all, missing) => all + missing, 0);
  if (total === 0) return record;
  const empty = leads.filter((_, lead) => gaps[lead] === samples);
  if (empty.length > 0) {
    throw new AudioError({
      asked: `ECG '${path}'`,
      found: `no value at all in lead ${empty.slice(0, 24).join(', ')}`,
      fix: 'leave the record or those leads out',
    });
  }
  const mean = sum / (signal.length - total);
  const named = leads.filter((_, lead) => gaps[lead] > 0);
  const share = ((100 * total) / signal.length).toPrecision(2);
  const warning = `${total} missing values (${share}%) in lead ${named.slice(0, 24).join(', ')} were filled with the record's mean, ${mean.toPrecision(3)} mV.`;
  return {
    ...record,
    signal: signal.map((value) => (Number.isFinite(value) ? value : mean)),
    warnings: [...record.warnings, warning],
  };
}
