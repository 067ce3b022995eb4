import { extname } from 'node:path';
import { AudioError } from '@hearken/core';
import type { EcgRecord } from './ecg-record.js';
import { fillGaps } from './fill-gaps.js';
import { selectLeads } from './lead-names.js';
import { parseEcgCsv } from './parse-ecg-csv.js';
import { parseEcgNpy } from './parse-ecg-npy.js';
import { readBounded } from './read-bounded.node.js';
import { readWfdbRecord } from './read-wfdb.node.js';

/** How an ECG file is wanted. */
export interface ReadEcgOptions {
  /** Leads to read, by name, in the order wanted. Default: all, as the file has them. */
  readonly leads?: readonly string[];
  /** Hz of a file that does not say it: a `.npy`, or a CSV without a time column. */
  readonly sampleRate?: number;
  /** What to do with missing values: `fill` (default) them with the record's mean, `keep` them as NaN, or `refuse`. */
  readonly gaps?: 'fill' | 'keep' | 'refuse';
}

/** A row of a CSV is an array of text while it is parsed: many times the file's size. */
const maximumCsvBytes = 2 ** 26;
const maximumNpyBytes = 2 ** 30;

type Reader = (path: string, options: ReadEcgOptions) => Promise<EcgRecord>;

const readCsv: Reader = async (path, { sampleRate }) =>
  parseEcgCsv(new TextDecoder().decode(await readBounded(path, maximumCsvBytes)), path, sampleRate);

const readers: Readonly<Record<string, Reader>> = {
  '.hea': (path, { leads }) => readWfdbRecord(path, leads),
  '.dat': (path, { leads }) => readWfdbRecord(path, leads),
  '.csv': readCsv,
  '.tsv': readCsv,
  '.npy': async (path, { sampleRate }) => parseEcgNpy(await readBounded(path, maximumNpyBytes), path, sampleRate),
};

/** Endings of the files that {@link readEcgFile} reads, besides `.npy`, which may hold other signals too. */
export const ecgExtensions: readonly string[] = ['.hea', '.dat', '.csv', '.tsv'];

/** Formats of ECGs that are not read, but told from audio so that the error says what to do. */
const unreadExtensions = ['.edf', '.bdf'];

/** Whether a file's name says that it is an ECG. */
export function isEcgFile(path: string): boolean {
  return [...ecgExtensions, ...unreadExtensions].includes(extname(path).toLowerCase());
}

/**
 * Reads an ECG: a WFDB record (`.hea`, or its `.dat`), a CSV with a header of lead names, or a `.npy` of `[12, samples]`.
 *
 * @returns the leads in mV; what the reader had to make of the file is said in `warnings`
 * @throws AudioError or FileError naming the file
 */
export async function readEcgFile(path: string, options: ReadEcgOptions = {}): Promise<EcgRecord> {
  const extension = extname(path).toLowerCase();
  if (!Object.hasOwn(readers, extension)) {
    throw new AudioError({
      asked: `ECG file '${path}'`,
      found: extension === '' ? 'a name without an ending' : `the ending ${extension}, which is not read`,
      fix: unreadExtensions.includes(extension)
        ? 'convert it to WFDB, with edf2mit (of the WFDB software) or wfdb.io.convert.edf (of its Python package)'
        : `pass one of ${Object.keys(readers).join(', ')}`,
    });
  }
  checkRate(path, options.sampleRate);
  const read = await readers[extension](path, options);
  const record = options.leads === undefined ? read : selectLeads(read, options.leads, path);
  if (options.gaps === 'keep') return record;
  const filled = fillGaps(record, path);
  if (options.gaps === 'refuse' && filled !== record) {
    throw new AudioError({
      asked: `ECG '${path}' without gaps`,
      found: `missing values in it`,
      fix: 'leave the record out, or let the gaps be filled',
    });
  }
  return filled;
}

function checkRate(path: string, sampleRate: number | undefined): void {
  if (sampleRate === undefined || (sampleRate > 0 && Number.isFinite(sampleRate))) return;
  throw new AudioError({ asked: `ECG file '${path}' at ${sampleRate} Hz`, found: 'no rate', fix: 'pass Hz above 0' });
}
