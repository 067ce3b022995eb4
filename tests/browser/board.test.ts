import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveBoard } from '../../packages/cluster/src/board/serve-board.node.js';
import { testQueues } from '../support/queued-campaign.js';
import { describeWithRedis } from '../support/redis-server.js';
import { describeInChromium, launchChromium } from './chromium.js';

const newQueue = testQueues();

describeWithRedis('the page of a queue', () => {
  describeInChromium('in Chromium', () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await launchChromium();
    });

    afterAll(async () => {
      await browser.close();
    });

    it('shows queues, how many jobs they have, and why one has failed, and asks no other server', async () => {
      const { queue, submit, take, expand } = await newQueue();
      await submit('a', 5);
      await (await take()).fail("clip 'x.wav'\n  found:  no <b>sound</b>\n  to do:  repair it");
      await expand((await take()).id, 'embed', 3);
      const ending = new AbortController();
      let serving: Promise<unknown> = Promise.resolve();
      const url = await new Promise<string>((resolve, reject) => {
        serving = serveBoard(queue, { onListen: resolve, abortSignal: ending.signal }).catch(reject);
      });
      const page = await browser.newPage();
      const answered: string[] = [];
      page.on('response', (answer) => answered.push(answer.url()));
      await page.goto(url);
      await page.getByText('mel, cpu').waitFor();
      await page.getByText('3 Jobs').waitFor();
      await page.getByText('5 Jobs').waitFor();
      await page.goto(`${url}queue/work?status=failed`);
      await page.getByText('to do: repair it').waitFor();
      expect(await page.innerText('body')).toContain('found:  no <b>sound</b>');
      expect(await page.getByText('Retry').count()).toBe(0);
      expect(answered.filter((asked) => !asked.startsWith(url))).toEqual([]);
      await page.close();
      ending.abort();
      await serving;
    });
  });
});
