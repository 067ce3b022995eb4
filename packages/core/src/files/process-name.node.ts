import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

let host: string | undefined;

/**
 * Names this process among those of all hosts that share a folder: eight digits for the host, and the process's number.
 * Names of unfinished files contain it, so that files left by a killed process can be recognised.
 */
export function processName(): string {
  host ??= createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
  return `${host}-${process.pid}`;
}

/** A name that no other file has: that of this process, and a random part. */
export function uniqueName(): string {
  return `${processName()}-${randomBytes(4).toString('hex')}`;
}

/**
 * Whether the process of that name has ended. False for processes of other hosts, of which nothing is known here.
 *
 * @param name see {@link processName}
 */
export function isGone(name: string): boolean {
  const [own] = processName().split('-');
  const [at, number] = name.split('-');
  if (at !== own) return false;
  try {
    process.kill(Number(number), 0);
    return false;
  } catch (cause) {
    // A process of another user exists, too.
    return (cause as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
