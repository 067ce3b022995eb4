import { AudioError } from '@hearken/core';

/** An ECG out of a file. */
export interface EcgRecord {
  /** Names of the leads as the file has them, in the signal's order. */
  readonly leads: string[];
  /** Hz. */
  readonly sampleRate: number;
  /** `[leads, samples]` in mV, row-major. */
  readonly signal: Float32Array;
  /** What the reader had to make of the file, in whole sentences; empty where there is nothing to say. */
  readonly warnings: string[];
}

/** Most values of a record, over all leads: 1 GiB of float32. */
export const maximumValues = 2 ** 28;

/** Most leads of a record: far over what an ECG has, and few enough to name them. */
export const maximumLeads = 1024;

/** Refuses a record whose size would hurt, before memory is taken for it. */
export function checkSize(path: string, leads: number, samples: number): void {
  if (leads * samples <= maximumValues) return;
  throw new AudioError({
    asked: `ECG '${path}'`,
    found: `${leads} leads of ${samples} samples, more than ${maximumValues} values`,
    fix: 'cut the record into shorter ones',
  });
}

/** Factor from a unit of voltage to mV; undefined for anything else. */
export function millivolts(unit: string): number | undefined {
  const factors: Readonly<Record<string, number>> = { mv: 1, uv: 1e-3, µv: 1e-3, μv: 1e-3, nv: 1e-6, v: 1e3 };
  const known = unit.trim().toLowerCase();
  return Object.hasOwn(factors, known) ? factors[known] : undefined;
}
