import { expect, it } from 'vitest';
import { describeWithRedis } from '../../../../tests/support/redis-server.js';
import { cancelledKey } from '../../src/queue/names.js';
import { cancelCampaign } from '../../src/status/cancel-campaign.node.js';
import { readStatus } from '../../src/status/read-status.node.js';
import { ofModel, testQueues } from '../../../../tests/support/queued-campaign.js';

const newQueue = testQueues();

describeWithRedis('cancelCampaign', () => {
  it('removes all that waits, at every stage, and nothing of others', async () => {
    const { queue, queues, submit, take, expand } = await newQueue();
    await submit('other', 3);
    await submit('ab', 2500);
    await submit('abc', 1);
    // Jobs are taken in the order in which they were added.
    const others = [await take(), await take(), await take()];
    await expand(others[0].id, 'embed', 2);
    const [expanded, finished, running] = [await take(), await take(), await take()];
    await expand(expanded.id, 'embed', 1500);
    await take(ofModel);
    await take(ofModel);
    const child = await take(ofModel);
    await finished.complete({ results: [], failed: [] });
    expect([expanded.id, finished.id, running.id, child.id]).toEqual(['ab.0', 'ab.1', 'ab.2', 'ab.0.embed.0']);
    await queues.queue('work').add('root', {}, { jobId: 'ab.late', delay: 1e9 });

    const { campaign, removed, running: still } = await cancelCampaign(queue, 'ab');
    // All root jobs but a finished and a running one, the delayed one, and all children but a running one.
    expect([campaign.id, removed, still]).toEqual(['ab', 2498 + 1 + 1499, 2]);
    expect(await queue.redis.smembers(cancelledKey)).toEqual(['ab']);
    const { campaigns, queues: counts } = await readStatus(queue);
    expect(counts).toMatchObject([
      { name: 'work', waiting: 1, running: 3, delayed: 0, parents: 1 },
      { name: ofModel, waiting: 0, running: 3, parents: 0 },
    ]);
    const of = (id: string) => campaigns.find((one) => one.id === id)!;
    expect(of('ab')).toMatchObject({ state: 'cancelled', counts: { removed: 2498, done: 1, waiting: 1 } });
    expect(of('other').counts).toMatchObject({ removed: 0, embedding: 1 });
    expect(of('abc').counts).toMatchObject({ removed: 0, waiting: 1 });
    // What still runs ends without setting anything off.
    await running.complete({ results: [], failed: [] });
    await child.complete({}).catch(() => undefined);
    expect((await readStatus(queue)).queues[0]).toMatchObject({ waiting: 1, parents: 1 });
  });

  it('finds it by its name, and can be repeated', async () => {
    const { queue, submit } = await newQueue();
    await submit('a1', 2);
    expect(await cancelCampaign(queue, 'name of a1')).toMatchObject({ removed: 2, running: 0 });
    expect(await cancelCampaign(queue, 'a1')).toMatchObject({ removed: 0, running: 0 });
  });

  it('says which campaigns there are, if there is none of that name or several', async () => {
    const { queue, submit } = await newQueue();
    const found = 'no such campaign';
    await expect(cancelCampaign(queue, 'spring')).rejects.toMatchObject({ found, fix: 'there are none in this queue' });
    await submit('0123abcd', 1, { name: 'spring' });
    await submit('4567abcd', 1, { name: 'autumn' });
    await submit('89abcdef', 1, { name: 'autumn' });
    await expect(cancelCampaign(queue, '0123abce')).rejects.toMatchObject({
      asked: `campaign '0123abce' in the queue ${queue.shown}`,
      found,
      fix: expect.stringMatching(/^did you mean '0123abcd'\? there are .*0123abcd \(spring\)/) as string,
    });
    await expect(cancelCampaign(queue, 'sprin')).rejects.toMatchObject({
      fix: expect.stringContaining("did you mean 'spring'?") as string,
    });
    await expect(cancelCampaign(queue, 'autumn')).rejects.toMatchObject({
      found: '2 campaigns of that name',
      fix: expect.stringMatching(/^name it by its id: /) as string,
    });
    expect(await queue.redis.exists(cancelledKey)).toBe(0);
  });
});
