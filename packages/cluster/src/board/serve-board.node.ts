import { randomBytes } from 'node:crypto';
import { OptionError } from '@hearken/core';
import type { OpenQueue } from '../queue/connect.node.js';
import { Queues } from '../queue/queues.node.js';
import { delay } from '../status/connection-watch.node.js';
import { type BoardApp, type BoardContext, type BoardServer, loadBoard } from './board-packages.node.js';
import { BoardQueues } from './board-queues.node.js';

/** How to show a queue on a page. */
export interface BoardOptions {
  /** The port on 127.0.0.1; default: any that is free. */
  readonly port?: number;
  /** Whether the page may pause queues, and change and remove jobs; default: it only shows them. */
  readonly allowChanges?: boolean;
  /** Called with the page's address when it can be opened. */
  readonly onListen: (url: string) => void;
  /** Ends it. */
  readonly abortSignal?: AbortSignal;
}

const host = '127.0.0.1';
/** How often new queues are looked for, in ms. */
const lookEvery = 2000;

/** The page runs only its own scripts, and asks no other server for anything. */
const headers = {
  'Content-Security-Policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; " +
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

/**
 * Serves Bull Board for a queue, until the abort signal. Other users of the machine cannot open the page, because they do
 * not know its address, and other pages in the browser cannot ask it for anything.
 *
 * @throws OptionError if its packages are not installed or the port is taken; the abort signal's reason
 */
export async function serveBoard(open: OpenQueue, options: BoardOptions): Promise<never> {
  const { allowChanges = false, onListen, abortSignal } = options;
  const packages = await loadBoard();
  // Looking at a queue must not write to it.
  const queues = new Queues(open.redis, { skipMetasUpdate: true });
  const shown = new BoardQueues(packages, queues, open.redis, !allowChanges);
  const path = `/${randomBytes(16).toString('hex')}`;
  const adapter = new packages.HonoAdapter(packages.serveStatic);
  adapter.setBasePath(path);
  const board = packages.createBullBoard({
    queues: await shown.all(),
    serverAdapter: adapter,
    // Workers of Hearken are none that BullMQ knows: 'hearken status' shows them.
    options: { uiConfig: { boardTitle: 'Hearken', showWorkers: false, hideDocsLink: true } },
  });
  const app = new packages.Hono({ strict: false });
  guard(app, { path, allowChanges });
  app.route(path, adapter.registerPlugin());
  const { server, port } = await listen(packages, app, options.port ?? 0);
  try {
    onListen(`http://${host}:${port}${path}/`);
    for (;;) {
      await delay(lookEvery, abortSignal);
      const all = await shown.all().catch(() => undefined);
      if (all !== undefined) board.replaceQueues(all);
    }
  } finally {
    server.closeAllConnections?.();
    await new Promise<void>((done) => server.close(done));
    await queues.close();
  }
}

/** Refuses what does not come from the page itself. */
function guard(app: BoardApp, { path, allowChanges }: { readonly path: string; readonly allowChanges: boolean }): void {
  app.use('*', async (context, next) => {
    const { req } = context;
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
    if (!isOwn(context)) return context.text('This address is only for this page.', 403);
    if (req.path !== path && !req.path.startsWith(`${path}/`)) {
      return context.text("Nothing is here. 'hearken board' has printed the whole address.", 404);
    }
    if (!allowChanges && req.method !== 'GET' && req.method !== 'HEAD') {
      return context.text("This page changes nothing: start it with 'hearken board --allow-changes'.", 405);
    }
    await next();
    return undefined;
  });
}

/** A page elsewhere may send its own name to this machine, or ask for this address from its scripts. */
function isOwn({ req }: BoardContext): boolean {
  const name = req.header('host') ?? '';
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(name)) return false;
  const origin = req.header('origin');
  return origin === undefined || origin === `http://${name}`;
}

async function listen(
  { serve }: Awaited<ReturnType<typeof loadBoard>>,
  { fetch }: BoardApp,
  port: number,
): Promise<{ readonly server: BoardServer; readonly port: number }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port }, (address) => {
      resolve({ server, port: address.port });
    });
    server.on('error', (error) => {
      const found = error.code === 'EADDRINUSE' ? 'a port that another program uses' : error.message;
      reject(
        new OptionError({ asked: `--port ${port}`, found, fix: 'choose another one, or leave it out', cause: error }),
      );
    });
  });
}
