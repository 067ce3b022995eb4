import { existsSync } from 'node:fs';
import { Redis } from 'ioredis';
import { afterEach, expect, it } from 'vitest';
import { describeWithRedis, type RedisServer, redisServers } from './support/redis-server.js';

const startServer = redisServers();
const clients: Redis[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});

function clientOf({ port, password }: RedisServer): Redis {
  const client = new Redis({ host: '127.0.0.1', port, password, retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

describeWithRedis('a server of Redis', () => {
  it('keeps its data when it is ended and started again, and loses them when they are wiped', async () => {
    const server = await startServer();
    const client = clientOf(server);
    await client.set('key', 'value');
    await server.stop();
    expect(server.process).toBeUndefined();
    await server.start();
    expect(await client.get('key')).toBe('value');
    await server.kill();
    await server.wipe();
    await server.start();
    expect(await client.get('key')).toBeNull();
  });

  it('runs beside others, each with its settings', async () => {
    const servers = [await startServer({ password: '' }), await startServer({ settings: ['appendonly no'] })];
    const [open, guarded] = servers.map(clientOf);
    expect(await open.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    expect(await guarded.config('GET', 'appendonly')).toEqual(['appendonly', 'no']);
    expect(servers.map(({ socket }) => existsSync(socket))).toEqual([true, true]);
  });
});
