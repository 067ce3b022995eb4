import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '@hearken/core';
import { processName } from '@hearken/core/node';
import { beforeEach, describe, expect, it } from 'vitest';
import { MissingFileError, RefusedFileError } from '../../src/download/download-errors.js';
import { downloadFile, type DownloadOptions } from '../../src/download/download-file.node.js';
import { breakOff, fileServers, Received, serveBytes } from '../../../../tests/support/file-server.js';
import { timeLimit } from '../../../../tests/support/time-limit.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
const serve = fileServers();
const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7919) >> 3);
const other = bytes.map((byte) => byte ^ 0xff);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const md5 = createHash('md5').update(bytes).digest('hex');
const quick: DownloadOptions = { retryDelay: 1, attempts: 3, stallTimeout: timeLimit };

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'task.tar.gz');
});

async function onlyTheFile(): Promise<void> {
  expect(await readdir(folder)).toEqual(['task.tar.gz']);
  expect(Buffer.compare(await readFile(path), bytes)).toBe(0);
}

/** Named after this process, and what is known about it. */
async function onlyOnePart(): Promise<void> {
  const [part, state, ...others] = await readdir(folder);
  expect(part.replace(/[0-9a-f]{8}(?=\.part$)/, 'RANDOM')).toBe(`task.tar.gz.${processName()}-RANDOM.part`);
  expect([state, ...others]).toEqual([`${part}.json`]);
}

describe('downloadFile', () => {
  it('downloads a file and says what it hashes to', async () => {
    const { origin, requests } = await serve((request, response) => serveBytes(request, response, bytes));
    const seen: number[] = [];
    const options = { ...quick, onProgress: ({ received }: { received: number }) => seen.push(received) };
    const result = await downloadFile(`${origin}/a`, path, options);
    expect(result).toMatchObject({ bytes: bytes.length, sha256, verified: null, resumedAt: 0 });
    expect(seen.at(-1)).toBe(bytes.length);
    expect(requests).toHaveLength(1);
    await onlyTheFile();
  });

  it('goes on where a dropped connection stopped, over and over', async () => {
    const { until, onProgress } = new Received();
    const { origin, requests } = await serve((request, response) =>
      serveBytes(request, response, bytes, { dropAfter: 60_000, until }),
    );
    const retries: string[] = [];
    await downloadFile(`${origin}/a`, path, { ...quick, onProgress, onRetry: (reason) => retries.push(reason) });
    expect(requests.length).toBeGreaterThanOrEqual(4);
    expect(retries).toHaveLength(requests.length - 1);
    expect(requests[1]).toMatchObject({ ifRange: '"v1"' });
    expect(Number(/\d+/.exec(requests[1].range!)![0])).toBeGreaterThan(0);
    await onlyTheFile();
  });

  it('goes on after a process that was killed, and begins anew for a file that changed', async () => {
    let etag = '"v1"';
    let content = other;
    let dropAfter = 90_000;
    const { until, onProgress } = new Received();
    const server = await serve((request, response) =>
      serveBytes(request, response, content, { etag, dropAfter, until }),
    );
    const url = `${server.origin}/a`;
    // One try, so that it gives up with a part on the disk.
    const left = async () => {
      await expect(downloadFile(url, path, { ...quick, attempts: 0, onProgress })).rejects.toThrow(FileError);
      await onlyOnePart();
    };
    await left();
    [etag, content] = ['"v2"', bytes];
    await left();
    dropAfter = Infinity;
    const { resumedAt, bytes: count } = await downloadFile(url, path, quick);
    expect(resumedAt).toBe(90_000);
    expect(count).toBe(bytes.length);
    await onlyTheFile();
  });

  it('throws a part away that is of another address', async () => {
    const server = await serve((request, response) => serveBytes(request, response, bytes));
    await writeFile(`${path}.part`, other.subarray(0, 100));
    const state = { url: 'http://127.0.0.1:1/elsewhere', validator: '"v1"', total: bytes.length };
    await writeFile(`${path}.part.json`, JSON.stringify(state));
    await downloadFile(`${server.origin}/a`, path, quick);
    expect(server.requests[0].range).toBeUndefined();
    await onlyTheFile();
  });

  it('finishes a part that is whole', async () => {
    const server = await serve((request, response) => serveBytes(request, response, bytes));
    await writeFile(`${path}.part`, bytes);
    const state = { url: `${server.origin}/a`, validator: '"v1"', total: bytes.length };
    await writeFile(`${path}.part.json`, JSON.stringify(state));
    expect(await downloadFile(`${server.origin}/a`, path, quick)).toMatchObject({ resumedAt: bytes.length, sha256 });
    await onlyTheFile();
  });

  it('begins anew each time where the server knows no ranges', async () => {
    const { until, onProgress } = new Received();
    const { origin, requests } = await serve((_request, response, index) => {
      response.writeHead(200, { etag: '"v1"', 'content-length': bytes.length });
      if (index < 2) breakOff(response, bytes.subarray(0, 70_000), until(70_000));
      else response.end(bytes);
    });
    await downloadFile(`${origin}/a`, path, { ...quick, onProgress });
    expect(requests).toHaveLength(3);
    expect(requests[2].range).toMatch(/^bytes=\d+-$/);
    await onlyTheFile();
  });

  it('asks for no range where nothing tells whether the file is the same', async () => {
    const { until, onProgress } = new Received();
    const { origin, requests } = await serve((_request, response, index) => {
      response.writeHead(200, { etag: 'W/"weak"', 'content-length': bytes.length });
      if (index < 1) breakOff(response, bytes.subarray(0, 70_000), until(70_000));
      else response.end(bytes);
    });
    await downloadFile(`${origin}/a`, path, { ...quick, onProgress });
    expect(requests.map(({ range }) => range)).toEqual([undefined, undefined]);
    await onlyTheFile();
  });

  it('does not glue a wrong range', async () => {
    const { until, onProgress } = new Received();
    const { origin } = await serve((request, response, index) => {
      if (index === 1) {
        response
          .writeHead(206, { 'content-range': `bytes 5-${bytes.length - 1}/${bytes.length}` })
          .end(other.subarray(5));
        return;
      }
      serveBytes(request, response, bytes, { dropAfter: index === 0 ? 50_000 : Infinity, until });
    });
    await downloadFile(`${origin}/a`, path, { ...quick, onProgress });
    await onlyTheFile();
  });

  it('gives up on a server that claims more bytes than it has', async () => {
    const { origin, requests } = await serve((request, response) => {
      if (request.headers.range !== undefined) {
        response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
        return;
      }
      response.writeHead(200, { etag: '"v1"', 'content-length': bytes.length + 1000 });
      response.write(bytes, () => response.destroy());
    });
    await expect(downloadFile(`${origin}/a`, path, quick)).rejects.toThrow(/nothing new in 3 tries/);
    expect(requests.length).toBeLessThan(12);
    expect(await readdir(folder)).not.toContain('task.tar.gz');
  });

  it('removes a file whose checksum is wrong, as given or as the server tells', async () => {
    const { origin } = await serve((request, response) =>
      serveBytes(request, response, request.url === '/told' ? other : bytes, { etag: `"md5:${md5}"` }),
    );
    const checksum = { algorithm: 'sha256', hex: '0'.repeat(64) } as const;
    await expect(downloadFile(`${origin}/a`, path, { ...quick, checksum })).rejects.toThrow(/sha256 0000/);
    await expect(downloadFile(`${origin}/told`, path, quick)).rejects.toThrow(/changed or damaged/);
    expect(await readdir(folder)).toEqual([]);
    expect(await downloadFile(`${origin}/a`, path, quick)).toMatchObject({ verified: 'md5' });
    await onlyTheFile();
  });

  it('catches a length that is too small by the checksum', async () => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(200, { etag: '"v1"', 'content-length': 1000 });
      response.end(bytes.subarray(0, 1000));
    });
    const checksum = { algorithm: 'sha256', hex: sha256 } as const;
    await expect(downloadFile(`${origin}/a`, path, { ...quick, checksum })).rejects.toThrow(FileError);
    expect(await readdir(folder)).toEqual([]);
  });

  it('tells a missing file from a refusal and from a server in trouble', async () => {
    const { origin, requests } = await serve((request, response, index) => {
      const status = Number(request.url?.slice(1));
      if (status === 503 && index > 3) serveBytes(request, response, bytes);
      else response.writeHead(status).end();
    });
    await expect(downloadFile(`${origin}/404`, path, quick)).rejects.toThrow(MissingFileError);
    await expect(downloadFile(`${origin}/403`, path, quick)).rejects.toThrow(/refused \(HTTP 403\)/);
    expect(requests).toHaveLength(2);
    await downloadFile(`${origin}/503`, path, quick);
    expect(requests).toHaveLength(5);
    await onlyTheFile();
  });

  it('tells the status of a refusal as a number', async () => {
    const { origin } = await serve((request, response) => {
      response.writeHead(Number(request.url?.slice(1))).end();
    });
    for (const status of [401, 403, 418]) {
      const refused = downloadFile(`${origin}/${status}`, path, quick);
      await expect(refused).rejects.toThrow(RefusedFileError);
      await expect(refused).rejects.toMatchObject({ code: 'FILE', status });
    }
  });

  it('drops a connection that went silent', async () => {
    const { origin } = await serve((request, response, index) => {
      if (index > 0) return serveBytes(request, response, bytes);
      response.writeHead(200, { etag: '"v1"', 'content-length': bytes.length });
      response.write(bytes.subarray(0, 1000));
    });
    const retries: string[] = [];
    const options = { ...quick, stallTimeout: 150, attempts: 1000, onRetry: (reason: string) => retries.push(reason) };
    await downloadFile(`${origin}/a`, path, options);
    // On a busy machine more of them may count as silent.
    expect(new Set(retries)).toEqual(new Set(['the server stopped sending']));
    await onlyTheFile();
  });

  it('refuses what was compressed on the way, and names a server that is not there', async () => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end();
    });
    await expect(downloadFile(`${origin}/a`, path, quick)).rejects.toThrow(/compresses it in transit/);
    await expect(downloadFile('http://127.0.0.1:1/a', path, { ...quick, attempts: 1 })).rejects.toThrow(
      /fetch failed|bad port/,
    );
  });

  it('stops at an abort, and says why', async () => {
    const controller = new AbortController();
    const { origin } = await serve((_request, response) => {
      response.writeHead(200, { etag: '"v1"', 'content-length': bytes.length });
      response.write(bytes.subarray(0, 1000));
    });
    const onProgress = () => controller.abort(new Error('enough'));
    const options = { ...quick, abortSignal: controller.signal, onProgress };
    await expect(downloadFile(`${origin}/a`, path, options)).rejects.toThrow('enough');
    await onlyOnePart();
  });

  it('refuses a folder that cannot be written', async () => {
    const { origin } = await serve((request, response) => serveBytes(request, response, bytes));
    await writeFile(join(folder, 'file'), '');
    await expect(downloadFile(`${origin}/a`, join(folder, 'file', 'x.tar.gz'), quick)).rejects.toThrow(FileError);
    if (process.getuid?.() === 0) return;
    await mkdir(join(folder, 'closed'));
    await chmod(join(folder, 'closed'), 0o555);
    await expect(downloadFile(`${origin}/a`, join(folder, 'closed', 'x.tar.gz'), quick)).rejects.toThrow(/permission/);
  });
});
