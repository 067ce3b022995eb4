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

/** How locks are kept and waited for, in milliseconds. */
export interface LockTiming {
  /** A holder touches its lock this often. */
  readonly heartbeat: number;
  /** A lock that nobody touches for so long, while somebody watches, was left by a host that died. */
  readonly stale: number;
  /** A lock without content is being written, or was left by a process that died over it. */
  readonly empty: number;
  /** A waiting process looks this often; at a lock of another host, which may be on a network, five times less. */
  readonly poll: number;
  /** Taking over takes a moment; one that takes longer died over it. */
  readonly takeover: number;
}

/** Network file systems show a change up to a minute late: two heartbeats and that fit twice into what counts as dead. */
const usualTiming: LockTiming = { heartbeat: 30_000, stale: 240_000, empty: 5000, poll: 200, takeover: 30_000 };

/** How to wait for a lock. */
export interface LockOptions {
  /** What the lock protects, for messages; default: the lock file. */
  readonly what?: string;
  /** Called once with the process that holds the lock and is waited for; default: refuse as soon as it shows to live. */
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

/** The lock files that this process holds or is about to: on the disk, one with its number is of a dead process. */
const claimed = new Set<string>();

/**
 * Runs `work` while no other process, and nothing else in this one, does so with the same lock file, which appears whole
 * and goes afterwards. Processes of other hosts that see the same folder count too. The lock of a dead process of this
 * host is taken over at once; that of another host when it was watched for minutes and its holder did not touch it.
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
    // It may have gone between the two looks at it.
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

/** Waits for holders, or refuses to. */
class Patience {
  #told = false;

  constructor(
    readonly path: string,
    readonly options: LockOptions,
  ) {}

  /** @throws FileError where a living holder is not waited for */
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

/** Makes the lock with all of its content in one step, so that nobody sees half of it. */
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
      // The holder of the lock clears away what killed processes left, this try as well: the next one follows.
      if (code === 'ENOENT' && (cause as NodeJS.ErrnoException).syscall === 'link') return false;
      if (code !== undefined && noLinks.includes(code)) return await createLock(path, content);
      throw cause;
    } finally {
      await rm(temporary, { force: true });
    }
  });
}

/** What file systems without hard links answer. */
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

/** What the system says stays as it is; anything but a lock file of that name is nothing to wait for. */
function lockRefusal(path: string): (why: UnreadableFile) => Error {
  return ({ found, cause }) =>
    cause instanceof Error
      ? cause
      : new FileError({ asked: `lock file '${path}'`, found, fix: `remove '${path}': it is no lock of Hearken's` });
}

/** Opening it first, as reading does, makes a network file system ask anew for its times. */
async function readLock(path: string): Promise<SeenLock | undefined> {
  try {
    const content = await readPlainText(path, { maximumBytes: maximumLockBytes, refuse: lockRefusal(path) });
    return { content, modified: (await stat(path)).mtimeMs };
  } catch (cause) {
    if (['ENOENT', 'ESTALE'].includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw cause;
  }
}

/** Tells those who watch the lock that its holder lives; the answer ends it. */
function keepTouching(path: string, own: LockRecord, milliseconds: number): () => Promise<void> {
  let touching: Promise<void> | undefined;
  const touch = async () => {
    // A process that was held up for minutes may have lost its lock, and must not keep another's alive.
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
 * Removes a dead process's lock if it is still the one that was seen. Only one process at a time does so, or the slower
 * of two would remove what the quicker one has made in its place.
 *
 * @returns false where another is at it
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
 * Removes a lock that a process of this host left when it was killed, for whoever has no need of it: there may be nothing
 * left to do under it. Any other lock stays, and so does one that cannot be read.
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
    found: `another run at work in it (${holderText(holder)})`,
    fix: `wait for it, pass another --cache, or remove '${path}' if there is no such run`,
  });
}
