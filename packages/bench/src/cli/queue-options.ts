import { Option, type Command } from 'commander';
import type { QueueAddress } from './cluster.node.js';

/** Where a queue is, as options say it. */
export interface QueueOptions {
  readonly queue: string;
  readonly queuePasswordFile?: string;
}

const urls = 'redis://HOST:PORT, rediss://HOST:PORT (TLS) or unix:/PATH';

/** Adds `--queue` and `--queue-password-file`. */
export function addQueueOptions(command: Command): Command {
  return command
    .requiredOption('--queue <url>', `the queue's server of Redis or Valkey: ${urls}`)
    .addOption(passwordFile());
}

function passwordFile(): Option {
  return new Option(
    '--queue-password-file <file>',
    'a file with the password of the server, which only you can read (default: HEARKEN_QUEUE_PASSWORD)',
  );
}

/** Where the queue is. */
export function addressOf({ queue, queuePasswordFile }: QueueOptions): QueueAddress {
  return { url: queue, ...(queuePasswordFile === undefined ? {} : { passwordFile: queuePasswordFile }) };
}
