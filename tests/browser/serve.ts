import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export interface Site {
  readonly url: string;
  /** Requested paths, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

export interface SiteOptions {
  /** Whether pages are cross-origin isolated, which shared memory needs. */
  readonly isolated: boolean;
  /** Folders below the site, by the first part of the path; `''` is the site itself. */
  readonly folders: Readonly<Record<string, string>>;
}

/** Serves folders like a simple web host. */
export async function serve({ isolated, folders }: SiteOptions): Promise<Site> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname));
    requests.push(path);
    const [, first, ...rest] = path.split('/');
    const file = first in folders ? join(folders[first], ...rest) : join(folders[''] ?? '', path);
    const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
    void stat(path.endsWith('/') ? join(file, 'index.html') : file).then(
      (found) => {
        const name = path.endsWith('/') ? join(file, 'index.html') : file;
        response.writeHead(200, {
          'Content-Type': types[extname(name)] ?? 'application/octet-stream',
          'Content-Length': found.size,
          ...(isolated ? isolation : {}),
        });
        createReadStream(name).pipe(response);
      },
      () => response.writeHead(404).end(),
    );
  });
  await listening(server);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}
