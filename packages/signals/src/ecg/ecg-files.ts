import { AudioError } from '@hearken/core';
import { extensionOf } from './ecg-kind.js';
import type { EcgRecord } from './ecg-record.js';
import { fillGaps } from './fill-gaps.js';
import { levelWarning } from './ecg-level.js';
import { selectLeads } from './lead-names.js';
import { withWarning } from './ecg-warnings.js';

/** How to read an ECG file. */
export interface ReadEcgOptions {
  /**
   * Leads to read, by name, in the desired order; III, aVR, aVL and aVF are computed, with a warning, if the file only
   * has I and II. Default: all, as in the file.
   */
  readonly leads?: readonly string[];
  /**
   * Sample rate in Hz for a file that doesn't say it: a `.npy` (default 500, with a warning), or a CSV without a time
   * column.
   */
  readonly sampleRate?: number;
  /** What to do with missing values: `fill` (default) them with the record's mean, `keep` them as NaN, or `refuse`. */
  readonly gaps?: 'fill' | 'keep' | 'refuse';
  /**
   * Whether to `say` (default) in the warnings that values can't be in mV, or to `ignore` it if they aren't meant to
   * be.
   */
  readonly level?: 'say' | 'ignore';
}

/** Each row of a CSV is an array of strings while it is parsed, which takes many times the file's size. */
export const maximumCsvBytes = 2 ** 26;
export const maximumNpyBytes = 2 ** 30;

/** Extensions of the files that `readEcgFile` reads, besides `.npy`, which may contain other signals too. */
export const ecgExtensions: readonly string[] = ['.hea', '.dat', '.edf', '.bdf', '.csv', '.tsv'];

/** Whether a file's name indicates an ECG. */
export function isEcgFile(path: string): boolean {
  return ecgExtensions.includes(extensionOf(path));
}

/** Refuses an invalid sample rate. */
export function checkRate(path: string, sampleRate: number | undefined): void {
  if (sampleRate === undefined || (sampleRate > 0 && Number.isFinite(sampleRate))) return;
  throw new AudioError({
    asked: `ECG file '${path}' at ${sampleRate} Hz`,
    found: 'not a sample rate',
    fix: 'pass a rate above 0 Hz',
  });
}

/**
 * Applies the options to a record: chooses its leads, and fills, keeps or refuses gaps. Adds a warning if it can't be
 * in mV, unless its level is ignored.
 *
 * @throws AudioError naming the file
 */
export function asWanted(read: EcgRecord, path: string, options: ReadEcgOptions): EcgRecord {
  const record = options.leads === undefined ? read : selectLeads(read, options.leads, path);
  const level = options.level === 'ignore' ? undefined : levelWarning(record);
  const checked = level === undefined ? record : withWarning(record, { reason: 'level', text: level });
  if (options.gaps === 'keep') return checked;
  const filled = fillGaps(checked, path);
  if (options.gaps === 'refuse' && filled !== checked) {
    throw new AudioError({
      asked: `ECG '${path}' without gaps`,
      found: `missing values`,
      fix: 'leave the record out, or let the gaps be filled',
    });
  }
  return filled;
}
