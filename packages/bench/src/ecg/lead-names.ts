import { AudioError, didYouMean, plainLeadName } from '@hearken/core';
import type { EcgRecord } from './ecg-record.js';

export { plainLeadName, standardLeads } from '@hearken/core';

/**
 * Places of the leads asked for, by name and not by order. Upper and lower case do not matter, nor does `Lead` or `ECG`
 * in front.
 *
 * @param names the names that a file has
 * @param path what errors call the file
 * @throws AudioError that names the missing leads and those that are there
 */
export function findLeads(names: readonly string[], asked: readonly string[], path: string): number[] {
  const plain = names.map(plainLeadName);
  const missing = asked.filter((lead) => !plain.includes(plainLeadName(lead)));
  if (missing.length > 0) {
    throw new AudioError({
      asked: `${asked.length} leads (${asked.join(', ')}) of ECG '${path}'`,
      found: `no ${missing.join(', ')} among its ${names.length} (${names.slice(0, 24).join(', ')})`,
      fix: `${didYouMean(missing[0], names)}choose a record that has them, or a model that computes the missing ones`,
    });
  }
  return asked.map((lead) => {
    const place = plain.indexOf(plainLeadName(lead));
    if (plain.lastIndexOf(plainLeadName(lead)) === place) return place;
    throw new AudioError({
      asked: `lead ${lead} of ECG '${path}'`,
      found: `${plain.filter((name) => name === plainLeadName(lead)).length} of that name`,
      fix: 'rename or leave out all but one',
    });
  });
}

/** The leads asked for, in that order; see {@link findLeads}. */
export function selectLeads(record: EcgRecord, asked: readonly string[], path: string): EcgRecord {
  const places = findLeads(record.leads, asked, path);
  if (places.length === record.leads.length && places.every((place, index) => place === index)) return record;
  const samples = record.signal.length / record.leads.length;
  const signal = new Float32Array(places.length * samples);
  places.forEach((place, index) => {
    signal.set(record.signal.subarray(place * samples, (place + 1) * samples), index * samples);
  });
  return { ...record, leads: places.map((place) => record.leads[place]), signal };
}
