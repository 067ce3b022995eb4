import { type OpenQueue, openQueue, type QueueAddress } from '../queue/connect.node.js';
import { toldError } from '../queue/server-errors.js';
import { cancelCampaign } from '../status/cancel-campaign.node.js';
import { ConnectionWatch, delay } from '../status/connection-watch.node.js';
import { readStatus } from '../status/read-status.node.js';
import { counted, statusText } from './status-text.js';

/** Where a command writes, and what stops it. */
export interface CommandStreams {
  /** For what was asked for. */
  readonly stdout: NodeJS.WritableStream;
  /** For notes. */
  readonly stderr: NodeJS.WritableStream;
  /** Ends the command. */
  readonly abortSignal?: AbortSignal;
}

const everyMilliseconds = 2000;
/** Moves to the top left corner of a terminal, and erases what is there. */
const clearScreen = '\u001B[H\u001B[2J\u001B[3J';

/**
 * Prints what a queue is doing, once or, until the abort signal, again and again: on a terminal in place, elsewhere one
 * after another; as JSON, one document a line.
 *
 * @throws what `openQueue` does; the abort signal's reason
 */
export async function showStatus(
  address: QueueAddress,
  { watch = false, json = false }: { readonly watch?: boolean; readonly json?: boolean },
  streams: CommandStreams,
): Promise<void> {
  const { stdout, stderr, abortSignal } = streams;
  await withQueue(address, async (queue) => {
    const connection = new ConnectionWatch(queue, (line) => stderr.write(`${line}\n`));
    try {
      for (let isFirst = true; ; isFirst = false) {
        const status = await connection.answer(() => readStatus(queue), abortSignal);
        if (json) stdout.write(`${JSON.stringify(status, undefined, watch ? undefined : 2)}\n`);
        else if (watch && isTerminal(stdout)) stdout.write(clearScreen + statusText(status));
        else stdout.write((isFirst ? '' : '\n') + statusText(status));
        if (!watch) return;
        await delay(everyMilliseconds, abortSignal);
      }
    } finally {
      connection.close();
    }
  });
}

/**
 * Cancels a campaign by its id or name, and says what came of it.
 *
 * @throws what `openQueue` and `cancelCampaign` do
 */
export async function cancelAndSay(address: QueueAddress, campaign: string, streams: CommandStreams): Promise<void> {
  await withQueue(address, async (queue) => {
    const { campaign: of, removed, running } = await cancelCampaign(queue, campaign);
    const title = of.name === of.id ? of.id : `${of.name} (${of.id})`;
    const rest =
      running === 0
        ? 'none of its jobs is running'
        : `${counted(running, 'job')} still running, which workers end within seconds`;
    streams.stdout.write(`Cancelled ${title}: ${counted(removed, 'waiting job')} removed, ${rest}. Results stay.\n`);
  });
}

/** Opens a queue to look at it. @throws what `openQueue` does, and answers of the server in three parts */
export async function withQueue(address: QueueAddress, use: (queue: OpenQueue) => Promise<void>): Promise<void> {
  const queue = await openQueue(address, { purpose: 'look' });
  try {
    await use(queue);
  } catch (error) {
    throw toldError(queue, error);
  } finally {
    await queue.close();
  }
}

function isTerminal(stream: NodeJS.WritableStream & { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true;
}
