import { extname } from 'node:path';
import { asWanted, checkRate, maximumCsvBytes, maximumNpyBytes, type ReadEcgOptions, unreadEcg } from './ecg-files.js';
import type { EcgRecord } from './ecg-record.js';
import { parseEcgCsv } from './parse-ecg-csv.js';
import { parseEcgNpy } from './parse-ecg-npy.js';
import { readBounded } from './read-bounded.node.js';
import { readWfdbRecord } from './read-wfdb.node.js';

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

/**
 * Reads an ECG: a WFDB record (`.hea`, or its `.dat`), a CSV with a header of lead names, or a `.npy` of `[12, samples]`.
 *
 * @returns the leads in mV; what the reader had to make of the file is said in `warnings`
 * @throws AudioError or FileError naming the file
 */
export async function readEcgFile(path: string, options: ReadEcgOptions = {}): Promise<EcgRecord> {
  const extension = extname(path).toLowerCase();
  if (!Object.hasOwn(readers, extension)) {
    throw unreadEcg(path, extension, Object.keys(readers));
  }
  checkRate(path, options.sampleRate);
  return asWanted(await readers[extension](path, options), path, options);
}
