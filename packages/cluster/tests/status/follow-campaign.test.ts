import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { describeWithRedis } from '../../../../tests/support/redis-server.js';
import { openQueue } from '../../src/queue/connect.node.js';
import { cancelCampaign } from '../../src/status/cancel-campaign.node.js';
import { followCampaign, type FollowProgress } from '../../src/status/follow-campaign.node.js';
import { testQueues } from '../../../../tests/support/queued-campaign.js';

const newQueue = testQueues();

/** Resolves when something has become true. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await wait(20);
}

describeWithRedis('followCampaign', () => {
  it('tells how far a campaign is, and how each model on a task ended, in its order', async () => {
    const { queue, submit, take } = await newQueue();
    await submit('a', 3);
    const progress: FollowProgress[] = [];
    const end = followCampaign(queue, 'a', { onProgress: (one) => progress.push(one) });
    await until(() => progress.length > 0);
    expect(progress[0]).toMatchObject({ counts: { waiting: 3, done: 0 }, total: 3, ended: [] });
    const jobs = [await take(), await take(), await take()];
    await jobs[2].complete({ results: ['/out/c.json'], failed: [] });
    await until(() => progress.some(({ ended }) => ended.length > 0));
    expect(progress.at(-1)).toMatchObject({ counts: { done: 1 }, ended: [{ id: 'a.2', task: 't2', state: 'done' }] });
    await jobs[0].fail('killed');
    const parts = { asked: 'a', found: 'b', fix: 'c' };
    const failed = [{ evaluation: 'mlp', message: 'a: b; c', parts, trainFraction: 0.5 }];
    await jobs[1].complete({ results: ['/out/b.json'], failed });
    expect(await end).toEqual([
      { id: 'a.0', model: 'mel', task: 't0', state: 'failed', results: [], failures: [{ message: 'killed' }] },
      { id: 'a.1', model: 'mel', task: 't1', state: 'failed', results: ['/out/b.json'], failures: failed },
      { id: 'a.2', model: 'mel', task: 't2', state: 'done', results: ['/out/c.json'], failures: [] },
    ]);
    expect(progress.flatMap(({ ended }) => ended.map(({ id }) => id)).toSorted()).toEqual(['a.0', 'a.1', 'a.2']);
  });

  it('ends when the campaign is cancelled, and still knows what was removed', async () => {
    const { queue, submit } = await newQueue();
    await submit('a', 2);
    let isSeen = false;
    const end = followCampaign(queue, 'a', { onProgress: () => (isSeen = true) });
    await until(() => isSeen);
    await cancelCampaign(queue, 'a');
    expect(await end).toMatchObject([
      { model: 'mel', task: 't0', state: 'removed' },
      { model: 'mel', task: 't1', state: 'removed' },
    ]);
  });

  it('waits for a server that is away, and says so once', async () => {
    const { server, submit, take } = await newQueue();
    await submit('a', 1);
    const { url, password } = server;
    const following = await openQueue({ url, password }, { purpose: 'look', connectSeconds: 60 });
    try {
      const notes: string[] = [];
      let polls = 0;
      const end = followCampaign(following, 'a', {
        onProgress: () => (polls += 1),
        onNote: (line) => notes.push(line),
      });
      await until(() => polls > 0);
      // What a server has just been told may be lost with it.
      await server.stop();
      await until(() => notes.length > 0);
      await server.start();
      await until(() => notes.length > 1);
      const job = await take();
      await job.complete({ results: [], failed: [] });
      expect(await end).toMatchObject([{ state: 'done' }]);
      expect(notes).toEqual([
        `The queue ${url} does not answer. Waiting for it; workers finish what they have.`,
        `The queue ${url} answers again.`,
      ]);
    } finally {
      await following.close();
    }
  });

  it('says that the server has lost its data', async () => {
    const { queue, server, submit } = await newQueue();
    await submit('a', 1);
    let polls = 0;
    const end = followCampaign(queue, 'a', { onProgress: () => (polls += 1) });
    const refusal = expect(end).rejects.toMatchObject({
      found: 'no such campaign any more: the server has lost or deleted its data',
      fix: expect.stringContaining('run the same command again') as string,
    });
    await until(() => polls > 0);
    await server.kill();
    await server.wipe();
    await server.start();
    await refusal;
  });

  it('stops at once by the abort signal, also while the server is away', async () => {
    const { queue, server, submit } = await newQueue();
    await submit('a', 1);
    const controller = new AbortController();
    const notes: string[] = [];
    const end = followCampaign(queue, 'a', { abortSignal: controller.signal, onNote: (line) => notes.push(line) });
    const refusal = expect(end).rejects.toThrow('enough');
    await server.stop();
    await until(() => notes.length > 0);
    controller.abort(new Error('enough'));
    await refusal;
    await server.start();
  });

  it('refuses a campaign that is not there', async () => {
    const { queue } = await newQueue();
    await expect(followCampaign(queue, 'nobody')).rejects.toThrow(/no such campaign/);
  });
});
