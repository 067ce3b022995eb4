import { decodeText } from '@hearken/core/internal';
import { asWanted, checkRate, isEcgFile, maximumCsvBytes, maximumNpyBytes, type ReadEcgOptions } from './ecg-files.js';
import { chooseReader, type EcgReader, extensionOf, headBytes, isEcgContent } from './ecg-kind.js';
import type { EcgRecord } from './ecg-record.js';
import { maximumEdfBytes, parseEdf } from './parse-edf.js';
import { parseEcgCsv } from './parse-ecg-csv.node.js';
import { parseEcgNpy } from './parse-ecg-npy.js';
import { readBounded, readHead } from './read-bounded.node.js';
import { exists, headerBeside, readWfdbRecord } from './read-wfdb.node.js';

const readers: Readonly<Record<EcgReader, (path: string, options: ReadEcgOptions) => Promise<EcgRecord>>> = {
  wfdb: (path, { leads }) => readWfdbRecord(path, leads),
  edf: async (path, { leads }) => parseEdf(await readBounded(path, maximumEdfBytes), path, leads),
  csv: async (path, { sampleRate, leads }) =>
    parseEcgCsv(decodeText(await readBounded(path, maximumCsvBytes)), path, sampleRate, leads),
  npy: async (path, { sampleRate }) => parseEcgNpy(await readBounded(path, maximumNpyBytes), path, sampleRate),
};

/**
 * Reads an ECG: a WFDB record (its `.hea`, a signal file, or the name without extension), EDF, EDF+ or BDF, a CSV with
 * a header of lead names, or a `.npy` of `[12, samples]`. The format is recognised by the content.
 *
 * @returns the leads in mV; see `warnings` for how the file was read
 * @throws AudioError or FileError naming the file, and what it is if known
 */
export async function readEcgFile(path: string, options: ReadEcgOptions = {}): Promise<EcgRecord> {
  checkRate(path, options.sampleRate);
  const isThere = await exists(path);
  const hasHeader = extensionOf(path) === '.hea' || (await headerBeside(path)) !== undefined;
  // A record's name without extension is not a file.
  const head = isThere || !hasHeader ? await readHead(path, headBytes) : new Uint8Array(0);
  const reader = isThere ? chooseReader(head, path, hasHeader) : 'wfdb';
  const read = await readers[reader](path, options);
  return asWanted(read, path, options);
}

/** Whether a file is an ECG by its name or its content, or a path is the name of a WFDB record without extension. */
export async function isEcg(path: string): Promise<boolean> {
  if (isEcgFile(path)) return true;
  if (!(await exists(path))) return (await headerBeside(path)) !== undefined;
  return isEcgContent(await readHead(path, headBytes));
}
