import { OptionError } from '@hearken/core';

/**
 * A store of artifacts: files that follow from their key, such as the embeddings of some clips by a model. Whoever
 * computes an artifact writes the same content, so nothing has to be locked: of two that write the same one, the first
 * wins. A key is a path of plain names, see {@link checkKey}.
 */
export interface Artifacts {
  /** Whether there is an artifact with this key. It may still turn out to be damaged. */
  has(key: string): Promise<boolean>;
  /**
   * The path of an artifact on this machine, where it is fetched to first if the store is elsewhere; undefined if there
   * is none. The file must not be changed.
   *
   * @throws FileError if the store fails
   */
  fetch(key: string): Promise<string | undefined>;
  /**
   * Stores an artifact: whole or not at all.
   *
   * @param content the whole file
   * @param options `replace`: replace what has this key, because it is damaged; default: it stays
   * @returns whether this content was stored; false if there is an artifact with this key already
   * @throws FileError if it cannot be written
   */
  write(key: string, content: Uint8Array, options?: { readonly replace?: boolean }): Promise<boolean>;
  /**
   * The keys that begin with a folder, in ascending order. Unfinished files are not among them.
   *
   * @param folder one or more names, without a slash at the end
   */
  list(folder: string): Promise<string[]>;
  /** Removes an artifact; nothing happens if there is none. */
  remove(key: string): Promise<void>;
  /**
   * Removes everything in a folder, unfinished work included.
   *
   * @param folder one or more names, without a slash at the end
   */
  removeAll(folder: string): Promise<void>;
  /**
   * Where the artifact with this key is on this machine, or would be. Unfinished work is kept next to it, under names
   * that begin with its name.
   */
  localPath(key: string): string;
}

/** Windows reserves these, with any ending. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Whether a key is a path of plain names, see {@link checkKey}. */
export function isKey(key: string): boolean {
  const isPlain = (name: string) =>
    /^[\p{L}\p{N}_+-][\p{L}\p{N}._+-]*$/u.test(name) && name.length <= 200 && !reserved.test(name);
  return key.length <= 800 && key.split('/').every(isPlain);
}

/**
 * Checks that a key is one or more names separated by `/`, each of letters, digits, `.`, `_`, `-` and `+`, and not
 * beginning with a dot, so that it is the same path on any file system and in any object store.
 *
 * @returns the key
 * @throws OptionError otherwise
 */
export function checkKey(key: string): string {
  if (isKey(key)) return key;
  throw new OptionError({
    asked: `an artifact '${key}'`,
    found: 'a key that is not a path of plain names',
    fix: 'use letters, digits, dots, underscores and hyphens, up to 200 in a name',
  });
}
