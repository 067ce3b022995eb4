import { OptionError } from '@hearken/core';

/* Bull Board and a small server for it are optional, so only the parts of their types that are used are known here. */

/** A queue as the board shows it. */
export type BoardQueue = object;

/** What a request is, and the answer to it. */
export interface BoardContext {
  readonly req: {
    readonly method: string;
    readonly path: string;
    header(name: string): string | undefined;
  };
  header(name: string, value: string): void;
  text(text: string, status: 403 | 404 | 405): unknown;
}

/** A server's program. */
export interface BoardApp {
  use(path: string, step: (context: BoardContext, next: () => Promise<void>) => Promise<unknown>): void;
  route(path: string, app: BoardApp): void;
  readonly fetch: unknown;
}

/** The parts of the packages that are used. */
export interface BoardPackages {
  readonly createBullBoard: (board: {
    readonly queues: readonly BoardQueue[];
    readonly serverAdapter: unknown;
    readonly options: { readonly uiConfig: object };
  }) => { replaceQueues(queues: readonly BoardQueue[]): void };
  readonly BullMQAdapter: new (
    queue: unknown,
    options: { readonly readOnlyMode: boolean; readonly displayName: string; readonly description: string },
  ) => BoardQueue;
  readonly HonoAdapter: new (serveStatic: unknown) => {
    setBasePath(path: string): void;
    registerPlugin(): BoardApp;
  };
  readonly Hono: new (options: { readonly strict: boolean }) => BoardApp;
  readonly serve: (
    options: { readonly fetch: unknown; readonly hostname: string; readonly port: number },
    listening: (address: { readonly port: number }) => void,
  ) => BoardServer;
  readonly serveStatic: unknown;
}

/** A server of Node.js. */
export interface BoardServer {
  close(done?: () => void): unknown;
  closeAllConnections?(): void;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

const modules = [
  '@bull-board/api',
  '@bull-board/api/bullMQAdapter',
  '@bull-board/hono',
  'hono',
  '@hono/node-server',
  '@hono/node-server/serve-static',
];

/** What has to be installed. */
export const boardInstall = 'npm install @bull-board/api@9 @bull-board/hono@9 hono@4 @hono/node-server@2';

/**
 * Loads Bull Board.
 *
 * @param names for tests
 * @throws OptionError if it is not installed
 */
export async function loadBoard(names: readonly string[] = modules): Promise<BoardPackages> {
  const loaded: Record<string, unknown> = {};
  for (const name of names) {
    try {
      // Imported by a name that no bundler or compiler resolves, because most users don't need it.
      Object.assign(loaded, await import(name));
    } catch (cause) {
      const missing = (cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new OptionError({
        asked: 'a page of the queue',
        found: missing ? `package ${name} is not installed` : `package ${name} cannot be loaded (${reason})`,
        fix: boardInstall,
        cause,
      });
    }
  }
  return loaded as unknown as BoardPackages;
}
