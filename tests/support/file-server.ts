import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
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
   * Called before the answer; the connection stays open until it resolves, which means that the client has that many
   * bytes of the file: it loses what it has not read.
   */
  readonly until?: (bytes: number) => Promise<void>;
}

/** Answers like a server of static files, including ranges and ETags. */
export function serveBytes(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
  { etag = '"v1"', dropAfter = Infinity, until }: Breaks = {},
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
  breakOff(response, body.subarray(0, dropAfter), until?.(from + dropAfter));
}

/** Sends a part of a file, and breaks the connection when the client has it. */
export function breakOff(response: ServerResponse, bytes: Uint8Array, taken: Promise<void> = Promise.resolve()): void {
  response.write(bytes, () => void taken.then(() => response.destroy()));
}

/** Tells a server in the same process what its client has received. */
export class Received {
  readonly #waiting: { readonly bytes: number; readonly resolve: () => void }[] = [];

  /** Called by the client whenever it has received something: with how much of the file it has now. */
  readonly onProgress = ({ received }: { readonly received: number }): void => {
    for (const { resolve } of this.#waiting.filter(({ bytes }) => bytes <= received)) resolve();
  };

  /** Resolves when the client, from now on, has this much of the file. */
  readonly until = (bytes: number): Promise<void> =>
    new Promise((resolve) => {
      this.#waiting.push({ bytes, resolve });
    });
}
