import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { describeWithRedis } from '../../../../tests/support/redis-server.js';
import { ofModel, testQueues } from '../../../../tests/support/queued-campaign.js';
import { boardInstall, loadBoard } from '../../src/board/board-packages.node.js';
import { serveBoard } from '../../src/board/serve-board.node.js';
import { nameModelQueue } from '../../src/queue/model-queues.node.js';
import type { OpenQueue } from '../../src/queue/connect.node.js';

const newQueue = testQueues();
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Serves it until the test has ended, and returns its address. */
async function served(queue: OpenQueue, allowChanges = false): Promise<string> {
  const ending = new AbortController();
  return new Promise((resolve, reject) => {
    const serving = serveBoard(queue, { allowChanges, abortSignal: ending.signal, onListen: resolve });
    serving.catch(reject);
    ends.unshift(async () => {
      ending.abort(new Error('enough'));
      await serving.catch(() => undefined);
    });
  });
}

interface ShownQueue {
  readonly name: string;
  readonly displayName: string;
  readonly isPaused: boolean;
  readonly counts: Readonly<Record<string, number>>;
}

async function shownQueues(url: string): Promise<readonly ShownQueue[]> {
  const answer = await fetch(`${url}api/queues`);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { readonly queues: readonly ShownQueue[] }).queues;
}

/** The status of an answer, with headers that a browser would not let a page choose. */
async function statusOf(url: string, headers: Readonly<Record<string, string>>, method = 'GET'): Promise<number> {
  const asked = request(url, { headers, method });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [{ statusCode: number; resume: () => void }];
  answer.resume();
  return answer.statusCode;
}

describeWithRedis('serveBoard', () => {
  it('shows the jobs of all queues, also of those that appear later, and writes nothing', async () => {
    const { queue, queues, server, submit, take } = await newQueue();
    await submit('a', 3);
    await (await take()).fail('no sound');
    const keys = async () => (await queue.redis.keys('*')).sort();
    const before = await keys();
    const url = await served(queue);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/);
    const page = await (await fetch(url)).text();
    expect(page).toContain('<title>Hearken</title>');
    expect(page).not.toContain(server.password);
    const shown = await shownQueues(url);
    expect(shown.map(({ displayName }) => displayName)).toEqual(['work without a model', 'mel, cpu']);
    expect(shown[0].counts).toMatchObject({ prioritized: 2, failed: 1 });
    expect(await keys()).toEqual(before);

    const later = 'model-0123456789abcdef-cuda';
    await queues.queue(later).add('embed', {});
    await nameModelQueue(queue.redis, later, { model: 'later', provider: 'cuda' });
    let names: readonly string[] = [];
    while (!names.includes(later)) names = (await shownQueues(url)).map(({ name }) => name);
    await queue.redis.hdel('hearken:models', later);
    while (names.includes(later)) names = (await shownQueues(url)).map(({ name }) => name);
    expect(names).toContain(ofModel);
  });

  it('changes nothing unless it may', async () => {
    const { queue, queues, submit } = await newQueue();
    await submit('a', 1);
    const paused = () => queues.queue('work').isPaused();
    const readOnly = await served(queue);
    expect((await fetch(`${readOnly}api/queues/work/pause`, { method: 'PUT' })).status).toBe(405);
    expect(await paused()).toBe(false);
    const url = await served(queue, true);
    expect((await fetch(`${url}api/queues/work/pause`, { method: 'PUT' })).status).toBe(200);
    expect(await paused()).toBe(true);
  });

  it('answers nobody else: other addresses, names of this machine, and pages', async () => {
    const { queue, submit } = await newQueue();
    await submit('a', 1);
    const url = await served(queue, true);
    const { host, origin } = new URL(url);
    expect(await statusOf(url, { host })).toBe(200);
    expect(await statusOf(`${origin}/api/queues`, { host })).toBe(404);
    expect(await statusOf(`${url.slice(0, -2)}/`, { host })).toBe(404);
    // A name that an attacker's page points to this machine.
    expect(await statusOf(`${url}api/queues`, { host: 'hearken.example:80' })).toBe(403);
    const foreign = { host, origin: 'http://elsewhere.example' };
    expect(await statusOf(`${url}api/queues/work/pause`, foreign, 'PUT')).toBe(403);
    const { headers } = await fetch(url);
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('says that a port is taken', async () => {
    const { queue } = await newQueue();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const end = serveBoard(queue, { port, onListen: () => undefined });
    await expect(end).rejects.toMatchObject({ asked: `--port ${port}`, found: 'a port that another program uses' });
    other.close();
  });
});

it('says how to install what is missing', async () => {
  await expect(loadBoard(['@hearken/board-that-is-missing'])).rejects.toMatchObject({
    asked: 'a page of the queue',
    found: 'package @hearken/board-that-is-missing is not installed',
    fix: boardInstall,
  });
});
