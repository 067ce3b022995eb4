import { FileError, OptionError } from '@hearken/core';
import { openPlainFile } from '@hearken/core/node';
import type { QueueLocation } from './queue-url.js';

/** Where the password of a queue's server may be. */
export interface PasswordSources {
  /** The password itself. */
  readonly password?: string;
  /** A file with the password, which nobody but its owner may read. */
  readonly passwordFile?: string;
}

/** The variable with the password, for where neither an option nor the URL has one. */
export const passwordVariable = 'HEARKEN_QUEUE_PASSWORD';

const maximumBytes = 4096;

/**
 * The password of a queue's server: from the options, the URL or, without either, the environment.
 *
 * @throws OptionError if it is given twice, FileError if its file is missing, empty, or readable by others
 */
export async function findPassword(location: QueueLocation, sources: PasswordSources): Promise<string | undefined> {
  const { password, passwordFile } = sources;
  if ([location.password, password, passwordFile].filter((one) => one !== undefined).length > 1) {
    throw new OptionError({
      asked: `the password of the queue '${location.shown}'`,
      found: 'more than one of the URL, an option and a file',
      fix: 'give it once, best in a file with mode 600',
    });
  }
  if (passwordFile !== undefined) return readPassword(passwordFile);
  const given = location.password ?? password ?? process.env[passwordVariable];
  // An empty variable counts as not set.
  return given === '' ? undefined : given;
}

async function readPassword(path: string): Promise<string> {
  const asked = `the password file '${path}'`;
  const { handle, size } = await openPlainFile(path, {
    refuse: ({ found, fix, cause }) => new FileError({ asked, found, fix, cause }),
  });
  try {
    const { mode } = await handle.stat();
    // Windows has no such permissions.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const found = `permissions ${(mode & 0o777).toString(8)}, so that others can read or change it`;
      throw new FileError({ asked, found, fix: `run: chmod 600 '${path}'` });
    }
    if (size > maximumBytes) {
      const found = `${size} bytes, over the limit of ${maximumBytes}`;
      throw new FileError({ asked, found, fix: 'pass a file with nothing but the password' });
    }
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    const password = bytes.toString('utf8', 0, bytesRead).replace(/\r?\n$/, '');
    if (password === '') throw new FileError({ asked, found: 'no password', fix: 'write the password into it' });
    return password;
  } finally {
    await handle.close();
  }
}
