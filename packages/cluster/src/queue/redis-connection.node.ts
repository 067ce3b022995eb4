import { Redis, type RedisOptions } from 'ioredis';
import { QueueError } from './queue-error.js';
import type { QueueLocation } from './queue-url.js';
import { serverError } from './server-errors.js';

/** How to log in. */
export type Login = Pick<RedisOptions, 'username' | 'password'>;

/**
 * A connection that is made at the first command, and again whenever it breaks.
 *
 * @param isClosing whether it should no longer be made again
 */
export function makeConnection(location: QueueLocation, login: Login, isClosing: () => boolean): Redis {
  const { path, host, port, tls, database } = location;
  const redis = new Redis({
    ...(path === undefined ? { host, port } : { path }),
    ...(tls ? { tls: {} } : {}),
    ...login,
    db: database,
    connectionName: 'hearken',
    lazyConnect: true,
    keepAlive: 10_000,
    // Jobs at hand go on while the server is away, and what they have to say waits for it.
    maxRetriesPerRequest: null,
    // With a random part, so that not all machines come back at the same moment.
    retryStrategy: (times) =>
      isClosing() ? null : Math.min(100 * 2 ** Math.min(times, 10), 2000) * (0.5 + Math.random() / 2),
  });
  // Without a listener ioredis prints every failed attempt. Commands wait until one succeeds.
  redis.on('error', () => undefined);
  return redis;
}

/** Resolves when the connection is ready; an error of the server before that is final. */
export async function connected(redis: Redis, location: QueueLocation, seconds: number): Promise<void> {
  let listener: ((error: Error) => void) | undefined;
  const refused = new Promise<never>((_, reject) => {
    listener = (error: NodeJS.ErrnoException) => {
      // Of several addresses none was reached, as with an error that has a `syscall`.
      const isOfNetwork = error.syscall !== undefined || error instanceof AggregateError;
      if (!isOfNetwork) reject(serverError(location, error));
    };
    redis.on('error', listener);
  });
  try {
    // Attempts that fail otherwise are repeated, and reported by an event only.
    redis.connect().catch(() => undefined);
    await Promise.race([refused, answered(redis, location, seconds, () => redis.ping())]);
  } finally {
    redis.off('error', listener!);
  }
}

/** What the server answers; without a limit, a command would wait for it forever. */
export async function answered<Answer>(
  redis: Redis,
  location: QueueLocation,
  seconds: number,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new QueueError({
          asked: `the queue '${location.shown}'`,
          found: `no answer for ${seconds} s, after a first one (connection: ${redis.status})`,
          fix: 'check the server and the network',
          reason: 'unreachable',
        }),
      );
    }, seconds * 1000);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    throw serverError(location, error as Error);
  } finally {
    clearTimeout(timer);
  }
}

/** Longer than a server needs to answer what it was asked before. */
const quitMilliseconds = 2000;

/** Ends a connection, of which `isClosing` is true by now. */
export async function endConnection(redis: Redis): Promise<void> {
  if (redis.status === 'end') return;
  const ended = new Promise((resolve) => redis.once('end', resolve));
  let timer: NodeJS.Timeout | undefined;
  if (redis.status === 'ready') {
    timer = setTimeout(() => {
      redis.disconnect();
    }, quitMilliseconds);
    redis.quit().catch(() => undefined);
  } else if (redis.status === 'reconnecting') {
    // To disconnect now would leave commands waiting forever; the next attempt is the last one.
    redis.once('connect', () => {
      redis.disconnect();
    });
  } else {
    redis.disconnect();
  }
  await ended;
  clearTimeout(timer);
}
