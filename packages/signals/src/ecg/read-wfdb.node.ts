import { realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { EcgRecord } from './ecg-record.js';
import { readBounded } from './read-bounded.node.js';
import { readWfdb } from './wfdb-record.js';
import { failed, maximumHeaderBytes, outside } from './wfdb-source.js';

/**
 * Reads a WFDB record: its header (`.hea`), and the signal files next to it that it names. Signals that are not in a
 * unit of voltage, and signals whose file is missing while others exist, are left out with a warning.
 *
 * @param path of the header, of a signal file with the header next to it, or the record's name without extension
 * @param leads the leads to read, in that order; only the files that contain them are opened. III, aVR, aVL and aVF are
 *   computed if there are only I and II. Default: all.
 * @throws AudioError naming the file
 */
export async function readWfdbRecord(path: string, leads?: readonly string[]): Promise<EcgRecord> {
  const headerPath = await findHeader(path);
  const header = await readBounded(headerPath, maximumHeaderBytes);
  const open = async (fileName: string, maximumBytes: number) => {
    const found = await pathBeside(headerPath, fileName);
    return found === undefined ? undefined : readBounded(found, maximumBytes);
  };
  return readWfdb({ headerPath, header, open }, leads);
}

/** The header itself, that of a record's name, or that of a signal file. */
async function findHeader(path: string): Promise<string> {
  if (/\.hea$/i.test(path)) return path;
  return (await headerBeside(path)) ?? path.replace(/(?:\.[^./\\]*)?$/, '.hea');
}

/** The WFDB header that belongs to another file, a signal file or a record's name; undefined if there is none. */
export async function headerBeside(path: string): Promise<string | undefined> {
  for (const header of [`${path}.hea`, path.replace(/\.[^./\\]*$/, '.hea')]) {
    if (header !== path && (await exists(header))) return header;
  }
  return undefined;
}

/** Whether anything with that name exists. */
export async function exists(path: string): Promise<boolean> {
  // A path with a zero byte, or one that is too long, doesn't exist either.
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * The path of a file of the record, which must be in the header's folder after resolving links; undefined if it does
 * not exist.
 */
async function pathBeside(headerPath: string, fileName: string): Promise<string | undefined> {
  const folder = await realpath(dirname(headerPath));
  let path: string;
  try {
    path = await realpath(join(folder, fileName));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw failed(headerPath, `the file '${fileName.slice(0, 200)}': ${message}`, 'check that it can be read', cause);
  }
  if (!path.startsWith(folder.endsWith(sep) ? folder : folder + sep))
    throw outside(headerPath, fileName, 'a link out of its folder');
  return path;
}
