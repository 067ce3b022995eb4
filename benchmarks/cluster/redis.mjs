import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { Redis } from 'ioredis';

/** Starts redis-server on loopback, as the guide says: with AOF, and without eviction. */
export async function startRedis(folder) {
  mkdirSync(folder, { recursive: true });
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  const settings = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'];
  const args = [...settings.map(String), '--maxmemory-policy', 'noeviction'];
  let server = spawn('redis-server', args, { stdio: 'ignore' });
  const url = `redis://127.0.0.1:${port}`;
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  await redis.ping();
  return {
    url,
    /** Ends it at once, as a crash does. */
    kill: async () => {
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
    /** Starts it again with its data; resolves when it answers. */
    start: async () => {
      server = spawn('redis-server', args, { stdio: 'ignore' });
      await redis.ping();
    },
    flush: () => redis.flushall(),
    stop: async () => {
      redis.disconnect();
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    },
  };
}
