import { AudioError } from '@hearken/core';
import { extensionOf } from './ecg-kind.js';
import type { EcgRecord } from './ecg-record.js';
import { fillGaps } from './fill-gaps.js';
import { levelWarning } from './ecg-level.js';
import { selectLeads } from './lead-names.js';

/** How an ECG file is wanted. */
export interface ReadEcgOptions {
  /**
   * Leads to read, by name, in the order wanted; III, aVR, aVL and aVF are computed where the file has I and II and not
   * them, with a warning. Default: all, as the file has them.
   */
  readonly leads?: readonly string[];
  /** Hz of a file that does not say it: a `.npy` (default 500, with a warning), or a CSV without a time column. */
  readonly sampleRate?: number;
  /** What to do with missing values: `fill` (default) them with the record's mean, `keep` them as NaN, or `refuse`. */
  readonly gaps?: 'fill' | 'keep' | 'refuse';
  /** Whether to `say` (default) in the warnings that values cannot be in mV, or to `ignore` it, where they are not meant to be. */
  readonly level?: 'say' | 'ignore';
}

/** A row of a CSV is an array of text while it is parsed: many times the file's size. */
export const maximumCsvBytes = 2 ** 26;
export const maximumNpyBytes = 2 ** 30;

/** Endings of the files that `readEcgFile` reads, besides `.npy`, which may hold other signals too. */
export const ecgExtensions: readonly string[] = ['.hea', '.dat', '.edf', '.bdf', '.csv', '.tsv'];

/** Whether a file's name says that it is an ECG. */
export function isEcgFile(path: string): boolean {
  return ecgExtensions.includes(extensionOf(path));
}

/** Refuses a sample rate that is none. */
export function checkRate(path: string, sampleRate: number | undefined): void {
  if (sampleRate === undefined || (sampleRate > 0 && Number.isFinite(sampleRate))) return;
  throw new AudioError({ asked: `ECG file '${path}' at ${sampleRate} Hz`, found: 'no rate', fix: 'pass Hz above 0' });
}

/**
 * A record as it is wanted: its leads chosen, its gaps filled, kept or refused. One that cannot be in mV gets a warning,
 * unless its level is ignored.
 *
 * @throws AudioError naming the file
 */
export function asWanted(read: EcgRecord, path: string, options: ReadEcgOptions): EcgRecord {
  const record = options.leads === undefined ? read : selectLeads(read, options.leads, path);
  const level = options.level === 'ignore' ? undefined : levelWarning(record);
  const checked = level === undefined ? record : { ...record, warnings: [...record.warnings, level] };
  if (options.gaps === 'keep') return checked;
  const filled = fillGaps(checked, path);
  if (options.gaps === 'refuse' && filled !== checked) {
    throw new AudioError({
      asked: `ECG '${path}' without gaps`,
      found: `missing values in it`,
      fix: 'leave the record out, or let the gaps be filled',
    });
  }
  return filled;
}
