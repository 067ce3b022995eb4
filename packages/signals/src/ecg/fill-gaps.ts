import { AudioError } from '@hearken/core';
import { splitChannels } from '../channels.js';
import type { EcgRecord } from './ecg-record.js';
import { withWarning } from './ecg-warnings.js';

/**
 * Fills gaps (NaN, and infinities) with the mean of all other values of the record, over all leads, as the authors of
 * HuBERT-ECG do, and says so in the record's warnings.
 *
 * @param path the file's name in errors
 * @throws AudioError for a lead without any values
 */
export function fillGaps(record: EcgRecord, path: string): EcgRecord {
  const { signal, leads } = record;
  const samples = signal.length / leads.length;
  const { gaps, total, mean } = findGaps(splitChannels(signal, leads.length));
  if (total === 0) return record;
  const empty = leads.filter((_, lead) => gaps[lead] === samples);
  if (empty.length > 0) {
    throw new AudioError({
      asked: `ECG '${path}'`,
      found: `no values in lead ${empty.slice(0, 24).join(', ')}`,
      fix: 'leave the record or those leads out',
    });
  }
  const named = leads.filter((_, lead) => gaps[lead] > 0);
  const share = ((100 * total) / signal.length).toPrecision(2);
  const text = `${total} missing values (${share}%) in lead ${named.slice(0, 24).join(', ')} were filled with the record's mean, ${mean.toPrecision(3)} mV.`;
  return { ...withWarning(record, { reason: 'gaps', text }), signal: filled(signal, mean) };
}

/**
 * Channels with their gaps filled in the same way, without a warning; channels without gaps are returned as they are.
 */
export function withoutGaps(channels: readonly Float32Array[]): readonly Float32Array[] {
  const { total, mean } = findGaps(channels);
  return total === 0 ? channels : channels.map((channel) => filled(channel, mean));
}

/** How many gaps each channel and all of them have, and the mean of all other values. */
function findGaps(channels: readonly Float32Array[]): { gaps: number[]; total: number; mean: number } {
  let [sum, count] = [0, 0];
  const gaps = channels.map((channel) => {
    let missing = 0;
    for (const value of channel) {
      if (Number.isFinite(value)) sum += value;
      else missing += 1;
    }
    count += channel.length - missing;
    return missing;
  });
  return { gaps, total: gaps.reduce((all, missing) => all + missing, 0), mean: sum / count };
}

function filled(values: Float32Array, mean: number): Float32Array {
  return values.map((value) => (Number.isFinite(value) ? value : mean));
}
