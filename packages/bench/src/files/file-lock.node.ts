import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { FileError } from '@hearken/core';
import { makeFolder, writing } from './write-file.node.js';

/** How often a waiting process looks whether the lock is gone. */
const pollMilliseconds = 200;
/** A lock without content is being written; an older one was left by a process that died over it. */
const emptyLockMilliseconds = 5000;

/** Who holds a lock. */
export interface LockHolder {
  readonly process: number;
  readonly host: string;
}

export interface LockOptions {
  /** What the lock protects, for messages; default: the lock file. */
  readonly what?: string;
  /** Called once when a living process of this machine holds the lock and is waited for; default: refuse at once. */
  readonly onWait?: (holder: LockHolder) => void;
  readonly abortSignal?: AbortSignal;
}

/** The lock files that this process holds or is about to: on the disk, one with its number is of a dead process. */
const claimed = new Set<string>();

/**
 * Runs `work` while no other process, and nothing else in this one, does so with the same lock file, which appears whole
 * and goes afterwards. A lock that a dead process of this machine left is taken over; of another machine nobody can tell.
 *
 * @throws FileError when the lock is held and not waited for, or cannot be written; the abort signal's reason
 */
export async function withFileLock<Result>(
  path: string,
  work: () => Promise<Result>,
  options: LockOptions = {},
): Promise<Result> {
  const key = resolve(path);
  await makeFolder(dirname(key));
  const waitFor = waiting(key, options);
  while (claimed.has(key)) await waitFor({ process: process.pid, host: hostname() });
  claimed.add(key);
  try {
    await acquire(key, waitFor);
    try {
      return await work();
    } finally {
      await rm(key, { force: true });
    }
  } finally {
    claimed.delete(key);
  }
}

async function acquire(path: string, waitFor: (holder: LockHolder) => Promise<void>): Promise<void> {
  while (!(await tryLock(path))) {
    const content = await readFile(path, 'utf8').catch(() => undefined);
    // It may have gone between the two looks at it.
    if (content === undefined) continue;
    const holder = parseHolder(content);
    if (await isStale(path, holder)) await removeStale(path, content);
    else await waitFor(holder);
  }
}

/** Waits a moment for a holder, or refuses to. */
function waiting(path: string, { what, onWait, abortSignal }: LockOptions): (holder: LockHolder) => Promise<void> {
  let told = false;
  return async (holder) => {
    abortSignal?.throwIfAborted();
    if (onWait === undefined || holder.host !== hostname()) throw locked(path, holder, what);
    if (!told) onWait(holder);
    told = true;
    await wait(pollMilliseconds, undefined, { signal: abortSignal }).catch(() => undefined);
    abortSignal?.throwIfAborted();
  };
}

/** Makes the lock with all of its content in one step, so that nobody sees half of it. */
async function tryLock(path: string): Promise<boolean> {
  const content = `${process.pid} ${hostname()}`;
  const own = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  return writing(path, async () => {
    try {
      await writeFile(own, content, { flag: 'wx' });
      await link(own, path);
      return true;
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'EEXIST') return false;
      if (code !== undefined && noLinks.includes(code)) return await createLock(path, content);
      throw cause;
    } finally {
      await rm(own, { force: true });
    }
  });
}

/** What file systems without hard links answer. */
const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'];

async function createLock(path: string, content: string): Promise<boolean> {
  const file = await open(path, 'wx').catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw cause;
  });
  if (file === undefined) return false;
  await file.writeFile(content);
  await file.close();
  return true;
}

function parseHolder(content: string): LockHolder {
  const [id, host] = content.split(' ');
  return { process: Number(id), host: host ?? '' };
}

async function isStale(path: string, { process: id, host }: LockHolder): Promise<boolean> {
  if (!Number.isInteger(id) || id <= 0 || host === '') {
    const written = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    return Date.now() - written > emptyLockMilliseconds;
  }
  if (host !== hostname()) return false;
  if (id === process.pid) return true;
  try {
    // Signal 0 only asks whether the process is there.
    process.kill(id, 0);
    return false;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

/** Removes the lock if it is still the one that was seen: of several processes that try, one does. */
async function removeStale(path: string, seen: string): Promise<void> {
  const aside = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.stale`;
  await writing(path, async () => {
    try {
      await rename(path, aside);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw cause;
    }
    // Another process was quicker, and what was moved is its own lock: back with it.
    if ((await readFile(aside, 'utf8')) !== seen) await link(aside, path).catch(() => undefined);
    await rm(aside, { force: true });
  });
}

function locked(path: string, holder: LockHolder, what = `'${path}'`): FileError {
  const empty = holder.host === '';
  return new FileError({
    asked: what,
    found: `another run at work in it (${empty ? 'which is just starting' : `process ${holder.process} on ${holder.host}`})`,
    fix: `wait for it, pass another --cache, or remove '${path}' if there is no such run`,
  });
}
