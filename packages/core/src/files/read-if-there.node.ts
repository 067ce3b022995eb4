import { readPlainFile, type UnreadableFile } from './plain-file.node.js';

/** How a file is read that need not be there. */
export interface ReadIfThereOptions {
  /** Larger files are refused before anything of them is read. */
  readonly maximumBytes: number;
  /** A stranger's folder, which the file must not lead out of. */
  readonly within?: string;
  /** The error for one that is there and cannot be read. */
  readonly refuse: (why: UnreadableFile) => Error;
}

/**
 * Reads a file whole; undefined where nothing is there.
 *
 * @throws what `refuse` makes of anything else
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
