import type { Redis } from 'ioredis';
import { passwordVariable } from './queue-password.node.js';
import { QueueError } from './queue-error.js';
import type { QueueLocation } from './queue-url.js';

/** The error for a server that does what everybody in its network asks, and so do its workers. */
export function exposedError({ shown }: QueueLocation): QueueError {
  return new QueueError({
    asked: `the queue '${shown}'`,
    found: 'a server without a password, so that everybody who reaches it can give orders to its workers',
    fix: `set a password (requirepass), and pass it in a file or in ${passwordVariable}`,
    reason: 'no-password',
  });
}

/**
 * Refuses a server without a password that we reach from its own machine, but others can reach, too. A server that does
 * not tell its settings is taken for one that others can't.
 *
 * @throws QueueError
 */
export async function checkExposure(redis: Redis, location: QueueLocation): Promise<void> {
  const setting = async (name: string) => {
    const [, value] = (await redis.config('GET', name).catch(() => [])) as string[];
    return value;
  };
  if ((await setting('protected-mode')) !== 'no') return;
  const ports = [await setting('port'), await setting('tls-port')];
  if (ports.every((port) => port === undefined || port === '0')) return;
  // With a hyphen: an address that the machine need not have. None at all: every one.
  const addresses = ((await setting('bind')) ?? '').split(' ').map((address) => address.replace(/^-/, ''));
  if (!addresses.every((address) => /^127\.|^::1$|^localhost$/.test(address))) throw exposedError(location);
}
