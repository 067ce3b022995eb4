import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe } from 'vitest';

/** Where distributions put it; `REDIS_SERVER` names another one. */
const places = ['/usr/bin/redis-server', '/usr/bin/valkey-server'];

/** Path of the server that tests start; undefined if there is none. */
export const redisServerPath = [process.env.REDIS_SERVER ?? '', ...places].find(
  (path) => path !== '' && existsSync(path),
);

const isMissing = redisServerPath === undefined && process.env.GITHUB_ACTIONS !== 'true';
if (isMissing) {
  console.log('Tests of the queue are skipped: no redis-server; install Debian’s package, or set REDIS_SERVER');
}

/** Tests that need a server: without one they are skipped, or fail where continuous integration installs it. */
export const describeWithRedis = describe.skipIf(isMissing);

export interface RedisServerOptions {
  /** Empty: everybody may use it. */
  readonly password?: string;
  /** Further lines of its configuration, which come last: `maxmemory-policy allkeys-lru`. */
  readonly settings?: readonly string[];
}

/** A server of Redis on 127.0.0.1, in a folder of its own. */
export interface RedisServer {
  readonly port: number;
  readonly password: string;
  /** `redis://127.0.0.1:<port>`, without the password. */
  readonly url: string;
  /** The path of its socket. */
  readonly socket: string;
  /** Ends it properly (SIGTERM): it writes what it has. */
  stop(): Promise<void>;
  /** Ends it at once (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again, on the same port and with its data. */
  start(): Promise<void>;
  /** Removes its data; it must have been stopped or killed. */
  wipe(): Promise<void>;
  /** Its process; undefined if it does not run. */
  readonly process: ChildProcess | undefined;
}

/** A function that starts servers, which end after each test. */
export function redisServers(): (options?: RedisServerOptions) => Promise<RedisServer> {
  const made: { server: RedisServer; folder: string }[] = [];
  afterEach(async () => {
    for (const { server, folder } of made.splice(0)) {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    }
  });
  return async (options = {}) => {
    // Short and plain: the path of a socket has at most 107 bytes.
    const folder = await mkdtemp(join(tmpdir(), 'hearken-redis-'));
    for (let attempts = 1; ; attempts += 1) {
      const server = makeServer(folder, await freePort(), options);
      try {
        await server.start();
        made.push({ server, folder });
        return server;
      } catch (error) {
        await server.kill();
        // Another process may have taken the port in between.
        if (attempts === 5 || !/address already in use/i.test(String(error))) throw error;
      }
    }
  };
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

function makeServer(folder: string, port: number, options: RedisServerOptions): RedisServer {
  const { password = 'a secret', settings = [] } = options;
  const socket = join(folder, 'socket');
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `unixsocket ${socket}`,
    'unixsocketperm 700',
    `dir ${folder}`,
    'daemonize no',
    'save ""',
    'appendonly yes',
    'appendfsync everysec',
    'maxmemory-policy noeviction',
    ...(password === '' ? [] : [`requirepass "${password}"`]),
    ...settings,
  ];
  let child: ChildProcess | undefined;
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child === undefined) return;
    const ending = child;
    child = undefined;
    running.delete(ending);
    // One that never ran, or ended by itself.
    if (ending.pid === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    await new Promise((resolve) => {
      ending.once('exit', resolve);
      ending.kill(signal);
    });
  };
  return {
    port,
    password,
    socket,
    url: `redis://127.0.0.1:${port}`,
    get process() {
      return child;
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    start: async () => {
      if (child !== undefined) throw new Error('it runs already');
      const configuration = join(folder, 'redis.conf');
      await writeFile(configuration, `${lines.join('\n')}\n`, { mode: 0o600 });
      child = spawn(redisServerPath ?? 'redis-server', [configuration], { stdio: ['ignore', 'pipe', 'pipe'] });
      running.add(child);
      await ready(child);
    },
    wipe: async () => {
      if (child !== undefined) throw new Error('it still runs');
      for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    },
  };
}

/** Resolves when the server takes connections. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('eady to accept connections')) resolve();
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
    child.once('error', reject);
    child.once('close', () => {
      reject(new Error(`redis-server ended:\n${said}`));
    });
  });
}

/** A port that nothing listens to right now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
