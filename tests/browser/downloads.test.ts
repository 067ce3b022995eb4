import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { buildPage } from './build-page.js';
import { describeInChromium, launchChromium } from './chromium.js';
import type { PageCalls } from './page/main.js';
import { serve, type Site } from './serve.js';

const weights = readFileSync(
  fileURLToPath(new URL('../../packages/plugins-efficientat/tests/fixtures/mn01_as.pt', import.meta.url)),
);
const sha256 = createHash('sha256').update(weights).digest('hex');

/** A host of checkpoints that supports ranges and can be made to fail. */
const host = {
  etag: '"first"',
  /** Bytes of each answer before the connection breaks; absent: all. */
  breakAfter: undefined as number | undefined,
  ranges: [] as (string | undefined)[],
  server: undefined as Server | undefined,
  /** The page that loads. */
  page: undefined as Page | undefined,
  answer(request: IncomingMessage, response: ServerResponse): void {
    const { range } = request.headers;
    host.ranges.push(range);
    const resumes = range !== undefined;
    const start = resumes ? Number(/bytes=(\d+)-/.exec(range)![1]) : 0;
    const body = weights.subarray(start);
    response.writeHead(resumes ? 206 : 200, {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': 'Range',
      'Access-Control-Expose-Headers': 'ETag, Content-Length',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      ETag: host.etag,
      'Content-Length': body.length,
    });
    if (host.breakAfter === undefined) response.end(body);
    else response.write(body.subarray(0, host.breakAfter), () => void breakOnceStored(response));
  },
};

/** Ends an answer when the page has stored what was sent: a browser discards what it has not passed on yet. */
async function breakOnceStored(response: ServerResponse): Promise<void> {
  const isStored = (bytes: number) => ((globalThis as { received?: number }).received ?? 0) >= bytes;
  await host.page?.waitForFunction(isStored, host.breakAfter!);
  response.destroy();
}

describeInChromium('a checkpoint from a URL', () => {
  let folder: string;
  let browser: Browser;
  let site: Site;
  let context: BrowserContext;
  let url: string;

  beforeAll(async () => {
    folder = await buildPage('tests/browser/page');
    browser = await launchChromium();
    site = await serve({ isolated: false, folders: { '': folder } });
    host.server = createServer((request, response) => {
      host.answer(request, response);
    });
    await new Promise<void>((resolve) => host.server!.listen(0, '127.0.0.1', resolve));
    url = `url:http://localhost:${(host.server.address() as AddressInfo).port}/mn01_as.pt`;
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
    host.server?.closeAllConnections();
    host.server?.close();
  });

  // Each context has separate storage.
  beforeEach(async () => {
    Object.assign(host, { etag: '"first"', breakAfter: undefined, ranges: [] });
    context = await browser.newContext();
  });

  afterEach(() => context.close());

  async function open(): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${site.url}/`);
    await page.waitForFunction(() => 'calls' in globalThis);
    return page;
  }

  const load = (page: Page) =>
    page.evaluate((url) => (globalThis as unknown as { calls: PageCalls }).calls.load('efficientat', [url], {}), url);
  const failure = (page: Page) => {
    host.page = page;
    return page.evaluate(
      (url) => (globalThis as unknown as { calls: PageCalls }).calls.failure('efficientat', [url], {}),
      url,
    );
  };

  it('goes on where the connection broke', async () => {
    const page = await open();
    host.breakAfter = 100_000;
    const { name, message } = await failure(page);
    expect(name).toBe('FileError');
    expect(message).toMatch(/ended after \d+ bytes.*try again/);
    host.breakAfter = undefined;
    expect((await load(page)).sha256).toBe(sha256);
    expect(host.ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
  });

  it('goes on after its tab was closed', async () => {
    host.breakAfter = 50_000;
    const first = await open();
    await failure(first);
    await first.close();
    host.breakAfter = undefined;
    expect((await load(await open())).sha256).toBe(sha256);
    expect(host.ranges[1]).toMatch(/^bytes=/);
  });

  it('begins again when the file is another one by now', async () => {
    const page = await open();
    host.breakAfter = 100_000;
    await failure(page);
    Object.assign(host, { etag: '"second"', breakAfter: undefined });
    expect((await load(page)).sha256).toBe(sha256);
  });

  it('is fetched once, also by another tab', async () => {
    await load(await open());
    await load(await open());
    expect(host.ranges).toHaveLength(1);
  });
});
