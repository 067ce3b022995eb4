import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach } from 'vitest';

/** A request that the server got. */
export interface SeenRequest {
  readonly url: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

export interface FileServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly requests: SeenRequest[];
}

type Answer = (request: IncomingMessage, response: ServerResponse, index: number) => void;

/** A function that starts servers on 127.0.0.1, which are closed after each test. */
export function fileServers(): (answer: Answer) => Promise<FileServer> {
  const servers: ReturnType<typeof createServer>[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  return async (answer) => {
    const requests: SeenRequest[] = [];
    const server = createServer((request, response) => {
      const { range, 'if-range': ifRange } = request.headers;
      requests.push({ url: request.url ?? '', range, ifRange: ifRange as string | undefined });
      answer(request, response, requests.length - 1);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
  };
}

/** How a server of static files breaks the connection. */
interface Breaks {
  readonly etag?: string;
  /** Bytes of each answer, after which the connection breaks. */
  readonly dropAfter?: number;
  /**
   * The client's partial file; the connection stays open until it has grown, because a client loses what it has not
   * read.
   */
  readonly part?: string;
}

/** Answers like a server of static files, including ranges and ETags. */
export function serveBytes(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
  { etag = '"v1"', dropAfter = Infinity, part }: Breaks = {},
): void {
  const start =
    request.headers['if-range'] === etag ? /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] : undefined;
  const from = Number(start ?? 0);
  if (start !== undefined && from >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    return;
  }
  const body = bytes.subarray(from);
  response.writeHead(start === undefined ? 200 : 206, {
    etag,
    'content-length': body.length,
    ...(start === undefined ? {} : { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
  });
  if (body.length <= dropAfter) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, dropAfter), () => {
    const taken = part === undefined ? Promise.resolve() : untilSize(part, from + dropAfter);
    void taken.then(() => response.destroy());
  });
}

async function untilSize(path: string, bytes: number): Promise<void> {
  while (((await stat(path).catch(() => undefined))?.size ?? 0) < bytes) await wait(10);
}
