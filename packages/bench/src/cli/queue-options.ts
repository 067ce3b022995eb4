import { Option, type Command } from 'commander';
import { OptionError } from '@hearken/core';
import type { QueueAddress } from './cluster.node.js';
import { wholeNumber } from './parse-options.js';

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

/** Adds the options by which `run` gives a campaign to a queue. */
export function addQueueRunOptions(command: Command): Command {
  return command
    .option('--queue <url>', `have workers compute it: the queue's server of Redis or Valkey, ${urls}`)
    .addOption(passwordFile())
    .addOption(
      new Option('--priority <n>', 'with --queue: 1 is computed first, 1000 last (default: 100)').argParser(
        wholeNumber(1, 1000),
      ),
    )
    .option('--detach', 'with --queue: do not wait for the workers; print the id of the campaign')
    .option('--campaign-name <name>', 'with --queue: what `hearken status` calls the campaign (default: its id)');
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

/** How a campaign is given to a queue. */
export interface QueueRunOptions extends Partial<QueueOptions> {
  readonly priority?: number;
  readonly detach?: boolean;
  readonly campaignName?: string;
}

/** Options of `run` that a queue changes the meaning of. */
interface OtherOptions {
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly watch?: boolean;
}

/** @throws OptionError for options that only make sense with a queue, or only without one */
export function checkQueueOptions(options: QueueRunOptions & OtherOptions): void {
  const { queue, queuePasswordFile, priority, detach, campaignName, force, dryRun, watch } = options;
  const refuse = (asked: string, found: string, fix: string) => {
    throw new OptionError({ asked, found, fix });
  };
  if (queue === undefined) {
    const alone = { '--queue-password-file': queuePasswordFile, '--priority': priority, '--detach': detach };
    const given = Object.entries({ ...alone, '--campaign-name': campaignName }).find(
      ([, value]) => value !== undefined,
    );
    if (given !== undefined)
      refuse(given[0], 'no queue that it is for', 'name the queue with --queue, or leave it out');
    return;
  }
  if (force === true) {
    const fix = 'delete the result files that shall be computed again, or run it without --queue';
    refuse('--force with --queue', 'workers that keep whatever is finished, for all campaigns', fix);
  }
  if (dryRun === true) {
    const fix = 'leave out --queue: the plan is the same; hearken status shows what the queue is doing';
    refuse('--dry-run with --queue', 'a plan for this machine', fix);
  }
  if (watch === true) {
    const fix = 'run the command again after a change: only what has changed is computed; or leave out --queue';
    refuse('--watch with --queue', 'workers that may see changes earlier or later', fix);
  }
}
