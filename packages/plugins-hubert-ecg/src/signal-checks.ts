import { type SignalBatch, SignalError, standardLeads } from '@hearken/core';
import { isFlat, type Lead } from './leads.js';
import type { Units } from './options.js';

/**
 * An ECG's waves span 0.5 to 5 mV, and 20 with the worst of baseline wander; in µV, or as converter counts (100 or more
 * per mV), they span over 50.
 */
const largestRange = 50;

/** Factor from each unit to mV. */
const factors: Readonly<Record<string, number>> = { mV: 1, uV: 1e-3, V: 1e3, any: 1 };

/** Factor from the units of a signal to mV. */
export function millivoltFactor(units: Units): number {
  return typeof units === 'number' ? 1 / units : factors[units];
}

/** A record's values in mV. */
export function toMillivolts(record: Float32Array, units: Units): Float32Array {
  const factor = millivoltFactor(units);
  return factor === 1 ? record : record.map((value) => value * factor);
}

/**
 * Refuses a record that can't be in mV, judged by the median range of its leads, so that a lead with an artefact does
 * not count.
 *
 * @param record `[leads, samples]` after conversion to mV
 * @throws SignalError saying what the values look like instead
 */
export function checkUnits(record: Float32Array, leads: number, index: number, units: Units): void {
  if (units === 'any') return;
  const samples = record.length / leads;
  const ranges = Array.from({ length: leads }, (_, lead) =>
    rangeOf(record.subarray(lead * samples, (lead + 1) * samples)),
  );
  const median = ranges.sort((left, right) => left - right)[Math.floor(leads / 2)];
  if (median <= largestRange) return;
  throw new SignalError({
    asked: `an ECG in mV (signal ${index})`,
    found: `leads that span ${Number(median.toPrecision(3))} mV, which looks like µV or a converter's raw counts`,
    fix:
      units === 'mV'
        ? "pass units 'uV', or units as counts per mV (the gain), such as 1000; units 'any' uses values unchanged"
        : `check units ${JSON.stringify(units)}`,
  });
}

/**
 * Refuses a record with a constant lead, as from an electrode that fell off. A record in which every lead is flat is
 * silence, and may be embedded.
 *
 * @param record `[12, samples]` in the model's order
 * @throws SignalError naming the leads
 */
export function checkFlatLeads(record: Float32Array, index: number): void {
  const samples = record.length / standardLeads.length;
  const flat: Lead[] = standardLeads.filter((_, lead) => isFlat(record.subarray(lead * samples, (lead + 1) * samples)));
  if (flat.length === 0 || flat.length === standardLeads.length) return;
  throw new SignalError({
    asked: `an ECG of 12 leads (signal ${index})`,
    found: `lead ${flat.join(', ')} flat, with a constant value`,
    fix: "leave the record out; pass fillLeads true for III, aVR, aVL, aVF from I and II, or flatLeads 'allow'",
  });
}

/** The records of a batch, each `[channels, samples]`. */
export function recordOf({ data, channels, samples }: SignalBatch, index: number): Float32Array {
  const size = channels * samples;
  return data.subarray(index * size, (index + 1) * size);
}

function rangeOf(values: Float32Array): number {
  let [minimum, maximum] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return maximum - minimum;
}
