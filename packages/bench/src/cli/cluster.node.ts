import { HearkenError } from '@hearken/core';
import type { CommandContext } from './streams.js';

/** Optional, because most users need no queue. It depends on this package, so its types are not known here. */
const clusterPackage = '@hearken/cluster';

/** Where a queue is. */
export interface QueueAddress {
  readonly url: string;
  readonly passwordFile?: string;
}

/** The part of the package that the command uses. */
export interface Cluster {
  readonly showStatus: (
    address: QueueAddress,
    options: { readonly watch?: boolean; readonly json?: boolean },
    streams: CommandContext,
  ) => Promise<void>;
  readonly cancelAndSay: (address: QueueAddress, campaign: string, streams: CommandContext) => Promise<void>;
}

/**
 * Loads the package for queues.
 *
 * @param name for tests
 * @throws HearkenError if it is not installed
 */
export async function loadCluster(name: string = clusterPackage): Promise<Cluster> {
  try {
    return (await import(name)) as Cluster;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const isMissing = code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${name}'`);
    throw new HearkenError({
      asked: 'a queue for several machines',
      found: isMissing ? `package ${name} is not installed` : `package ${name} cannot be loaded (${message})`,
      fix: `npm install ${name}`,
      cause,
    });
  }
}
