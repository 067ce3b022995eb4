import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { FileError } from '@hearken/core';
import { harnessVersion } from '@hearken/results';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { describeWithRedis, redisServers } from '../../../../tests/support/redis-server.js';
import { tcpProxies } from '../../../../tests/support/tcp-proxy.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { openQueue, type OpenQueue, type OpenQueueOptions, type QueueAddress } from '../../src/queue/connect.node.js';
import { aboutKey, campaignsKey, cancelledKey, rootsKey, workerKey, workQueue } from '../../src/queue/names.js';
import { QueueError } from '../../src/queue/queue-error.js';
import { Queues } from '../../src/queue/queues.node.js';
import { watchConnection } from '../../src/queue/watch-connection.node.js';

const startServer = redisServers();
const startProxy = tcpProxies();
const makeFolder = temporaryFolders();
const opened: OpenQueue[] = [];

beforeEach(() => {
  vi.stubEnv('HEARKEN_QUEUE_PASSWORD', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(opened.splice(0).map((queue) => queue.close()));
});

async function open(address: QueueAddress, options: Partial<OpenQueueOptions> = {}): Promise<OpenQueue> {
  const queue = await openQueue(address, { purpose: 'worker', cacheId: 'a', connectSeconds: 60, ...options });
  opened.push(queue);
  return queue;
}

/** The error of opening a queue. */
async function refusal(address: QueueAddress, options: Partial<OpenQueueOptions> = {}): Promise<QueueError> {
  const error: unknown = await open(address, options).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(QueueError);
  expect((error as Error).message).not.toContain('secret');
  return error as QueueError;
}

const external = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === 'IPv4' && !address.internal)?.address;

describeWithRedis('openQueue', () => {
  it('says who uses the queue, and stays connected', async () => {
    const { url, password } = await startServer();
    const queue = await open({ url, password });
    expect(queue.notes).toEqual([]);
    expect(queue.shown).toBe(url);
    expect(await queue.redis.hgetall(aboutKey)).toEqual({ version: harnessVersion, format: '2', cache: 'a' });
    await queue.close();
    expect(queue.redis.status).toBe('end');
  });

  it('takes the password from the environment, a file, or the URL, which is noted', async () => {
    const { url, port, password } = await startServer();
    vi.stubEnv('HEARKEN_QUEUE_PASSWORD', password);
    expect((await open({ url })).notes).toEqual([]);
    vi.stubEnv('HEARKEN_QUEUE_PASSWORD', 'another');
    const passwordFile = join(await makeFolder(), 'password');
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    expect((await open({ url, passwordFile })).notes).toEqual([]);
    const withPassword = `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}`;
    const { notes, shown } = await open({ url: withPassword });
    expect(notes).toEqual([expect.stringMatching(/^A password in a URL can be seen by other users/)]);
    expect(shown).toBe(url);
    await expect(open({ url: withPassword, passwordFile })).rejects.toThrow(/more than one of the URL, an option/);
  });

  it.skipIf(process.platform === 'win32')('refuses a password file that others can read, or without one', async () => {
    const { url, password } = await startServer();
    const passwordFile = join(await makeFolder(), 'password');
    await writeFile(passwordFile, password);
    await chmod(passwordFile, 0o640);
    await expect(open({ url, passwordFile })).rejects.toThrow(/permissions 640, so that others.*run: chmod 600 '/);
    await chmod(passwordFile, 0o600);
    await open({ url, passwordFile });
    await writeFile(passwordFile, '\n');
    await expect(open({ url, passwordFile })).rejects.toThrow(/no password; write the password into it/);
    await writeFile(passwordFile, 'x'.repeat(5000));
    await expect(open({ url, passwordFile })).rejects.toThrow(/5000 bytes, over the limit of 4096/);
    await expect(open({ url, passwordFile: `${passwordFile}-gone` })).rejects.toThrow(FileError);
  });

  it('says what is wrong with the password', async () => {
    const { url, password } = await startServer();
    expect((await refusal({ url })).message).toMatch(/a server that wants a password; pass it in a file with mode 600/);
    const wrong = await refusal({ url, password: 'secret' });
    expect(wrong.message).toMatch(/a user or password that the server refuses; check it: it is in the URL/);
    expect(wrong.reason).toBe('wrong-password');
    const user = url.replace('://', '://nobody@');
    expect((await refusal({ url: user, password })).reason).toBe('wrong-password');
  });

  it('uses a server without a password on its own machine, and notes that', async () => {
    const { url, socket } = await startServer({ password: '' });
    const { notes } = await open({ url, password: 'not needed' });
    expect(notes).toEqual([expect.stringMatching(/^The server has no password: all users of this machine can give/)]);
    // Only those whom its permissions allow reach a socket.
    expect((await open({ url: `unix:${socket}` })).notes).toEqual([]);
    const local = await startServer({ password: '', settings: ['protected-mode no', 'bind 127.0.0.1 -::1'] });
    expect((await open(local)).notes).toHaveLength(1);
    const withoutPort = await startServer({ password: '', settings: ['protected-mode no', 'bind 0.0.0.0', 'port 0'] });
    expect((await open({ url: `unix:${withoutPort.socket}` })).notes).toEqual([]);
  });

  it('uses a socket with a password, too', async () => {
    const { socket, password } = await startServer();
    const queue = await open({ url: `unix:${socket}?db=1`, password });
    expect(queue.shown).toBe(`unix:${socket}?db=1`);
    expect(await queue.redis.exists(aboutKey)).toBe(1);
    expect((await refusal({ url: `unix:${socket}` })).reason).toBe('password-missing');
  });

  it.skipIf(external === undefined)('refuses a server without a password that others can reach', async () => {
    const everywhere = ['bind 0.0.0.0', 'protected-mode no'];
    const { port } = await startServer({ password: '', settings: everywhere });
    const { message, reason } = await refusal({ url: `redis://${external}:${port}` });
    expect(message).toMatch(/a server without a password, so that everybody who reaches it can give orders/);
    expect(reason).toBe('no-password');
    // From its own machine, too.
    expect((await refusal({ url: `redis://127.0.0.1:${port}` })).reason).toBe('no-password');
    const guarded = await startServer({ password: '', settings: ['bind 0.0.0.0'] });
    expect((await refusal({ url: `redis://${external}:${guarded.port}` })).message).toMatch(
      /a server without a password that only answers its own machine; set a password/,
    );
    const { port: other, password } = await startServer({ settings: everywhere });
    expect((await open({ url: `redis://${external}:${other}`, password })).notes).toEqual([]);
  });

  it('refuses a server that would lose jobs, and notes where a crash would', async () => {
    const evicting = await startServer({ settings: ['maxmemory-policy allkeys-lru'] });
    const { message, reason } = await refusal(evicting);
    expect(message).toMatch(/\(maxmemory-policy allkeys-lru\); run: redis-cli CONFIG SET maxmemory-policy noeviction/);
    expect(reason).toBe('eviction');
    const forgetful = await startServer({ settings: ['appendonly no'] });
    const { notes } = await open(forgetful);
    expect(notes).toEqual([expect.stringMatching(/^The server keeps no append-only file: if it crashes/)]);
  });

  it('refuses a database that does not exist, and a user without permissions', async () => {
    const { url, password } = await startServer({ settings: ['user someone on >known ~other:* +@all -info'] });
    expect((await refusal({ url: `${url}/99`, password })).message).toMatch(/no database of that number/);
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const someone = { url: url.replace('://', '://someone@'), password: 'known' };
    expect((await refusal(someone)).message).toMatch(/a user without the necessary permissions/);
  });

  it('waits for a server that is about to start', async () => {
    const server = await startServer();
    await server.stop();
    const waiting = open(server);
    await server.start();
    expect((await waiting).notes).toEqual([]);
  });

  it('connects again to a server that was killed, and then answers what it was asked', async () => {
    const server = await startServer();
    const { redis } = await open(server);
    await redis.set('key', 'kept', 'EX', 1000);
    await server.stop();
    const answer = redis.get('key');
    await server.start();
    expect(await answer).toBe('kept');
  });

  it('ends although the server is gone', async () => {
    const server = await startServer();
    const queue = await open(server);
    await server.kill();
    await queue.close();
    await expect(queue.redis.ping()).rejects.toThrow(/closed/);
  });

  it('notices that the network no longer answers, and connects again', async () => {
    const { port, password } = await startServer();
    const proxy = await startProxy(port);
    const { redis } = await open({ url: `redis://127.0.0.1:${proxy.port}`, password });
    const stop = watchConnection(redis, 400);
    proxy.pause();
    const answer = redis.set('key', 'value');
    await once(redis, 'close');
    // As by another route: what was sent on the old one is lost.
    proxy.cut();
    proxy.resume();
    expect(await answer).toBe('OK');
    stop();
  });
});

describeWithRedis('a queue of others', () => {
  it('is refused if they have another version and unfinished jobs or workers', async () => {
    const server = await startServer();
    const { redis } = await open(server);
    const queues = new Queues(redis);
    await redis.hset(aboutKey, 'version', '9.9.9', 'format', '7');
    const job = await queues.queue(workQueue).add('task', {});
    await queues.queue(workQueue).add('task', {}, { priority: 5 });
    const refused = await refusal(server);
    expect(refused.message).toContain(`2 unfinished jobs of Hearken 9.9.9; this is Hearken ${harnessVersion}`);
    expect(refused.reason).toBe('other-version');
    expect((await refusal(server, { purpose: 'submit' })).reason).toBe('other-version');
    expect((await refusal(server, { purpose: 'look' })).message).toMatch(/jobs of Hearken 9.9.9; this is Hearken/);
    await queues.queue(workQueue).obliterate({ force: true });
    await redis.set(workerKey('one'), '{}', 'EX', 1000);
    expect((await refusal(server)).message).toContain('1 worker of Hearken 9.9.9');
    await redis.del(workerKey('one'));
    expect(await redis.hget(aboutKey, 'version')).toBe('9.9.9');
    expect(job.id).toBeDefined();
    await queues.close();
  });

  it('is taken over if nothing is left to do, without what they finished', async () => {
    const server = await startServer();
    const { redis } = await open(server);
    await redis.hset(aboutKey, 'version', '9.9.9');
    await redis.hset(campaignsKey, 'old', '{}');
    await redis.rpush(rootsKey('old'), '1');
    await redis.sadd(cancelledKey, 'old');
    await open(server, { cacheId: 'b' });
    expect(await redis.hgetall(aboutKey)).toEqual({ version: harnessVersion, format: '2', cache: 'b' });
    expect(await redis.keys('hearken:*')).toEqual([aboutKey]);
  });

  it('can be looked at if only the version differs', async () => {
    const server = await startServer();
    const { redis } = await open(server);
    await redis.hset(aboutKey, 'version', '9.9.9');
    const { notes } = await open(server, { purpose: 'look' });
    expect(notes).toEqual([`The queue is used by Hearken 9.9.9; this is ${harnessVersion}.`]);
    expect(await redis.hget(aboutKey, 'version')).toBe('9.9.9');
  });

  it('is refused with another cache', async () => {
    const server = await startServer();
    const { redis } = await open(server, { cacheId: undefined });
    expect(await redis.hget(aboutKey, 'cache')).toBeNull();
    await open(server, { cacheId: 'a' });
    await redis.set(workerKey('one'), '{}', 'EX', 1000);
    const { message, reason } = await refusal(server, { cacheId: 'b' });
    expect(message).toContain('1 worker with another cache folder or store (its id is a, not b); pass the same');
    expect(reason).toBe('other-cache');
    await open(server, { cacheId: undefined, purpose: 'submit' });
    await open(server, { purpose: 'look', cacheId: 'b' });
  });

  it('goes to one of two that come first at the same time', async () => {
    const server = await startServer();
    const caches = ['a', 'b', 'c', 'd'];
    const { redis } = await open(server, { purpose: 'look' });
    await redis.set(workerKey('one'), '{}', 'EX', 1000);
    const outcomes = await Promise.allSettled(caches.map((cacheId) => open(server, { cacheId })));
    const winners = caches.filter((_, index) => outcomes[index].status === 'fulfilled');
    expect(winners).toEqual([await redis.hget(aboutKey, 'cache')]);
  });
});
