import { type BoardOptions, serveBoard } from '../board/serve-board.node.js';
import type { QueueAddress } from '../queue/connect.node.js';
import { type CommandStreams, withQueue } from './show-status.node.js';

/**
 * Shows a queue on a page of Bull Board, and prints its address, until the abort signal.
 *
 * @throws what `openQueue` does; OptionError if the page's packages are not installed; the abort signal's reason
 */
export async function showBoard(
  address: QueueAddress,
  options: Pick<BoardOptions, 'port' | 'allowChanges'>,
  { stdout, stderr, abortSignal }: CommandStreams,
): Promise<void> {
  await withQueue(address, async (queue) => {
    for (const note of queue.notes) stderr.write(`Note: ${note}\n`);
    await serveBoard(queue, {
      ...options,
      ...(abortSignal === undefined ? {} : { abortSignal }),
      onListen: (url) => {
        stdout.write(`${url}\n`);
        const changes = options.allowChanges === true ? 'can change jobs' : 'only shows jobs';
        stderr.write(`The page ${changes} of the queue ${queue.shown}. Ctrl-C ends it.\n`);
      },
    });
  });
}
