import { AudioError } from '@hearken/core';

/** Maximum size of a header in bytes. */
export const maximumHeaderBytes = 2 ** 20;
/** Maximum size of a signal file in bytes. */
export const maximumSignalBytes = 2 ** 30;

/** Where to read a WFDB record from. */
export interface WfdbSource {
  /** The header's name in errors. */
  readonly headerPath: string;
  readonly header: Uint8Array;
  /**
   * Reads a whole signal file, or a segment's header, next to the header; undefined if there is no such file. The name
   * has no folders.
   */
  readonly open: (fileName: string, maximumBytes: number) => Promise<Uint8Array | undefined>;
}

/** Marks a signal without a file, and a segment that is a gap. */
export const nothing = '~';

/** A file of a record is next to its header: its name has no folder. @throws AudioError for another name */
export function checkFileName(headerPath: string, fileName: string): void {
  // A NUL ends a path on some systems.
  if (!/[\\/:\0]/.test(fileName) && !/^(?:\.{0,2}|-)$/.test(fileName)) return;
  throw outside(headerPath, fileName, 'which is not a plain file name');
}

/** The error for a file that is not in the header's folder. */
export function outside(headerPath: string, fileName: string, found: string): AudioError {
  return failed(headerPath, `the file '${fileName}', ${found}`, 'keep the files of a record in one folder');
}

export function failed(path: string, found: string, fix: string, cause?: unknown): AudioError {
  return new AudioError({ asked: `WFDB record '${path}'`, found, fix, cause });
}
