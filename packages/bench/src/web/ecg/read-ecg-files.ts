import { AudioError, standardLeads } from '@hearken/core';
import { parseEcgCsvWith } from '../../ecg/ecg-csv.js';
import { asWanted, checkRate, maximumCsvBytes, maximumNpyBytes, type ReadEcgOptions } from '../../ecg/ecg-files.js';
import { chooseReader, type EcgReader, extensionOf, headBytes } from '../../ecg/ecg-kind.js';
import type { EcgRecord as FileRecord } from '../../ecg/ecg-record.js';
import { maximumEdfBytes, parseEdf } from '../../ecg/parse-edf.js';
import { parseEcgNpy } from '../../ecg/parse-ecg-npy.js';
import { parseWfdbHeader } from '../../ecg/wfdb-header.js';
import { readWfdb } from '../../ecg/wfdb-record.js';
import { maximumHeaderBytes } from '../../ecg/wfdb-source.js';
import { decodeText } from '../../files/decode-text.js';

/** An ECG out of a file that a page was given. */
export interface EcgRecord extends FileRecord {
  /** Name of the file; of a WFDB record that of its header. */
  readonly name: string;
}

/** How ECGs are wanted. */
export interface ReadEcgFilesOptions {
  /**
   * Leads by name, in the order wanted; III, aVR, aVL and aVF are computed where the file has I and II and not them, with a
   * warning; `all`: as the file has them. Default: the 12 standard ones.
   */
  readonly leads?: readonly string[] | 'all';
  /** Hz of files that do not say it: `.npy` (default 500, with a warning) and CSV without a time column. */
  readonly sampleRate?: number;
  /** What to do with missing values: `fill` (default) them with the record's mean, `keep` them as NaN, or `refuse`. */
  readonly gaps?: 'fill' | 'keep' | 'refuse';
  /** Ends reading; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}

type Reader = (file: File, files: readonly File[], options: ReadEcgOptions) => Promise<FileRecord>;

const readers: Readonly<Record<EcgReader, Reader>> = {
  wfdb: async (file, files, { leads }) =>
    readWfdb(
      {
        headerPath: file.name,
        header: await readBounded(file, maximumHeaderBytes),
        open: async (fileName, maximumBytes) => {
          const beside = findBeside(file, files, fileName);
          return beside === undefined ? undefined : readBounded(beside, maximumBytes);
        },
      },
      leads,
    ),
  edf: async (file, _files, { leads }) => parseEdf(await readBounded(file, maximumEdfBytes), file.name, leads),
  csv: async (file, _files, { sampleRate, leads }) => {
    const text = decodeText(await readBounded(file, maximumCsvBytes));
    // The package's own entry needs Node.js's Buffer.
    const { parse } = await import('csv-parse/browser/esm/sync');
    return parseEcgCsvWith(parse, text, file.name, { sampleRate, leads });
  },
  npy: async (file, _files, { sampleRate }) =>
    parseEcgNpy(await readBounded(file, maximumNpyBytes), file.name, sampleRate),
};

/**
 * Reads the ECGs among the files that a page was given: WFDB records (a `.hea` with the signal files and segments that it
 * names), EDF, EDF+ and BDF, CSV with a header of lead names, and `.npy` of `[12, samples]`. What a file is, is told by its
 * content.
 *
 * @returns one record a header, EDF, CSV or array, in the order of the files; of each the leads asked for,
 *   `[leads, samples]` in mV, at the file's own rate
 * @throws AudioError or FileError naming the file, also for a `.dat` without a header
 */
export async function readEcgFiles(files: readonly File[], options: ReadEcgFilesOptions = {}): Promise<EcgRecord[]> {
  const { abortSignal } = options;
  const leads = options.leads === 'all' ? undefined : (options.leads ?? standardLeads);
  const parts = await partsOfRecords(files);
  const records: EcgRecord[] = [];
  for (const file of files) {
    abortSignal?.throwIfAborted();
    if (parts.has(file)) continue;
    const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
    const reader = chooseReader(head, file.name, false);
    checkRate(file.name, options.sampleRate);
    const read = await readers[reader](file, files, { ...options, leads });
    records.push({ name: file.name, ...asWanted(read, file.name, { ...options, leads }) });
  }
  return records;
}

/**
 * Files that belong to a WFDB record and are none themselves: signal files and segments that a header names, and what has a
 * header's name with another ending, as annotations have.
 */
async function partsOfRecords(files: readonly File[]): Promise<Set<File>> {
  const parts = new Set<File>();
  for (const header of files.filter(({ name }) => extensionOf(name) === '.hea')) {
    const stem = header.name.slice(0, -'.hea'.length);
    for (const file of files) {
      const isPlain = !/\.(?:hea|edf|bdf|csv|tsv|npy)$/i.test(file.name);
      if (isPlain && folderOf(file) === folderOf(header) && file.name.startsWith(`${stem}.`)) parts.add(file);
    }
    for (const name of await namesIn(header)) {
      const part = findBeside(header, files, name);
      if (part !== undefined && part !== header) parts.add(part);
    }
  }
  return parts;
}

/** Files that a header names; none where it is damaged, which is said when it is read. */
async function namesIn(header: File): Promise<string[]> {
  if (header.size > maximumHeaderBytes) return [];
  try {
    const text = decodeText(new Uint8Array(await header.arrayBuffer()));
    const { signals, segments } = parseWfdbHeader(text, header.name);
    return [...signals.map(({ fileName }) => fileName), ...segments.map(({ name }) => `${name}.hea`)];
  } catch (error) {
    if (error instanceof AudioError) return [];
    throw error;
  }
}

/** The file of that name in the same folder. Some file systems do not tell upper from lower case. */
function findBeside(header: File, files: readonly File[], fileName: string): File | undefined {
  const near = files.filter((file) => folderOf(file) === folderOf(header));
  return (
    near.find(({ name }) => name === fileName) ?? near.find(({ name }) => name.toLowerCase() === fileName.toLowerCase())
  );
}

/** Files that were chosen by folder say which; of all others it is the same. */
function folderOf(file: File): string {
  const path = (file as { readonly webkitRelativePath?: string }).webkitRelativePath ?? '';
  return path.slice(0, path.lastIndexOf('/') + 1);
}

async function readBounded(file: File, maximumBytes: number): Promise<Uint8Array> {
  if (file.size <= maximumBytes) return new Uint8Array(await file.arrayBuffer());
  throw new AudioError({
    asked: `ECG file '${file.name}'`,
    found: `${file.size} bytes, over the limit of ${maximumBytes}`,
    fix: 'cut it into parts',
  });
}
