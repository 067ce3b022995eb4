import { AudioError, standardLeads } from '@hearken/core';
import { parseEcgCsvWith } from '../ecg/ecg-csv.js';
import { asWanted, checkRate, maximumCsvBytes, maximumNpyBytes, type ReadEcgOptions } from '../ecg/ecg-files.js';
import { chooseReader, type EcgReader, extensionOf, headBytes } from '../ecg/ecg-kind.js';
import type { EcgRecord as FileRecord } from '../ecg/ecg-record.js';
import { maximumEdfBytes, parseEdf } from '../ecg/parse-edf.js';
import { parseEcgNpy } from '../ecg/parse-ecg-npy.js';
import { parseWfdbHeader } from '../ecg/wfdb-header.js';
import { readWfdb } from '../ecg/wfdb-record.js';
import { maximumHeaderBytes } from '../ecg/wfdb-source.js';
import { decodeText } from '@hearken/core/internal';

/** An ECG from a file in a web page. */
export interface EcgRecord extends FileRecord {
  /** Name of the file; for a WFDB record, that of its header. */
  readonly name: string;
}

/** How to read ECGs. */
export interface ReadEcgFilesOptions {
  /**
   * Leads by name, in the desired order; III, aVR, aVL and aVF are computed, with a warning, if the file only has I and
   * II; `all`: as in the file. Default: the 12 standard ones.
   */
  readonly leads?: readonly string[] | 'all';
  /**
   * Sample rate in Hz for files that don't say it: `.npy` (default 500, with a warning) and CSV without a time column.
   */
  readonly sampleRate?: number;
  /** What to do with missing values: `fill` (default) them with the record's mean, `keep` them as NaN, or `refuse`. */
  readonly gaps?: 'fill' | 'keep' | 'refuse';
  /** Cancels reading; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}

/** Finds a file by name next to another one. */
type Beside = (file: File, fileName: string) => File | undefined;

type Reader = (file: File, beside: Beside, options: ReadEcgOptions) => Promise<FileRecord>;

const readers: Readonly<Record<EcgReader, Reader>> = {
  wfdb: async (file, beside, { leads }) =>
    readWfdb(
      {
        headerPath: file.name,
        header: await readBounded(file, maximumHeaderBytes),
        open: async (fileName, maximumBytes) => {
          const found = beside(file, fileName);
          return found === undefined ? undefined : readBounded(found, maximumBytes);
        },
      },
      leads,
    ),
  edf: async (file, _beside, { leads }) => parseEdf(await readBounded(file, maximumEdfBytes), file.name, leads),
  csv: async (file, _beside, { sampleRate, leads }) => {
    const text = decodeText(await readBounded(file, maximumCsvBytes));
    // The package's own entry needs Node.js's Buffer.
    const { parse } = await import('csv-parse/browser/esm/sync');
    return parseEcgCsvWith(parse, text, file.name, { sampleRate, leads });
  },
  npy: async (file, _beside, { sampleRate }) =>
    parseEcgNpy(await readBounded(file, maximumNpyBytes), file.name, sampleRate),
};

/**
 * Reads the ECGs among files in a web page: WFDB records (a `.hea` with the signal files and segments that it names),
 * EDF, EDF+ and BDF, CSV with a header of lead names, and `.npy` of `[12, samples]`. The format is recognised by the
 * content.
 *
 * @returns one record per header, EDF, CSV or array, in the order of the files, each with the requested leads, `[leads,
 *   samples]` in mV, at the file's rate
 * @throws AudioError or FileError naming the file, also for a `.dat` without a header
 */
export async function readEcgFiles(files: readonly File[], options: ReadEcgFilesOptions = {}): Promise<EcgRecord[]> {
  const { abortSignal } = options;
  const leads = options.leads === 'all' ? undefined : (options.leads ?? standardLeads);
  const { beside } = indexFolders(files);
  const records: EcgRecord[] = [];
  for (const [file] of await ecgRecordsOf(files)) {
    abortSignal?.throwIfAborted();
    const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
    const reader = chooseReader(head, file.name, false);
    checkRate(file.name, options.sampleRate);
    const read = await readers[reader](file, beside, { ...options, leads });
    records.push({ name: file.name, ...asWanted(read, file.name, { ...options, leads }) });
  }
  return records;
}

/**
 * Sorts files by the ECG record that they belong to, so that a damaged one doesn't affect the others: a WFDB header
 * comes with the signal files and segments that it names, including their parts; any file that is not part of another
 * record comes alone.
 *
 * @returns the files of each record, the one that `readEcgFiles` calls it by first, in the order of those
 */
export async function ecgRecordsOf(files: readonly File[]): Promise<File[][]> {
  const parts = await partsOfRecords(files);
  const owned = new Set([...parts.values()].flatMap((own) => [...own]));
  const taken = new Set<File>();
  const recordOf = (file: File) => {
    const record = new Set([file]);
    // Entries added during the loop are visited too.
    for (const one of record) for (const part of parts.get(one) ?? []) record.add(part);
    for (const one of record) taken.add(one);
    return [...record];
  };
  const records = files.filter((file) => !owned.has(file)).map(recordOf);
  // Damaged headers that name each other belong to nobody else.
  for (const file of files) if (!taken.has(file)) records.push(recordOf(file));
  return records;
}

/**
 * For each WFDB header, the other files of its record: the signal files and segments that it names, and files with the
 * same name and another extension, such as annotations.
 */
async function partsOfRecords(files: readonly File[]): Promise<Map<File, Set<File>>> {
  const { beside, ofStem } = indexFolders(files);
  const parts = new Map<File, Set<File>>();
  for (const header of files.filter(({ name }) => extensionOf(name) === '.hea')) {
    const named = (await namesIn(header)).flatMap((name) => beside(header, name) ?? []);
    const own = new Set([...ofStem(header, header.name.slice(0, -'.hea'.length)), ...named]);
    own.delete(header);
    parts.set(header, own);
  }
  return parts;
}

/** Finds files by name: thousands of records may be dropped together. */
function indexFolders(files: readonly File[]): {
  readonly beside: Beside;
  /** Files next to another one that are named `stem` plus an extension, except those that are records themselves. */
  readonly ofStem: (file: File, stem: string) => readonly File[];
} {
  const [exact, anyCase, stems] = [new Map<string, File>(), new Map<string, File>(), new Map<string, File[]>()];
  // No header can name a file with a line feed.
  const keyOf = (file: File, name: string) => `${folderOf(file)}\n${name}`;
  for (const file of files) {
    const { name } = file;
    const [key, lowerKey] = [keyOf(file, name), keyOf(file, name.toLowerCase())];
    if (!exact.has(key)) exact.set(key, file);
    // Some file systems do not tell upper from lower case.
    if (!anyCase.has(lowerKey)) anyCase.set(lowerKey, file);
    if (/\.(?:hea|edf|bdf|csv|tsv|npy)$/i.test(name)) continue;
    for (const { index } of name.matchAll(/\./g)) {
      const stem = keyOf(file, name.slice(0, index));
      const same = stems.get(stem);
      if (same === undefined) stems.set(stem, [file]);
      else same.push(file);
    }
  }
  return {
    beside: (file, name) => exact.get(keyOf(file, name)) ?? anyCase.get(keyOf(file, name.toLowerCase())),
    ofStem: (file, stem) => stems.get(keyOf(file, stem)) ?? [],
  };
}

/** The files that a header names; none if it is damaged or missing, which is reported when it is read. */
async function namesIn(header: File): Promise<string[]> {
  if (header.size > maximumHeaderBytes) return [];
  try {
    const text = decodeText(new Uint8Array(await header.arrayBuffer()));
    const { signals, segments } = parseWfdbHeader(text, header.name);
    return [...signals.map(({ fileName }) => fileName), ...segments.map(({ name }) => `${name}.hea`)];
  } catch (error) {
    if (error instanceof AudioError || error instanceof DOMException) return [];
    throw error;
  }
}

/** Files chosen by folder have a path; for all others it is empty. */
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
