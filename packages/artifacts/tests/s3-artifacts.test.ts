import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError, OptionError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { S3Artifacts } from '../src/s3.js';
import { loadS3Sdk } from '../src/s3/s3-sdk.node.js';
import { openStore } from './s3-store.js';
import { type Injected, type S3Server, type SeenRequest, s3Servers } from './s3-server.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
const s3Server = s3Servers();
const bytes = (...values: number[]) => Uint8Array.from(values);
const large = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251);

/** A store that was opened, and whose server counts from there. */
async function opened(options: Parameters<typeof openStore>[2] = {}) {
  const server = await s3Server();
  const mirror = await temporaryFolder();
  const artifacts = await openStore(server, mirror, options);
  server.requests.length = 0;
  return { server, mirror, artifacts };
}

/** Injects something into the requests of one method, one after the other. */
function injectInto(server: S3Server, method: string, ...injected: Injected[]): void {
  server.inject = (request) => (request.method === method ? injected.shift() : undefined);
}

const methods = ({ requests }: S3Server) => requests.map(({ method }) => method).join(' ');
const slowDown: Injected = { status: 503, code: 'SlowDown' };

describe('opening', () => {
  it('checks that the store refuses to write twice, and leaves nothing', async () => {
    const server = await s3Server();
    await openStore(server, await temporaryFolder());
    expect(methods(server)).toBe('PUT PUT DELETE');
    expect(server.objects.size).toBe(0);
    const names = new Set(server.requests.map(({ name }) => name));
    expect([...names]).toEqual([expect.stringMatching(/^pre\/fix\/\.hearken-probe-[0-9a-f]{16}$/)]);
    expect(server.requests[0].headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIATESTHEARKEN\/\d+\/us-east-1\/s3\//,
    );
  });

  it('refuses a store that ignores the condition', async () => {
    const server = await s3Server();
    server.ignoresConditions = true;
    const opening = openStore(server, await temporaryFolder());
    await expect(opening).rejects.toThrow(FileError);
    await expect(opening).rejects.toThrow(
      "to keep artifacts in 's3://bucket/pre/fix': a store that wrote an object twice although it was told not to replace it (If-None-Match: *); use a store that supports conditional writes, such as AWS S3 or a current MinIO, or a shared folder",
    );
    expect(server.objects.size).toBe(0);
  });

  it('refuses a store that does not know the condition', async () => {
    const server = await s3Server();
    injectInto(server, 'PUT', { status: 501, code: 'NotImplemented' });
    await expect(openStore(server, await temporaryFolder())).rejects.toThrow(/without conditional writes/);
  });

  it('takes a probe whose answer was lost', async () => {
    const server = await s3Server();
    injectInto(server, 'PUT', 'lose-answer');
    await openStore(server, await temporaryFolder());
    expect(methods(server)).toBe('PUT PUT DELETE');
  });

  it('says what is wrong, and asks a server that is not there only four times', async () => {
    const server = await s3Server();
    const mirror = await temporaryFolder();
    const at = (url: string) => S3Artifacts.open(url, { mirror, retryDelay: () => 0 });
    const missing = await at(`s3://bucket2/?endpoint=${server.endpoint}`).catch(String);
    expect(missing).toMatch(/no such bucket \(404 NoSuchBucket\); create it, or check its name and the endpoint/);
    const nowhere = await at('s3://bucket/?endpoint=http://127.0.0.1:1').catch(String);
    expect(nowhere).toMatch(/no server that answers there \(ECONNREFUSED\) after 4 attempts; check the endpoint/);
    server.inject = () => ({ status: 403, code: 'AccessDenied' });
    await expect(at(`s3://bucket/?endpoint=${server.endpoint}`)).rejects.toThrow(/no permission \(403 AccessDenied\)/);
    server.inject = () => ({ status: 403, code: 'SignatureDoesNotMatch' });
    await expect(at(`s3://bucket/?endpoint=${server.endpoint}`)).rejects.toThrow(/AWS_ACCESS_KEY_ID/);
    const { AWS_SECRET_ACCESS_KEY } = process.env;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    try {
      const nobody = await at(`s3://bucket/?endpoint=${server.endpoint}`).catch(String);
      expect(nobody).toMatch(/no credentials \(CredentialsProviderError\); set AWS_ACCESS_KEY_ID and AWS_SECRET/);
    } finally {
      process.env.AWS_SECRET_ACCESS_KEY = AWS_SECRET_ACCESS_KEY;
    }
  });

  it('says how to install the client', async () => {
    await expect(loadS3Sdk('@aws-sdk/client-s4')).rejects.toThrow(OptionError);
    await expect(loadS3Sdk('@aws-sdk/client-s4')).rejects.toThrow(/not installed; add it with 'npm install @aws-sdk/);
  });
});

describe('writing', () => {
  it('asks for the condition, and leaves a copy for this machine', async () => {
    const { server, artifacts } = await opened();
    expect(await artifacts.write('a/b', bytes(1, 2))).toBe(true);
    expect(server.requests[0].headers['if-none-match']).toBe('*');
    expect([...server.objects.keys()]).toEqual(['pre/fix/a/b']);
    expect([...(await readFile((await artifacts.fetch('a/b'))!))]).toEqual([1, 2]);
    await artifacts.write('a/b', bytes(3), { replace: true });
    expect(server.requests[1].headers['if-none-match']).toBeUndefined();
    expect([...(await readFile((await artifacts.fetch('a/b'))!))]).toEqual([3]);
    expect(methods(server)).toBe('PUT PUT');
  });

  it('tries again after failures, slow-downs and conflicts', async () => {
    const { server, artifacts } = await opened();
    const conflict: Injected = { status: 409, code: 'ConditionalRequestConflict' };
    const timeout: Injected = { status: 400, code: 'RequestTimeout' };
    injectInto(server, 'PUT', { status: 500 }, slowDown, 'lose-request', conflict, timeout, {
      status: 502,
      body: '<!DOCTYPE html>',
    });
    expect(await artifacts.write('key', bytes(1))).toBe(true);
    expect(methods(server)).toBe('PUT PUT PUT PUT PUT PUT PUT');
  });

  it('knows its own artifact if the answer was lost', async () => {
    const { server, artifacts } = await opened();
    injectInto(server, 'PUT', 'lose-answer');
    expect(await artifacts.write('key', bytes(1))).toBe(true);
    expect(methods(server)).toBe('PUT PUT HEAD');
    // Nobody else's, though the content is the same and the answer is the same.
    injectInto(server, 'PUT', 'lose-request');
    expect(await artifacts.write('key', bytes(1))).toBe(false);
  });

  it('knows its own artifact if all answers were lost', async () => {
    const { server, artifacts } = await opened();
    injectInto(server, 'PUT', ...Array.from({ length: 10 }, (): Injected => 'lose-answer'));
    expect(await artifacts.write('key', bytes(1))).toBe(true);
    injectInto(server, 'PUT', ...Array.from({ length: 10 }, (): Injected => 'lose-answer'));
    expect(await artifacts.write('key', bytes(1))).toBe(false);
  });

  it('stores one of two artifacts whose answers were lost', async () => {
    const { server, mirror, artifacts } = await opened();
    const other = await openStore(server, join(mirror, 'other'));
    injectInto(server, 'PUT', 'lose-answer', 'lose-answer', 'lose-answer');
    const stored = await Promise.all([artifacts.write('key', bytes(1)), other.write('key', bytes(2))]);
    expect(stored.filter(Boolean)).toHaveLength(1);
    expect([...server.objects.get('pre/fix/key')!.content]).toEqual([stored.indexOf(true) + 1]);
  });

  it('gives up after ten attempts', async () => {
    const { server, artifacts } = await opened();
    server.inject = ({ method }) => (method === 'PUT' ? slowDown : undefined);
    await expect(artifacts.write('key', bytes(1))).rejects.toThrow(
      "to write 's3://bucket/pre/fix/key': 503 SlowDown after 10 attempts; try again later: what is finished stays",
    );
    expect(methods(server)).toBe(`${'PUT '.repeat(10)}HEAD`);
    await expect(artifacts.write('key', bytes(1), { replace: true })).rejects.toThrow(/503 SlowDown after 10 attempts/);
  });

  it('does not ask again where that is no use', async () => {
    const { server, artifacts } = await opened();
    server.inject = () => ({ status: 403, code: 'AccessDenied' });
    await expect(artifacts.write('key', bytes(1))).rejects.toThrow(/no permission/);
    await expect(artifacts.remove('key')).rejects.toThrow(/to remove .* no permission/);
    await expect(artifacts.has('key')).rejects.toThrow(/to read .* no permission/);
    await expect(artifacts.fetch('key')).rejects.toThrow(/to read .* no permission/);
    await expect(artifacts.list('key')).rejects.toThrow(/to list .* no permission/);
    expect(methods(server)).toBe('PUT DELETE HEAD GET LIST');
  });

  it('stores more than a client sends without being told to go on', async () => {
    const { server, artifacts } = await opened();
    const content = new Uint8Array(3_000_000).fill(7);
    expect(await artifacts.write('key', content)).toBe(true);
    expect(server.objects.get('pre/fix/key')!.content.equals(content)).toBe(true);
    expect(await artifacts.write('key', content)).toBe(false);
  });

  it('refuses what is over the limit before it asks', async () => {
    const { server, artifacts } = await opened({ maximumBytes: 3 });
    await expect(artifacts.write('key', bytes(1, 2, 3, 4))).rejects.toThrow(/4 bytes; keep artifacts under 3/);
    expect(server.requests).toEqual([]);
  });
});

describe('fetching', () => {
  /** A store with an object that another machine wrote. */
  async function withObject(content: Uint8Array, options: Parameters<typeof openStore>[2] = {}) {
    const made = await opened(options);
    await (await openStore(made.server, await temporaryFolder())).write('a/key', content);
    made.server.requests.length = 0;
    return made;
  }

  it('downloads once, whatever asks at the same time or later', async () => {
    const { server, mirror, artifacts } = await withObject(bytes(1, 2));
    const paths = await Promise.all([artifacts.fetch('a/key'), artifacts.fetch('a/key')]);
    expect(paths).toEqual([join(mirror, 'a', 'key'), join(mirror, 'a', 'key')]);
    const next = await openStore(server, mirror);
    await next.fetch('a/key');
    expect(server.requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
    expect(await readdir(join(mirror, 'a'))).toEqual(['key']);
  });

  it('goes on where a connection broke, if the object is the same', async () => {
    const { server, artifacts } = await withObject(large);
    injectInto(server, 'GET', { bodyBytes: 100_000 }, slowDown, { bodyBytes: 50_000 }, 'lose-answer');
    expect(Buffer.from(large).equals(await readFile((await artifacts.fetch('a/key'))!))).toBe(true);
    const gets = server.requests.filter(({ method }) => method === 'GET').map(({ headers }) => headers);
    const { etag } = server.objects.get('pre/fix/a/key')!;
    expect(gets.map((headers) => headers['if-match'])).toEqual([undefined, etag, etag, etag, etag]);
    expect(gets[0].range).toBeUndefined();
    for (const { range } of gets.slice(1))
      expect(Number(/^bytes=(\d+)-$/.exec(range!)?.[1])).toBeLessThanOrEqual(150_000);
  });

  it('goes on with a store that ignores ranges', async () => {
    const { server, artifacts } = await withObject(large);
    server.ignoresRanges = true;
    injectInto(server, 'GET', { bodyBytes: 100_000 });
    expect(Buffer.from(large).equals(await readFile((await artifacts.fetch('a/key'))!))).toBe(true);
  });

  it('begins again if the object was replaced while it was downloaded', async () => {
    const { server, mirror, artifacts } = await withObject(large);
    const replaced = large.map((value) => value ^ 1);
    const other = await openStore(server, await temporaryFolder());
    let gets = 0;
    server.inject = ({ method }) => {
      gets += method === 'GET' ? 1 : 0;
      return method === 'GET' && gets === 1 ? { bodyBytes: 1000 } : undefined;
    };
    const before = server.objects.get('pre/fix/a/key')!;
    await other.write('a/key', replaced, { replace: true });
    const after = server.objects.get('pre/fix/a/key')!;
    server.objects.set('pre/fix/a/key', before);
    const inject = server.inject;
    server.inject = (request, index) => {
      const injected = inject(request, index);
      if (gets === 2) server.objects.set('pre/fix/a/key', after);
      return injected;
    };
    expect(Buffer.from(replaced).equals(await readFile((await artifacts.fetch('a/key'))!))).toBe(true);
    expect(await readdir(join(mirror, 'a'))).toEqual(['key']);
  });

  it.each([
    ['its SHA-256', (headers: Record<string, string>) => headers],
    ['the ETag of another program', () => ({})],
  ])('checks the content by %s', async (_, headersOf) => {
    const { server, mirror, artifacts } = await withObject(bytes(1, 2, 3));
    const { content, etag, headers } = server.objects.get('pre/fix/a/key')!;
    const stored = { etag, headers: headersOf({ ...headers }) };
    const damaged = { ...stored, content: Buffer.from([1, 2, 4]) };
    server.objects.set('pre/fix/a/key', damaged);
    await expect(artifacts.fetch('a/key')).rejects.toThrow(/content that does not match its (SHA-256|ETag); try again/);
    expect(methods(server)).toBe('GET GET GET');
    expect(await readdir(join(mirror, 'a'))).toEqual([]);
    let gets = 0;
    server.inject = ({ method }) => {
      if (method === 'GET' && (gets += 1) > 1) server.objects.set('pre/fix/a/key', { ...stored, content });
      return undefined;
    };
    expect([...(await readFile((await artifacts.fetch('a/key'))!))]).toEqual([1, 2, 3]);
  });

  it('takes what cannot be checked', async () => {
    const { server, artifacts } = await opened();
    const parts = { content: Buffer.from([1]), etag: '"0123456789abcdef0123456789abcdef-2"', headers: {} };
    server.objects.set('pre/fix/parts', parts);
    const encrypted = { 'x-amz-server-side-encryption': 'aws:kms' };
    server.objects.set('pre/fix/encrypted', { ...parts, etag: `"${'0'.repeat(32)}"`, headers: encrypted });
    for (const key of ['parts', 'encrypted']) expect([...(await readFile((await artifacts.fetch(key))!))]).toEqual([1]);
  });

  it('gives up on a connection that breaks again and again', async () => {
    const { server, mirror, artifacts } = await withObject(large);
    server.inject = ({ method }) => (method === 'GET' ? { bodyBytes: 1 } : undefined);
    await expect(artifacts.fetch('a/key')).rejects.toThrow(
      /to read 's3:\/\/bucket\/pre\/fix\/a\/key': ECONNRESET; try/,
    );
    expect(server.requests.length).toBeLessThan(20);
    expect(await readdir(join(mirror, 'a'))).toEqual([]);
  });

  it('does not download what is over the limit or has no length', async () => {
    const { server, mirror, artifacts } = await withObject(large, { maximumBytes: 1000 });
    await expect(artifacts.fetch('a/key')).rejects.toThrow(/300000 bytes, over the limit of 1000; check that it is/);
    injectInto(server, 'GET', (response) => {
      response.writeHead(200);
      const more = () => void (response.destroyed || response.write(Buffer.alloc(65536), more));
      more();
    });
    await expect(artifacts.fetch('a/key')).rejects.toThrow(/an answer without a length/);
    expect(await readdir(mirror)).toEqual([]);
  });

  it('fetches again what damaged the mirror, once it is replaced', async () => {
    const { mirror, artifacts } = await withObject(bytes(1, 2, 3));
    await mkdir(join(mirror, 'a'), { recursive: true });
    await writeFile(join(mirror, 'a', 'key'), 'damaged');
    await artifacts.write('a/key', bytes(1, 2, 3), { replace: true });
    expect([...(await readFile((await artifacts.fetch('a/key'))!))]).toEqual([1, 2, 3]);
  });

  it('removes the least recently used copies over the limit, but none that it gave out', async () => {
    const now = Date.now() + 3_600_000;
    const { server, mirror, artifacts } = await opened({ mirrorBytes: 25, now: () => now });
    const other = await openStore(server, await temporaryFolder());
    for (const key of ['a', 'b', 'c', 'd', 'e']) await other.write(`m/${key}`, new Uint8Array(10));
    await mkdir(join(mirror, 'm'), { recursive: true });
    for (const [age, key] of [
      [3, 'a'],
      [1, 'b'],
      [2, 'c'],
    ] as const) {
      const path = join(mirror, 'm', key);
      await writeFile(path, new Uint8Array(10));
      await utimes(path, (now - age * 1e6) / 1000, (now - age * 1e6) / 1000);
    }
    await writeFile(join(mirror, 'm', 'd.token.part'), new Uint8Array(100));
    const copies = async () => (await readdir(join(mirror, 'm'))).filter((name) => !name.endsWith('.part'));
    // The oldest one was given out, so the next one goes.
    await artifacts.fetch('m/a');
    await artifacts.fetch('m/d');
    expect(await copies()).toEqual(['a', 'd']);
    await artifacts.fetch('m/e');
    expect(await copies()).toEqual(['a', 'd', 'e']);
    artifacts.release();
    for (const key of ['a', 'd', 'e']) await utimes(join(mirror, 'm', key), 1, 1);
    await artifacts.fetch('m/b');
    expect(await copies()).toHaveLength(2);
    expect(await copies()).toContain('b');
    expect((await stat(join(mirror, 'm', 'd.token.part'))).size).toBe(100);
  });

  it('keeps what another process used in the last minute', async () => {
    const now = Date.now();
    const { server, mirror, artifacts } = await opened({ mirrorBytes: 10, now: () => now });
    await (await openStore(server, await temporaryFolder())).write('m/b', new Uint8Array(10));
    await mkdir(join(mirror, 'm'), { recursive: true });
    await writeFile(join(mirror, 'm', 'a'), new Uint8Array(10));
    await utimes(join(mirror, 'm', 'a'), (now - 1000) / 1000, (now - 1000) / 1000);
    await artifacts.fetch('m/b');
    expect(await readdir(join(mirror, 'm'))).toEqual(['a', 'b']);
  });

  it('writes nothing outside the mirror', async () => {
    const server = await s3Server();
    const folder = await temporaryFolder();
    const artifacts = await openStore(server, join(folder, 'a', 'mirror'));
    server.objects.set('pre/fix/../../x', { content: Buffer.from([1]), etag: '"1"', headers: {} });
    await expect(artifacts.fetch('../../x')).rejects.toThrow(OptionError);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('listing', () => {
  it('goes through all pages, and leaves out what is no artifact', async () => {
    const { server, artifacts } = await opened();
    for (let index = 0; index < 10; index += 1) await artifacts.write(`m/t/${index}+ä`, bytes(1));
    for (const name of ['m/', 'm/.hidden', 'm/a b', 'm/../x', 'm/con', 'm/x.part', 'm/a&<b>', 'mm/x']) {
      server.objects.set(`pre/fix/${name}`, { content: Buffer.from([]), etag: '"1"', headers: {} });
    }
    server.requests.length = 0;
    injectInto(server, 'LIST', undefined, slowDown, 'lose-answer', { bodyBytes: 20 });
    const expected = Array.from({ length: 10 }, (_, index) => `m/t/${index}+ä`);
    expect(await artifacts.list('m')).toEqual(expected);
    expect(server.requests.length).toBe(6 + 3);
    expect(new Set(server.requests.map(({ name }) => name))).toEqual(new Set(['pre/fix/m/']));
    expect(await artifacts.list('m/t')).toEqual(expected);
  });

  it('has no prefix without one', async () => {
    const server = await s3Server();
    const artifacts = await openStore(server, await temporaryFolder(), {}, '');
    await artifacts.write('a/b', bytes(1));
    expect([...server.objects.keys()]).toEqual(['a/b']);
    expect(await artifacts.list('a')).toEqual(['a/b']);
  });
});

it('retries as many requests as come', async () => {
  const { server, artifacts } = await opened();
  // Each request fails once, which is more than the client's own budget would pay for.
  const failed = new Set<string>();
  server.inject = ({ method, name }: SeenRequest) => {
    if (failed.has(method + name)) return undefined;
    failed.add(method + name);
    return slowDown;
  };
  const keys = Array.from({ length: 150 }, (_, index) => `many/${index}`);
  for (const key of keys) expect(await artifacts.write(key, bytes(1))).toBe(true);
  expect(await artifacts.list('many')).toHaveLength(150);
});
