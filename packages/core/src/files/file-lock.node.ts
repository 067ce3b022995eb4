import { randomBytes } from 'node:crypto';
import { link, mkdir, rm, rmdir, stat, utimes, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { FileError } from '../errors.js';
import { createOutput } from './output-file.node.js';
import { readPlainText, type UnreadableFile } from './plain-file.node.js';
import {
  holderState,
  holderText,
  ownRecord,
  parseRecord,
  recordText,
  type LockHolder,
  type LockRecord,
} from './lock-holder.node.js';
import { LockWatch, type SeenLock } from './lock-watch.js';
import { makeFolder, writing } from './write-file.node.js';

/** Timing of holding locks and waiting for them, in milliseconds. */
export interface LockTiming {
  /** How often a holder touches its lock. */
  readonly heartbeat: number;
  /** A lock that is watched and not touched for this long was left by a host that died. */
  readonly stale: number;
  /** A lock that stays empty for this long was left by a process that died while writing it. */
  readonly empty: number;
  /**
   * How often a waiting process checks the lock; five times less often for a lock of another host, which may be on a
   * network.
   */
  readonly poll: number;
  /** Taking over a lock is quick; a process that takes longer than this died doing so. */
  readonly takeover: number;
}

/** Network file systems show a change up to a minute late: `stale` is twice the sum of that and two heartbeats. */
const usualTiming: LockTiming = { heartbeat: 30_000, stale: 240_000, empty: 5000, poll: 200, takeover: 30_000 };

/** How to wait for a lock. */
export interface LockOptions {
  /** What the lock protects, for messages; default: the lock file. */
  readonly what?: string;
  /**
   * Called once with the process that holds the lock, if it has to be waited for; default: refuse as soon as the holder
   * is known to be alive.
   */
  readonly onWait?: (holder: LockHolder) => void;
  /** Ends the wait. */
  readonly abortSignal?: AbortSignal;
  /** Name of this host, for tests. */
  readonly host?: string;
  /** For tests. */
  readonly timing?: Partial<LockTiming>;
  /** Milliseconds of the clock by which a lock is watched, for tests; default `performance.now`. */
  readonly clock?: () => number;
}

/**
 * The lock files that this process holds or is about to hold; any other lock file with its process number was left by a
 * dead process.
 */
const claimed = new Set<string>();

/**
 * Runs `work` while no other process, and nothing else in this one, runs under the same lock file. The file is created
 * with all of its content and removed afterwards. Processes on other hosts that share the folder are excluded too. The
 * lock of a dead process of this host is taken over at once; the lock of another host is taken over after it was
 * watched for minutes without its holder touching it.
 *
 * @throws FileError if the lock is held and not waited for, or can't be written; the abort signal's reason
 */
export async function withFileLock<Result>(
  path: string,
  work: () => Promise<Result>,
  options: LockOptions = {},
): Promise<Result> {
  const key = resolve(path);
  await makeFolder(dirname(key));
  const timing = { ...usualTiming, ...options.timing };
  const own = ownRecord(options.host);
  const patience = new Patience(key, options);
  while (claimed.has(key)) {
    patience.meet(own, true);
    await patience.wait(timing.poll);
  }
  claimed.add(key);
  try {
    await acquire(key, own, patience, timing, new LockWatch(options.clock));
    const stop = keepTouching(key, own, timing.heartbeat);
    try {
      return await work();
    } finally {
      await stop();
      await release(key, own);
    }
  } finally {
    claimed.delete(key);
  }
}

async function acquire(
  path: string,
  own: LockRecord,
  patience: Patience,
  timing: LockTiming,
  watch: LockWatch,
): Promise<void> {
  while (!(await tryLock(path, own))) {
    const seen = await writing(path, () => readLock(path));
    // It may have disappeared since the last check.
    if (seen === undefined) continue;
    const holder = parseRecord(seen.content);
    const state = holder === undefined ? 'unknown' : holderState(holder, own);
    const still = watch.look(seen);
    const limit = holder === undefined ? timing.empty : timing.stale;
    if (state === 'dead' || (state === 'unknown' && still > limit)) {
      if (await takeOver(path, seen)) continue;
      if (still > limit + timing.takeover) await rmdir(takeoverFolder(path)).catch(() => undefined);
    } else if (holder !== undefined) {
      patience.meet(holder, state === 'living' || watch.moved);
    }
    await patience.wait(state === 'unknown' && holder !== undefined ? 5 * timing.poll : timing.poll);
  }
}

/** Waits for holders, or throws. */
class Patience {
  #told = false;

  constructor(
    readonly path: string,
    readonly options: LockOptions,
  ) {}

  /** @throws FileError if the holder is alive and not waited for */
  meet(holder: LockHolder, isLiving: boolean): void {
    const { onWait, what } = this.options;
    if (onWait === undefined && isLiving) throw locked(this.path, holder, what);
    if (!this.#told) onWait?.({ process: holder.process, host: holder.host });
    this.#told = true;
  }

  async wait(milliseconds: number): Promise<void> {
    const { abortSignal } = this.options;
    abortSignal?.throwIfAborted();
    await wait(milliseconds, undefined, { signal: abortSignal }).catch(() => undefined);
    abortSignal?.throwIfAborted();
  }
}

/** Creates the lock with all of its content in one step, so that nobody sees a partial one. */
async function tryLock(path: string, own: LockRecord): Promise<boolean> {
  const content = recordText(own);
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  return writing(path, async () => {
    try {
      await writeNew(await createOutput(temporary), content);
      await link(temporary, path);
      return true;
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'EEXIST') return false;
      // The holder of the lock removes what killed processes left, possibly this attempt's file too; the next attempt
      // follows.
      if (code === 'ENOENT' && (cause as NodeJS.ErrnoException).syscall === 'link') return false;
      if (code !== undefined && noLinks.includes(code)) return await createLock(path, content);
      throw cause;
    } finally {
      await rm(temporary, { force: true });
    }
  });
}

/** The error of file systems without hard links. */
const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'];

async function createLock(path: string, content: string): Promise<boolean> {
  const file = await createOutput(path).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw cause;
  });
  if (file === undefined) return false;
  await writeNew(file, content);
  return true;
}

async function writeNew(file: FileHandle, content: string): Promise<void> {
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

const maximumLockBytes = 2 ** 16;

/** Errors of the system are passed on; anything with that name that is not a lock file is not worth waiting for. */
function lockRefusal(path: string): (why: UnreadableFile) => Error {
  return ({ found, cause }) =>
    cause instanceof Error
      ? cause
      : new FileError({
          asked: `lock file '${path}'`,
          found,
          fix: `remove '${path}': it is not one of Hearken's locks`,
        });
}

/** Opening it first, as reading does, makes a network file system refresh its times. */
async function readLock(path: string): Promise<SeenLock | undefined> {
  try {
    const content = await readPlainText(path, { maximumBytes: maximumLockBytes, refuse: lockRefusal(path) });
    return { content, modified: (await stat(path)).mtimeMs };
  } catch (cause) {
    if (['ENOENT', 'ESTALE'].includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw cause;
  }
}

/** Shows other processes that the holder of the lock is alive; call the result to stop. */
function keepTouching(path: string, own: LockRecord, milliseconds: number): () => Promise<void> {
  let touching: Promise<void> | undefined;
  const touch = async () => {
    // A process that was suspended for minutes may have lost its lock, and must not keep another process's lock alive.
    if (!(await isOwn(path, own))) return;
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined);
  };
  const timer = setInterval(() => {
    touching ??= touch().finally(() => (touching = undefined));
  }, milliseconds);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await touching;
  };
}

async function release(path: string, own: LockRecord): Promise<void> {
  if (await isOwn(path, own)) await rm(path, { force: true });
}

async function isOwn(path: string, own: LockRecord): Promise<boolean> {
  return (await readPlainText(path, { maximumBytes: maximumLockBytes }).catch(() => undefined)) === recordText(own);
}

/**
 * Removes a dead process's lock if it is still the one that was seen. Only one process does so at a time; otherwise the
 * slower of two would remove the new lock of the faster one.
 *
 * @returns false if another process is doing this
 */
async function takeOver(path: string, seen: SeenLock): Promise<boolean> {
  return writing(path, async () => {
    try {
      await mkdir(takeoverFolder(path));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw cause;
    }
    try {
      const now = await readLock(path);
      if (now?.content === seen.content && now.modified === seen.modified) await rm(path, { force: true });
      return true;
    } finally {
      await rmdir(takeoverFolder(path)).catch(() => undefined);
    }
  });
}

/**
 * Removes a lock that a killed process of this host left, for callers that don't need the lock, as there may be nothing
 * left to do under it. Any other lock stays, including one that can't be read.
 */
export async function removeDeadLock(path: string, { host }: Pick<LockOptions, 'host'> = {}): Promise<void> {
  const key = resolve(path);
  const seen = await readLock(key).catch(() => undefined);
  const holder = seen === undefined ? undefined : parseRecord(seen.content);
  if (seen === undefined || holder === undefined || claimed.has(key)) return;
  if (holderState(holder, ownRecord(host)) === 'dead') await takeOver(key, seen).catch(() => false);
}

function takeoverFolder(path: string): string {
  return `${path}.takeover`;
}

function locked(path: string, holder: LockHolder, what = `'${path}'`): FileError {
  return new FileError({
    asked: what,
    found: `in use by another run (${holderText(holder)})`,
    fix: `wait for it, pass another --cache, or remove '${path}' if there is no such run`,
  });
}
