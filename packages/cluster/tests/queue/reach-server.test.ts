import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { OptionError } from '@hearken/core';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { openQueue } from '../../src/queue/connect.node.js';
import { QueueError } from '../../src/queue/queue-error.js';
import { parseQueueUrl } from '../../src/queue/queue-url.js';
import { reachServer } from '../../src/queue/reach-server.node.js';

const makeFolder = temporaryFolders();
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A server of something else: what it does with each connection, the last of these with all further ones. */
async function startServer(...answers: ((socket: Socket) => void)[]): Promise<string> {
  const sockets = new Set<Socket>();
  let next = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    answers[Math.min(next, answers.length - 1)](socket);
    next += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answer = (text: string) => (socket: Socket) => {
  socket.once('data', () => socket.write(text));
};

async function refusal(url: string, seconds: number): Promise<QueueError> {
  const error: unknown = await openQueue(
    { url, password: 'secret' },
    { purpose: 'look', connectSeconds: seconds },
  ).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(QueueError);
  return error as QueueError;
}

describe('reachServer', () => {
  it('tells a server that does what everybody asks from one that wants a password', async () => {
    const open = await startServer(answer('+PONG\r\n'));
    expect(await reachServer(parseQueueUrl(`redis://${open}`), 60)).toEqual({ isOpen: true, isLocal: true });
    const guarded = await startServer(answer('-NOAUTH Authentication required.\r\n'));
    expect(await reachServer(parseQueueUrl(`redis://${guarded}`), 60)).toEqual({ isOpen: false, isLocal: true });
  });

  it('waits for a server that reads its data, or comes back', async () => {
    const loading = answer('-LOADING Redis is loading the dataset in memory\r\n');
    const host = await startServer(loading, (socket) => socket.destroy(), loading, answer('+PO'), answer('+PONG\r\n'));
    // The fourth one never ends its answer.
    const server = await startServer(loading, (socket) => socket.resetAndDestroy(), answer('+PONG\r\n'));
    expect(await reachServer(parseQueueUrl(`redis://${server}`), 60)).toMatchObject({ isOpen: true });
    await expect(reachServer(parseQueueUrl(`redis://${host}`), 2)).rejects.toThrow(/ETIMEDOUT, tried for 2 s/);
  });
});

describe('openQueue', () => {
  it.each<[string, string, RegExp]>([
    [
      'a web server',
      'HTTP/1.1 400 Bad Request\r\n\r\n',
      /an answer that is not of Redis or Valkey; check the port, or/,
    ],
    ['endless bytes', 'x'.repeat(100_000), /an answer that is not of Redis or Valkey/],
    ['another error', '-ERR \x1b[31munknown\r\n', /a server that answers 'ERR \?\[31munknown'; wait until it is ready/],
    [
      'protected mode',
      '-DENIED Redis is running in protected mode\r\n',
      /without a password that only answers its own/,
    ],
    [
      'a server that keeps loading',
      '-LOADING Redis is loading\r\n',
      /a server that answers 'LOADING Redis is loading'/,
    ],
  ])('says what answers instead: %s', async (_, text, message) => {
    const host = await startServer(answer(text));
    const error = await refusal(`redis://${host}`, 0.3);
    expect(error.message).toMatch(message);
    expect(error.reason).toBe('unreachable');
  });

  it('says what was tried where nothing answers', async () => {
    // Only a privileged process could listen there.
    const { message, reason } = await refusal('redis://127.0.0.1:1', 0.3);
    expect(message).toBe(
      "the queue 'redis://127.0.0.1:1': no server that answers there (ECONNREFUSED, tried for 0.3 s); start it, or " +
        'check the address and the firewall',
    );
    expect(reason).toBe('unreachable');
    const silent = await startServer(() => undefined);
    expect((await refusal(`redis://${silent}`, 0.3)).message).toMatch(/no server that answers there \(ETIMEDOUT/);
    const socket = `unix:${join(await makeFolder(), 'socket')}`;
    expect((await refusal(socket, 0.3)).message).toMatch(/no socket of that name \(ENOENT, tried for 0.3 s\)/);
    const noTls = await startServer(answer('-ERR Protocol error\r\n'));
    expect((await refusal(`rediss://${noTls}`, 60)).message).toMatch(/a server that does not speak TLS/);
    await expect(openQueue({ url: 'nowhere' }, { purpose: 'look' })).rejects.toThrow(OptionError);
  });

  it('gives up on a server that answers once and then no more', async () => {
    const host = await startServer(answer('-NOAUTH Authentication required.\r\n'), () => undefined);
    const { message } = await refusal(`redis://${host}`, 0.3);
    expect(message).toMatch(/no answer for 0.3 s, after a first one \(connection: connect\); check the server and/);
  });
});
