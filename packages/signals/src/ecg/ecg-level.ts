import { splitChannels } from '../channels.js';
import type { EcgRecord } from './ecg-record.js';

/**
 * The largest distance in mV of a value from its lead's mean that gets no warning. An ECG's waves reach 5 mV, and 10
 * with the worst baseline wander; in µV, or as converter counts (100 or more per mV), they exceed 50.
 */
const largestPeak = 20;

/**
 * Describes the peak of a record that can't be in mV: how high, and in which leads; undefined if it can. Gaps (NaN) and
 * offsets don't count.
 */
export function highPeak({ leads, signal }: Pick<EcgRecord, 'leads' | 'signal'>): string | undefined {
  const peaks = splitChannels(signal, leads.length).map(peakOf);
  const high = leads.filter((_, lead) => peaks[lead] > largestPeak);
  if (high.length === 0) return undefined;
  const which = high.length === leads.length ? 'every lead' : `lead ${high.slice(0, 24).join(', ')}`;
  const peak = Number(peaks.reduce((most, one) => Math.max(most, one), 0).toPrecision(3));
  return `${peak} mV from the mean, over ${largestPeak} mV in ${which}`;
}

/** The warning for a record that can't be in mV; undefined if it can. */
export function levelWarning(record: Pick<EcgRecord, 'leads' | 'signal'>): string | undefined {
  const peak = highPeak(record);
  if (peak === undefined) return undefined;
  return `The peak is ${peak}: is it in µV, a converter's counts, or an artefact?`;
}

/** Largest distance from the mean. */
function peakOf(values: Float32Array): number {
  let [minimum, maximum, sum, count] = [Infinity, -Infinity, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
    sum += value;
    count += 1;
  }
  return count === 0 ? 0 : Math.max(maximum - sum / count, sum / count - minimum);
}
