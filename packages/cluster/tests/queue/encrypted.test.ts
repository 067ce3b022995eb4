import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { runCleanly } from '../../../../tests/support/clean-process.js';
import { describeWithRedis, redisServers } from '../../../../tests/support/redis-server.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { openQueue } from '../../src/queue/connect.node.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const sources = new URL('../../../../scripts/typescript-sources.mjs', import.meta.url).href;
const entry = new URL('../../src/index.ts', import.meta.url).href;
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

const startServer = redisServers();
const makeFolder = temporaryFolders();
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A server for TLS on localhost, which passes everything on to a port. */
async function startTls(folder: string, target: number): Promise<number> {
  const options = { key: await readFile(join(folder, 'key.pem')), cert: await readFile(join(folder, 'cert.pem')) };
  const sockets = new Set<Socket>();
  const server = createServer(options, (socket) => {
    const inner = connect(target, '127.0.0.1');
    for (const side of [socket, inner]) sockets.add(side.on('error', () => undefined));
    socket.pipe(inner).pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

describeWithRedis('rediss://', () => {
  it.skipIf(!hasOpenssl)('is encrypted, and wants a certificate of an authority that is trusted', async () => {
    const folder = await makeFolder();
    const wanted = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost';
    const made = spawnSync('openssl', [...wanted.split(' '), '-keyout', 'key.pem', '-out', 'cert.pem'], {
      cwd: folder,
    });
    expect(made.status).toBe(0);
    const { port, password } = await startServer();
    const url = `rediss://localhost:${await startTls(folder, port)}`;
    const refused = openQueue({ url, password }, { purpose: 'look', connectSeconds: 60 });
    await expect(refused).rejects.toThrow(
      /an authority that is not known here \(DEPTH_ZERO_SELF_SIGNED_CERT\); name its/,
    );
    const code = `
      import { openQueue } from '${entry}';
      const queue = await openQueue({ url: '${url}' }, { purpose: 'submit' });
      console.log(await queue.redis.ping(), queue.shown === '${url}');
      await queue.close();`;
    const args = ['--conditions=@hearken/source', '--import', sources, '--input-type=module', '--eval', code];
    const { status, stdout, stderr } = await runCleanly(process.execPath, args, {
      cwd: root,
      env: { NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem'), HEARKEN_QUEUE_PASSWORD: password },
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'PONG true\n', stderr: '' });
  });
});
