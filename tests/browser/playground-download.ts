import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SlowHost {
  readonly url: string;
  /** `Range` of each request; undefined for one that asks for the whole file. */
  readonly ranges: (string | undefined)[];
  close(): Promise<void>;
}

/**
 * A host on another origin that supports ranges and whose first response stops halfway.
 *
 * @param name of the file
 */
export async function hostThatStops(name: string, bytes: Buffer): Promise<SlowHost> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const open = {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': 'Range, If-Range',
      'Access-Control-Expose-Headers': 'ETag',
      ETag: '"first"',
    };
    if (request.method === 'OPTIONS') {
      response.writeHead(204, open).end();
      return;
    }
    const { range } = request.headers;
    ranges.push(range);
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const rest = bytes.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      ...open,
      'Content-Length': rest.length,
      ...(start > 0 ? { 'Content-Range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    if (ranges.length === 1) response.write(rest.subarray(0, bytes.length / 2));
    else response.end(rest);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/${name}`,
    ranges,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
