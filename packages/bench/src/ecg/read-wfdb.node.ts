import { realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { EcgRecord } from './ecg-record.js';
import { readBounded } from './read-bounded.node.js';
import { maximumHeaderBytes, maximumSignalBytes, outside, readWfdb } from './wfdb-record.js';

/**
 * Reads a WFDB record: its header (`.hea`), and the signal files beside it that it names. Signals in other units than
 * those of voltage, and signals whose file is missing while others are there, are left out with a warning.
 *
 * @param path of the header, or of a signal file with the header beside it
 * @param leads the leads to read, in that order; only the files that they lie in are opened. III, aVR, aVL and aVF are
 *   computed where there are I and II and not them. Default: all.
 * @throws AudioError naming the file
 */
export async function readWfdbRecord(path: string, leads?: readonly string[]): Promise<EcgRecord> {
  const headerPath = path.replace(/\.(?:dat|hea)$/i, '.hea');
  const header = await readBounded(headerPath, maximumHeaderBytes);
  const open = async (fileName: string) => {
    const found = await signalPath(headerPath, fileName);
    return found === undefined ? undefined : readBounded(found, maximumSignalBytes);
  };
  return readWfdb({ headerPath, header, open }, leads);
}

/** The path of a signal file, which must lie in the header's folder, links resolved; undefined when it is not there. */
async function signalPath(headerPath: string, fileName: string): Promise<string | undefined> {
  const folder = await realpath(dirname(headerPath));
  let path: string;
  try {
    path = await realpath(join(folder, fileName));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
  if (!path.startsWith(folder.endsWith(sep) ? folder : folder + sep))
    throw outside(headerPath, fileName, 'a link out of its folder');
  return path;
}
