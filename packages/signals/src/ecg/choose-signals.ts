import { AudioError, findStandardLead, plainLeadName } from '@hearken/core';
import { leadsToRead } from './derived-leads.js';
import { maximumLeads, millivolts } from './ecg-record.js';
import { findLeads } from './lead-names.js';
import type { EcgWarning } from './ecg-warnings.js';

/** A signal of a file in which each signal has its own unit and rate. */
export interface FileSignal {
  readonly name: string;
  /** As in the file. */
  readonly units: string;
  /** In Hz. */
  readonly rate: number;
}

/**
 * Chooses the signals of a file to read as one ECG. Without `leads`, all those in a unit of voltage with the same rate:
 * the rate that most standard leads have, or else most signals. Left-out signals are reported.
 *
 * @param leads requested, in that order; I and II are added if others are computed from them
 * @param path the file's name in errors
 * @param warnings receives what was left out
 * @throws AudioError for leads that are missing, in other units, or of several rates, and if nothing is left
 */
export function chooseSignals<Signal extends FileSignal>(
  signals: readonly Signal[],
  leads: readonly string[] | undefined,
  path: string,
  warnings: EcgWarning[],
): Signal[] {
  const electric = signals.filter(({ units }) => millivolts(units) !== undefined);
  if (leads === undefined) {
    const others = signals.filter((signal) => !electric.includes(signal));
    for (const { name, units } of others.slice(0, 24))
      warnings.push({ reason: 'left-out-signal', text: `Signal ${name} ${inUnits(units)} was left out.` });
    const chosen = ofOneRate(electric, warnings);
    if (chosen.length > 0 && chosen.length <= maximumLeads) return chosen;
    const named = others.slice(0, 24).map(({ name, units }) => `${name} ${inUnits(units)}`);
    const none = others.length === 0 ? 'no ECG signal' : `no ECG signal: ${named.join(', ')}`;
    const found = chosen.length === 0 ? none : `${chosen.length} signals`;
    throw failed(path, found, `pass a record with 1 to ${maximumLeads} ECG leads in a unit of voltage`);
  }
  const names = electric.map(({ name }) => name);
  const wanted = leadsToRead(names, leads);
  refuseOtherUnits(signals, names, wanted, path);
  const chosen = findLeads(names, wanted, path).map((place) => electric[place]);
  const rates = [...new Set(chosen.map(({ rate }) => rate))];
  if (rates.length < 2) return chosen;
  const named = rates.map((rate) => {
    const same = chosen.filter((signal) => signal.rate === rate).map(({ name }) => name);
    return `${same.slice(0, 12).join(', ')} at ${hertz(rate)}`;
  });
  throw failed(path, `leads of several sample rates: ${named.join('; ')}`, 'request leads with the same rate');
}

/** A lead that exists but is not in a unit of voltage does not count as missing. */
function refuseOtherUnits(
  signals: readonly FileSignal[],
  electric: readonly string[],
  wanted: readonly string[],
  path: string,
): void {
  const known = electric.map(plainLeadName);
  const lacking = wanted.map(plainLeadName).filter((name) => !known.includes(name));
  const other = signals.find(({ name }) => lacking.includes(plainLeadName(name)));
  if (other === undefined) return;
  throw failed(
    path,
    `lead ${other.name} ${inUnits(other.units)}, which is not read as an ECG`,
    'write its unit into the file: mV, uV or V',
  );
}

function ofOneRate<Signal extends FileSignal>(signals: readonly Signal[], warnings: EcgWarning[]): Signal[] {
  const rates = [...new Set(signals.map(({ rate }) => rate))];
  const [best] = rates
    .map((rate) => {
      const same = signals.filter((signal) => signal.rate === rate);
      return { rate, leads: same.filter(({ name }) => findStandardLead(name) !== undefined).length, all: same.length };
    })
    .sort((left, right) => right.leads - left.leads || right.all - left.all || right.rate - left.rate);
  const others = signals.filter(({ rate }) => rate !== best?.rate);
  if (others.length === 0) return [...signals];
  const named = others.slice(0, 24).map(({ name, rate }) => `${name} (${hertz(rate)})`);
  warnings.push({
    reason: 'left-out-signal',
    text: `Signals at another rate than ${hertz(best.rate)} were left out: ${named.join(', ')}.`,
  });
  return signals.filter(({ rate }) => rate === best.rate);
}

function inUnits(units: string): string {
  return units.trim() === '' ? 'without a unit' : `in ${units.trim().slice(0, 40)}`;
}

/** A rate as text, without rounding errors in the last digits. */
function hertz(rate: number): string {
  return `${Number(rate.toPrecision(9))} Hz`;
}

function failed(path: string, found: string, fix: string): AudioError {
  return new AudioError({ asked: `ECG '${path}'`, found, fix });
}
