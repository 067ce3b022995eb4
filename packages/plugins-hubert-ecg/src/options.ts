import { type LoadOptions, OptionError } from '@hearken/core';
import { checkPrecision, configHelp, type Precision, precisionHelp, weightsHelp } from '@hearken/onnx';
import { checkLeads, type Lead } from './leads.js';
import { band, intermediateRate, networkRate, type Steps, windowSeconds } from './preprocessing/preprocess.js';

/** The units of signals: mV, µV, V, counts per mV (the converter's gain), or anything. */
export type Units = 'mV' | 'uV' | 'V' | 'any' | number;

/** The options that change an embedding. */
export interface HubertEcgOptions extends Steps {
  /** For a longer record: the mean over its windows of 5 s, or only the first, as in the authors' evaluation. */
  readonly windows: 'mean' | 'first';
  /** Seconds from one timestamp's window to the next. */
  readonly hop: number;
  /** Sample rate of the signals in Hz. */
  readonly inputRate: number;
  /** The signals' channels in their order. */
  readonly leads: readonly Lead[];
  readonly fillLeads: boolean;
  readonly flatLeads: 'refuse' | 'allow';
  readonly units: Units;
  readonly precision: Precision;
}

/** One line of help for each option. */
export const optionHelp: Readonly<Record<string, string>> = {
  windows: `for longer records: 'mean' over windows of ${windowSeconds} s (default), or only the 'first'`,
  hop: `seconds from one timestamp's window of ${windowSeconds} s to the next, 0.1 to ${windowSeconds}; default 1`,
  inputRate: `sample rate of the signals in Hz; default ${intermediateRate}`,
  filter: `band-pass from ${band.join(' to ')} Hz before everything else: true (default) or false`,
  resample: `Fourier resampling from inputRate to ${intermediateRate} Hz: true (default) or false`,
  scale: 'scale each lead to [-1, 1] by its minimum and maximum: true (default) or false',
  decimate: `decimate the joined leads to ${networkRate} Hz: true (default), or false for records of (or resampled to) that rate`,
  leads: "names of the signals' channels in their order; default I, II, III, aVR, aVL, aVF, V1 to V6",
  fillLeads: 'compute III, aVR, aVL, aVF from I and II if they are not in leads or flat; default false',
  flatLeads: "'refuse' (default) or 'allow' records with a constant lead",
  units: "of the signals: 'mV' (default), 'uV', 'V', a number of counts per mV, or 'any' to use values unchanged",
  precision: precisionHelp,
  weights: weightsHelp,
  config: configHelp,
};

/** @throws OptionError for a value out of range, or options that contradict each other */
export function checkOptions(options: LoadOptions): HubertEcgOptions {
  const flag = (name: string, byDefault: boolean): boolean => {
    const value = options[name] ?? byDefault;
    if (typeof value === 'boolean') return value;
    throw refused(name, value, 'neither true nor false', 'pass true or false');
  };
  const choice = <Choice extends string>(name: string, choices: readonly Choice[]): Choice => {
    const value = options[name] ?? choices[0];
    const found = choices.find((one) => one === value);
    if (found !== undefined) return found;
    throw refused(name, value, 'no such choice', `pass ${choices.join(' or ')}`);
  };
  const steps = {
    filter: flag('filter', true),
    resample: flag('resample', true),
    scale: flag('scale', true),
    decimate: flag('decimate', true),
  };
  const fillLeads = flag('fillLeads', false);
  return {
    windows: choice('windows', ['mean', 'first']),
    hop: number(options, 'hop', 1, 0.1, windowSeconds),
    inputRate: checkInputRate(options, steps),
    ...steps,
    leads: checkLeads(options.leads, fillLeads),
    fillLeads,
    flatLeads: choice('flatLeads', ['refuse', 'allow']),
    units: checkUnitsOption(options.units ?? 'mV'),
    precision: checkPrecision(options.precision),
  };
}

function checkInputRate(options: LoadOptions, steps: Steps): number {
  const preparedRate = steps.decimate ? intermediateRate : networkRate;
  const rate = number(options, 'inputRate', steps.resample ? intermediateRate : preparedRate, 1, 100_000);
  if (steps.filter && rate <= 2 * band[1]) {
    const fix = 'pass filter false, or signals of a higher rate';
    throw refused('inputRate', rate, `too low for a band-pass filter up to ${band[1]} Hz`, fix);
  }
  if (!steps.resample && rate !== preparedRate) {
    const fix = `pass signals of ${preparedRate} Hz, or resample true`;
    throw refused('inputRate', rate, `not ${preparedRate} Hz, with resample false`, fix);
  }
  return rate;
}

function checkUnitsOption(units: unknown): Units {
  if (typeof units === 'number' && units > 0 && Number.isFinite(units)) return units;
  const known = units === 'µV' || units === 'μV' ? 'uV' : units;
  if (known === 'mV' || known === 'uV' || known === 'V' || known === 'any') return known;
  throw refused('units', units, 'no such unit', "pass 'mV', 'uV', 'V', a number of counts per mV, or 'any'");
}

function number(options: LoadOptions, name: string, byDefault: number, minimum: number, maximum: number): number {
  const value = options[name] ?? byDefault;
  if (typeof value === 'number' && value >= minimum && value <= maximum) return value;
  throw refused(name, value, 'not a number in the allowed range', `pass ${minimum} to ${maximum}`);
}

function refused(name: string, value: unknown, found: string, fix: string): OptionError {
  return new OptionError({ asked: `option ${name} ${JSON.stringify(value)}`, found, fix });
}
