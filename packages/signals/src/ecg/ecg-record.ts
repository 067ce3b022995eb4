import { AudioError } from '@hearken/core';

/** What a warning about an ECG is about, for code that groups or filters warnings. */
export type EcgWarningReason =
  | 'left-out-signal'
  | 'left-out-samples'
  | 'sample-rate'
  | 'header'
  | 'interruption'
  | 'calibration'
  | 'checksum'
  | 'gaps'
  | 'computed-leads'
  | 'level'
  | 'preprocessed'
  | 'more';

/** An ECG from a file. */
export interface EcgRecord {
  /** Names of the leads as in the file, in the signal's order. */
  readonly leads: string[];
  /** Sample rate in Hz. */
  readonly sampleRate: number;
  /** `[leads, samples]` in mV, row-major. */
  readonly signal: Float32Array;
  /** Warnings about how the file was read, in whole sentences; empty if there are none. */
  readonly warnings: string[];
  /** What each of the warnings is about, in the same order; absent if the record is not from a reader of Hearken's. */
  readonly warningReasons?: readonly EcgWarningReason[];
}

/** The most values of a record, over all leads: 1 GiB of float32. */
export const maximumValues = 2 ** 28;

/** The most leads of a record: far more than an ECG has, and few enough to list. */
export const maximumLeads = 1024;

/** Refuses a record that is too large, before memory is allocated for it. */
export function checkSize(path: string, leads: number, samples: number): void {
  if (leads * samples <= maximumValues) return;
  throw new AudioError({
    asked: `ECG '${path}'`,
    found: `${leads} leads of ${samples} samples, more than ${maximumValues} values`,
    fix: 'split the record into shorter ones',
  });
}

/** Factor from a unit of voltage to mV; undefined for anything else. */
export function millivolts(unit: string): number | undefined {
  const factors: Readonly<Record<string, number>> = { mv: 1, uv: 1e-3, µv: 1e-3, μv: 1e-3, nv: 1e-6, v: 1e3 };
  const known = unit.trim().toLowerCase();
  return Object.hasOwn(factors, known) ? factors[known] : undefined;
}
