import { AudioError, didYouMean, findStandardLead, plainLeadName } from '@hearken/core';
import { deriveLead, derivedWarning, derivableLeads } from './derived-leads.js';
import type { EcgRecord } from './ecg-record.js';
import { withWarning } from './ecg-warnings.js';

export { plainLeadName, standardLeads } from '@hearken/core';

/**
 * Positions of the requested leads, found by name. Case and the prefixes `Lead` and `ECG` don't matter.
 *
 * @param names the names in the file
 * @param path the file's name in errors
 * @throws AudioError naming the missing and the existing leads
 */
export function findLeads(names: readonly string[], asked: readonly string[], path: string): number[] {
  const plain = names.map(plainLeadName);
  const missing = asked.filter((lead) => !plain.includes(plainLeadName(lead)));
  if (missing.length > 0) {
    throw new AudioError({
      asked: `${asked.length} leads (${asked.join(', ')}) of ECG '${path}'`,
      found: `no ${missing.join(', ')} among its ${names.length} (${names.slice(0, 24).join(', ')})`,
      fix: `${suggest(missing, names)}choose a record that has them; III, aVR, aVL and aVF can be computed from I and II`,
    });
  }
  return asked.map((lead) => {
    const place = plain.indexOf(plainLeadName(lead));
    if (plain.lastIndexOf(plainLeadName(lead)) === place) return place;
    throw new AudioError({
      asked: `lead ${lead} of ECG '${path}'`,
      found: `${plain.filter((name) => name === plainLeadName(lead)).length} with that name`,
      fix: 'rename or leave out all but one',
    });
  });
}

/** For the first missing lead that one of the file's names may mean; names of other leads don't count. */
function suggest(missing: readonly string[], names: readonly string[]): string {
  const unknown = names.filter((name) => findStandardLead(name) === undefined);
  return missing.map((lead) => didYouMean(lead, unknown)).find((hint) => hint !== '') ?? '';
}

/**
 * The requested leads, in that order; see {@link findLeads}. III, aVR, aVL and aVF are computed, with a warning, if the
 * record only has I and II.
 */
export function selectLeads(record: EcgRecord, asked: readonly string[], path: string): EcgRecord {
  const derived = derivableLeads(record.leads, asked);
  const all = derived.length === 0 ? record : addLeads(record, derived, path);
  return pickLeads(all, asked, path);
}

function addLeads(record: EcgRecord, derived: readonly string[], path: string): EcgRecord {
  const samples = record.signal.length / record.leads.length;
  const leads = [...record.leads, ...derived];
  const signal = new Float32Array(leads.length * samples);
  signal.set(record.signal);
  const [first, second] = findLeads(record.leads, ['I', 'II'], path).map((place) =>
    record.signal.subarray(place * samples, (place + 1) * samples),
  );
  derived.forEach((lead, index) => {
    const start = record.signal.length + index * samples;
    deriveLead(lead, first, second, signal.subarray(start, start + samples));
  });
  return { ...withWarning(record, { reason: 'computed-leads', text: derivedWarning(derived) }), leads, signal };
}

function pickLeads(record: EcgRecord, asked: readonly string[], path: string): EcgRecord {
  const places = findLeads(record.leads, asked, path);
  if (places.length === record.leads.length && places.every((place, index) => place === index)) return record;
  const samples = record.signal.length / record.leads.length;
  const signal = new Float32Array(places.length * samples);
  places.forEach((place, index) => {
    signal.set(record.signal.subarray(place * samples, (place + 1) * samples), index * samples);
  });
  return { ...record, leads: places.map((place) => record.leads[place]), signal };
}
