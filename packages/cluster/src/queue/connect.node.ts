import type { Redis } from 'ioredis';
import { checkExposure, exposedError } from './exposure.node.js';
import { findPassword, passwordVariable } from './queue-password.node.js';
import { QueueError } from './queue-error.js';
import { parseQueueUrl, type QueueLocation } from './queue-url.js';
import { checkReadable, claimQueue } from './queue-users.node.js';
import { reachServer, type Greeting } from './reach-server.node.js';
import { answered, connected, endConnection, type Login, makeConnection } from './redis-connection.node.js';
import { checkSettings, parseInfo } from './server-settings.js';
import { watchConnection } from './watch-connection.node.js';

/** Where a queue is, and the password of its server. */
export interface QueueAddress {
  /** `redis://`, `rediss://` or `unix:`, see {@link parseQueueUrl}. */
  readonly url: string;
  /** The password; default: that of the URL, else the variable `HEARKEN_QUEUE_PASSWORD`. */
  readonly password?: string;
  /** A file with the password, which nobody but its owner may read. */
  readonly passwordFile?: string;
}

/** What a queue is opened for. */
export interface OpenQueueOptions {
  /** `worker` and `submit` take part, and must be of the version of all others; `look` only reads. */
  readonly purpose: 'worker' | 'submit' | 'look';
  /** What identifies the cache that all share, see `cacheId`; not needed to look. */
  readonly cacheId?: string;
  /** How long a server may take to start; default 10. */
  readonly connectSeconds?: number;
}

/** A connection to a queue's server. It is made again whenever it breaks; commands wait for that. */
export interface OpenQueue {
  /** The connection. */
  readonly redis: Redis;
  /** What the user should know about the server, in sentences. */
  readonly notes: readonly string[];
  /** The URL without its password. */
  readonly shown: string;
  /** Ends the connection. */
  close(): Promise<void>;
}

/**
 * Connects to the server of a queue, and checks that it is set up so that no job is lost, that not everybody can give
 * orders, and that its other users are of the same version and share the same cache.
 *
 * @throws OptionError for an invalid URL, FileError for an unsuitable password file, QueueError for everything else
 */
export async function openQueue(address: QueueAddress, options: OpenQueueOptions): Promise<OpenQueue> {
  const { purpose, cacheId, connectSeconds = 10 } = options;
  const location = parseQueueUrl(address.url);
  const { shown } = location;
  const password = await findPassword(location, address);
  const greeting = await reachServer(location, connectSeconds);
  const login = loginOf(location, greeting, password);
  let isClosing = false;
  const redis = makeConnection(location, login, () => isClosing);
  try {
    await connected(redis, location, connectSeconds);
    const settings = await answered(redis, location, connectSeconds, async () => {
      if (greeting.isOpen) await checkExposure(redis, location);
      const found = checkSettings(parseInfo(await redis.info()), shown);
      if (purpose === 'look') return [...found, ...(await checkReadable(redis, shown))];
      await claimQueue(redis, shown, cacheId);
      return found;
    });
    const stopWatching = watchConnection(redis);
    const close = async () => {
      isClosing = true;
      stopWatching();
      await endConnection(redis);
    };
    return { redis, shown, notes: [...accessNotes(location, greeting), ...settings], close };
  } catch (error) {
    isClosing = true;
    redis.disconnect();
    throw error;
  }
}

/** How to log in, if the server should be used at all. */
function loginOf(location: QueueLocation, { isOpen, isLocal }: Greeting, password: string | undefined): Login {
  const asked = `the queue '${location.shown}'`;
  if (isOpen && !isLocal) throw exposedError(location);
  if (password === undefined) {
    if (isOpen) return {};
    throw new QueueError({
      asked,
      found: 'a server that wants a password',
      fix: `pass it in a file with mode 600, or in ${passwordVariable}`,
      reason: 'password-missing',
    });
  }
  // A server without passwords refuses one, unless it belongs to a user with a name.
  if (isOpen && location.username === undefined) return {};
  return { password, ...(location.username === undefined ? {} : { username: location.username }) };
}

function accessNotes({ path, password, username }: QueueLocation, { isOpen }: Greeting): string[] {
  const notes: string[] = [];
  if (password !== undefined) {
    notes.push(
      'A password in a URL can be seen by other users of this machine, in the list of its processes: pass it in a ' +
        `file with mode 600, or in ${passwordVariable}.`,
    );
  }
  if (isOpen && path === undefined && username === undefined) {
    notes.push(
      'The server has no password: all users of this machine can give orders to its workers. Set one (requirepass), ' +
        'or use a socket that only you can open.',
    );
  }
  return notes;
}
