import { AudioError } from '@hearken/core';
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
}

/** A row of a CSV is an array of text while it is parsed: many times the file's size. */
export const maximumCsvBytes = 2 ** 26;
export const maximumNpyBytes = 2 ** 30;

/** Endings of the files that `readEcgFile` reads, besides `.npy`, which may hold other signals too. */
export const ecgExtensions: readonly string[] = ['.hea', '.dat', '.csv', '.tsv'];

/** Formats of ECGs that are not read, but told from audio so that the error says what to do. */
const unreadExtensions = ['.edf', '.bdf'];

/** Whether a file's name says that it is an ECG. */
export function isEcgFile(path: string): boolean {
  return [...ecgExtensions, ...unreadExtensions].includes(extensionOf(path));
}

/** The ending of a file's name in lower case, with its dot; empty where it has none. */
export function extensionOf(path: string): string {
  return /[^\\/](\.[^.\\/]*)$/.exec(path)?.[1].toLowerCase() ?? '';
}

/** The error for a file of another kind. */
export function unreadEcg(path: string, extension: string, known: readonly string[]): AudioError {
  return new AudioError({
    asked: `ECG file '${path}'`,
    found: extension === '' ? 'a name without an ending' : `the ending ${extension}, which is not read`,
    fix: unreadExtensions.includes(extension)
      ? 'convert it to WFDB, with edf2mit (of the WFDB software) or wfdb.io.convert.edf (of its Python package)'
      : `pass one of ${known.join(', ')}`,
  });
}

/** Refuses a sample rate that is none. */
export function checkRate(path: string, sampleRate: number | undefined): void {
  if (sampleRate === undefined || (sampleRate > 0 && Number.isFinite(sampleRate))) return;
  throw new AudioError({ asked: `ECG file '${path}' at ${sampleRate} Hz`, found: 'no rate', fix: 'pass Hz above 0' });
}

/**
 * A record as it is wanted: its leads chosen, its gaps filled, kept or refused. One that cannot be in mV gets a warning.
 *
 * @throws AudioError naming the file
 */
export function asWanted(read: EcgRecord, path: string, options: ReadEcgOptions): EcgRecord {
  const record = options.leads === undefined ? read : selectLeads(read, options.leads, path);
  const level = levelWarning(record);
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
