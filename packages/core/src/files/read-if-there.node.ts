import { readPlainFile, type UnreadableFile } from './plain-file.node.js';

/** How to read a file that need not exist. */
export interface ReadIfThereOptions {
  /** Larger files are refused before anything is read. */
  readonly maximumBytes: number;
  /** An untrusted folder, which links must not lead out of. */
  readonly within?: string;
  /** The error for a file that exists and can't be read. */
  readonly refuse: (why: UnreadableFile) => Error;
}

/**
 * Reads a whole file; undefined if it doesn't exist.
 *
 * @throws the error that `refuse` makes for anything else
 */
export async function readIfThere(path: string, options: ReadIfThereOptions): Promise<Buffer | undefined> {
  let isMissing = false;
  const refuse = (why: UnreadableFile) => {
    isMissing = why.reason === 'missing';
    return options.refuse(why);
  };
  try {
    return await readPlainFile(path, { ...options, refuse });
  } catch (error) {
    if (isMissing) return undefined;
    throw error;
  }
}
