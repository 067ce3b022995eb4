import type { SignalBatch } from '@hearken/core';
import { arrangeLeads } from './leads.js';
import type { HubertEcgOptions } from './options.js';
import { checkFlatLeads, checkUnits, recordOf, toMillivolts } from './signal-checks.js';

/**
 * Checks every record before the first is used; each is put into the model's order just before it is used.
 *
 * @returns a function from a signal's place to its record in mV, `[12, samples]`
 * @throws SignalError for a record in other units, or with a flat lead
 */
export function readRecords(
  signals: SignalBatch,
  { leads, fillLeads, flatLeads, units }: HubertEcgOptions,
): (index: number) => Float32Array {
  const read = (index: number) => {
    const record = toMillivolts(recordOf(signals, index), units);
    checkUnits(record, signals.channels, index, units);
    return arrangeLeads(record, leads, fillLeads);
  };
  for (let index = 0; index < signals.count; index += 1) {
    const record = read(index);
    if (flatLeads === 'refuse') checkFlatLeads(record, index);
  }
  return read;
}
