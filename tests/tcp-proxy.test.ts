import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { tcpProxies } from './support/tcp-proxy.js';

const startProxy = tcpProxies();
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A server that sends back what it gets. */
async function startEcho(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function open(port: number): Promise<{ socket: Socket; heard: () => string }> {
  const socket = connect(port, '127.0.0.1');
  ends.push(() => socket.destroy());
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(socket, 'connect');
  return { socket, heard: () => text };
}

it('forwards, holds back during a partition, and closes connections', async () => {
  const proxy = await startProxy(await startEcho());
  const { socket, heard } = await open(proxy.port);
  socket.write('one ');
  await expect.poll(heard).toBe('one ');
  proxy.pause();
  socket.write('two ');
  const late = await open(proxy.port);
  late.socket.write('three');
  // Nothing arrives, however long one waits; this is long enough for what would arrive at once.
  await wait(100);
  expect([heard(), late.heard()]).toEqual(['one ', '']);
  proxy.resume();
  await expect.poll(heard).toBe('one two ');
  await expect.poll(late.heard).toBe('three');
  expect(proxy.connections).toBe(2);
  proxy.cut();
  await once(socket, 'close');
  expect(proxy.connections).toBe(0);
});

it('does not tell one side during a partition that the other has closed', async () => {
  const proxy = await startProxy(await startEcho());
  const { socket } = await open(proxy.port);
  socket.write('one');
  await once(socket, 'data');
  proxy.pause();
  socket.destroy();
  await wait(100);
  expect(proxy.connections).toBe(1);
  proxy.resume();
  await expect.poll(() => proxy.connections).toBe(0);
});
