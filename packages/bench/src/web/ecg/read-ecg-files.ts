import { AudioError, standardLeads } from '@hearken/core';
import { parseEcgCsvWith } from '../../ecg/ecg-csv.js';
import { asWanted, checkRate, extensionOf, maximumCsvBytes, maximumNpyBytes, unreadEcg } from '../../ecg/ecg-files.js';
import type { EcgRecord as FileRecord } from '../../ecg/ecg-record.js';
import { parseEcgNpy } from '../../ecg/parse-ecg-npy.js';
import { maximumHeaderBytes, maximumSignalBytes, readWfdb } from '../../ecg/wfdb-record.js';

/** An ECG out of a file that a page was given. */
export interface EcgRecord extends FileRecord {
  /** Name of the file; of a WFDB record that of its header. */
  readonly name: string;
}

/** How ECGs are wanted. */
export interface ReadEcgFilesOptions {
  /**
   * Leads by name, in the order wanted; III, aVR, aVL and aVF are computed where the file has I and II and not them, with a
   * warning. Default: the 12 standard ones.
   */
  readonly leads?: readonly string[];
  /** Hz of files that do not say it: `.npy` (default 500, with a warning) and CSV without a time column. */
  readonly sampleRate?: number;
  /** What to do with missing values: `fill` (default) them with the record's mean, `keep` them as NaN, or `refuse`. */
  readonly gaps?: 'fill' | 'keep' | 'refuse';
  /** Ends reading; the promise then rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}

type Reader = (file: File, files: readonly File[], options: ReadEcgFilesOptions) => Promise<FileRecord>;

const readCsv: Reader = async (file, _files, { sampleRate }) => {
  const text = new TextDecoder().decode(await readBounded(file, maximumCsvBytes));
  // The package's own entry needs Node.js's Buffer.
  const { parse } = await import('csv-parse/browser/esm/sync');
  return parseEcgCsvWith(parse, text, file.name, sampleRate);
};

const readers: Readonly<Record<string, Reader>> = {
  '.hea': async (file, files, { leads }) =>
    readWfdb(
      {
        headerPath: file.name,
        header: await readBounded(file, maximumHeaderBytes),
        open: async (fileName) => {
          const beside = findBeside(file, files, fileName);
          return beside === undefined ? undefined : readBounded(beside, maximumSignalBytes);
        },
      },
      leads,
    ),
  '.csv': readCsv,
  '.tsv': readCsv,
  '.npy': async (file, _files, { sampleRate }) =>
    parseEcgNpy(await readBounded(file, maximumNpyBytes), file.name, sampleRate),
};

/**
 * Reads the ECGs among the files that a page was given: WFDB records (a `.hea` with the `.dat` files that it names), CSV
 * with a header of lead names, and `.npy` of `[12, samples]`.
 *
 * @returns one record a header, CSV or array, in the order of the files; of each the leads asked for, `[leads, samples]` in
 *   mV, at the file's own rate
 * @throws AudioError or FileError naming the file, also for a `.dat` without a header
 */
export async function readEcgFiles(files: readonly File[], options: ReadEcgFilesOptions = {}): Promise<EcgRecord[]> {
  const { leads = standardLeads, abortSignal } = options;
  const records: EcgRecord[] = [];
  for (const file of files) {
    abortSignal?.throwIfAborted();
    const extension = extensionOf(file.name);
    if (extension === '.dat') {
      checkHeader(file, files);
      continue;
    }
    if (!Object.hasOwn(readers, extension)) throw unreadEcg(file.name, extension, [...Object.keys(readers), '.dat']);
    checkRate(file.name, options.sampleRate);
    const read = await readers[extension](file, files, { ...options, leads });
    records.push({ name: file.name, ...asWanted(read, file.name, { ...options, leads }) });
  }
  return records;
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

/** A header of the same folder may name any file; one must be there. */
function checkHeader(file: File, files: readonly File[]): void {
  if (files.some((other) => extensionOf(other.name) === '.hea' && folderOf(other) === folderOf(file))) return;
  throw new AudioError({
    asked: `ECG '${file.name}'`,
    found: 'no header (.hea), which says what its samples are',
    fix: 'pass both files of the record together',
  });
}

async function readBounded(file: File, maximumBytes: number): Promise<Uint8Array> {
  if (file.size <= maximumBytes) return new Uint8Array(await file.arrayBuffer());
  throw new AudioError({
    asked: `ECG file '${file.name}'`,
    found: `${file.size} bytes, over the limit of ${maximumBytes}`,
    fix: 'cut it into parts',
  });
}
