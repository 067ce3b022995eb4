import { rmdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { FileError } from '../errors.js';
import { keepTouching, readLock, release, takeOver, takeoverFolder, tryLock } from './lock-file.node.js';
import {
  holderState,
  holderText,
  ownRecord,
  parseRecord,
  type LockHolder,
  type LockRecord,
} from './lock-holder.node.js';
import { LockWatch } from './lock-watch.js';
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

function locked(path: string, holder: LockHolder, what = `'${path}'`): FileError {
  return new FileError({
    asked: what,
    found: `in use by another run (${holderText(holder)})`,
    fix: `wait for it, pass another --cache, or remove '${path}' if there is no such run`,
  });
}
