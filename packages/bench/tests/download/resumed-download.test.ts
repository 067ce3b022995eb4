import { readdir, readFile } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { FileError } from '@hearken/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { downloadFile, type DownloadOptions } from '../../src/download/download-file.node.js';
import { breakOff, fileServers, Received } from '../../../../tests/support/file-server.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
const serve = fileServers();
const quick: DownloadOptions = { retryDelay: 1, attempts: 3 };
const size = 300_000;

let path: string;
beforeEach(async () => {
  path = join(await temporaryFolder(), 'file');
});

/** A server whose first answer ends early; what it answers to a request for the rest is up to `rest`. */
function cutShort(rest: (from: number, response: ServerResponse) => void, { until }: Received) {
  let wholeRequests = 0;
  return (request: IncomingMessage, response: ServerResponse) => {
    if (request.headers.range !== undefined) {
      rest(Number(/\d+/.exec(request.headers.range)![0]), response);
      return;
    }
    wholeRequests += 1;
    response.writeHead(200, { etag: '"v1"', 'content-length': size });
    // The second time it is whole: what was begun anew ends.
    if (wholeRequests > 1) response.end(Buffer.alloc(size, 7));
    else breakOff(response, Buffer.alloc(100_000, 7), until(100_000));
  };
}

const range = (from: number, to = size - 1, total: number | string = size) => `bytes ${from}-${to}/${total}`;

describe('the rest of a file', () => {
  it.each<[string, (from: number) => Record<string, string | number>, (from: number) => Buffer]>([
    [
      'another ETag',
      (from) => ({ etag: '"v2"', 'content-range': range(from) }),
      (from) => Buffer.alloc(size - from, 8),
    ],
    [
      'a compression',
      (from) => ({ etag: '"v1"', 'content-encoding': 'gzip', 'content-range': range(from) }),
      (from) => gzipSync(Buffer.alloc(size - from, 8)),
    ],
    [
      'another range',
      (from) => ({ etag: '"v1"', 'content-range': range(from - 1) }),
      (from) => Buffer.alloc(size - from + 1, 8),
    ],
    [
      'a range that ends early',
      (from) => ({ etag: '"v1"', 'content-range': range(from, size - 2) }),
      (from) => Buffer.alloc(size - from - 1, 8),
    ],
    [
      'another whole',
      (from) => ({ etag: '"v1"', 'content-range': range(from, size, size + 1) }),
      (from) => Buffer.alloc(size - from + 1, 8),
    ],
    [
      'another length than its range',
      (from) => ({ etag: '"v1"', 'content-range': range(from), 'content-length': size - from + 5 }),
      (from) => Buffer.alloc(size - from + 5, 8),
    ],
  ])('with %s is not joined to what is there', async (_what, headers, body) => {
    const received = new Received();
    const { origin, requests } = await serve(
      cutShort((from, response) => {
        response.writeHead(206, headers(from));
        response.end(body(from));
      }, received),
    );
    const { bytes } = await downloadFile(`${origin}/a`, path, { ...quick, onProgress: received.onProgress });
    expect(requests.map((request) => request.range)).toEqual([undefined, 'bytes=100000-', undefined]);
    expect(bytes).toBe(size);
    expect((await readFile(path)).equals(Buffer.alloc(size, 7))).toBe(true);
  });

  it('of a file that is known by its date is compared by that', async () => {
    const { until, onProgress } = new Received();
    const { origin, requests } = await serve((request, response, index) => {
      const from = request.headers.range === undefined ? 0 : Number(/\d+/.exec(request.headers.range)![0]);
      if (from > 0) {
        response.writeHead(206, { 'last-modified': 'Tue, 02 Jan 2024 00:00:00 GMT', 'content-range': range(from) });
        response.end(Buffer.alloc(size - from, 8));
        return;
      }
      response.writeHead(200, { 'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT', 'content-length': size });
      if (index >= 2) response.end(Buffer.alloc(size, 7));
      else breakOff(response, Buffer.alloc(100_000, 7), until(100_000));
    });
    await downloadFile(`${origin}/a`, path, { ...quick, onProgress });
    expect(requests.map((request) => request.range)).toEqual([undefined, 'bytes=100000-', undefined]);
    expect((await readFile(path)).equals(Buffer.alloc(size, 7))).toBe(true);
  });
});

describe('a server that does not end', () => {
  it('is left at the most bytes that the file may have, whether or not it says how many come', async () => {
    for (const headers of [{}, { 'content-length': 10_000_000 }]) {
      const { origin } = await serve((_request, response) => {
        response.writeHead(200, headers);
        const more = () => response.write(Buffer.alloc(50_000), (error) => (error ? undefined : setImmediate(more)));
        more();
      });
      const downloading = downloadFile(`${origin}/a`, path, { ...quick, maximumBytes: 200_000 });
      await expect(downloading).rejects.toThrow(FileError);
      await expect(downloading).rejects.toThrow(/at most 200000 bytes/);
      expect(await readdir(dirname(path))).toEqual([]);
    }
  });

  it('and sends a little at a time counts as dead, however often it is tried', async () => {
    let clock = 0;
    let requests = 0;
    const { origin } = await serve((request, response) => {
      requests += 1;
      const from = request.headers.range === undefined ? 0 : Number(/\d+/.exec(request.headers.range)![0]);
      response.writeHead(from > 0 ? 206 : 200, {
        etag: '"v1"',
        ...(from > 0 ? { 'content-range': range(from) } : { 'content-length': size }),
      });
      response.write(Buffer.alloc(10));
    });
    const downloading = downloadFile(`${origin}/a`, path, {
      ...quick,
      rateWindow: 1000,
      // Each look at the clock is a window later.
      now: () => (clock += 1001),
    });
    await expect(downloading).rejects.toThrow(/received only 10 bytes in \d s; nothing new in 3 tries/);
    expect(requests).toBe(3);
  });
});

it('says who told the checksum', async () => {
  const { origin } = await serve((_request, response) => {
    response.writeHead(200, { etag: '"md5:7d793037a0760186574b0282f2f435e7"' });
    response.end('world');
  });
  const told = await downloadFile(`${origin}/a`, path, quick);
  expect(told).toMatchObject({ verified: 'md5', verifiedBy: 'server' });
  const checksum = { algorithm: 'md5', hex: '7d793037a0760186574b0282f2f435e7' } as const;
  expect(await downloadFile(`${origin}/a`, path, { ...quick, checksum })).toMatchObject({ verifiedBy: 'known' });
});
