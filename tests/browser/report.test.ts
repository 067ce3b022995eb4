import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { makeReport } from '../../packages/report/src/make-report.node.js';
import { writeMadeResults, writeResult } from '../support/made-results.js';
import { describeInChromium, launchChromium } from './chromium.js';

const axe = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));
const desktop = { width: 1360, height: 900 };
const phone = { width: 390, height: 800 };

describeInChromium('the leaderboard in Chromium, opened from disk', () => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearken-report-'));
    const results = join(folder, 'results');
    await writeMadeResults(results);
    const evil = '<img src=x onerror=alert(1)>';
    await writeResult(join(results, 'old', 'a.json'), { model: evil, version: '0.0.1', score: 0.5 });
    await makeReport({ results: [results], out: join(folder, 'site') });
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    problems = [];
  });

  afterEach(async () => {
    await page?.context().close();
    expect(problems).toEqual([]);
  });

  /** A model's page has a hash in its name. */
  async function addressOf(path: string): Promise<string> {
    if (!path.startsWith('models/')) return path;
    const names = await readdir(join(folder, 'site', 'models'));
    return `models/${names.find((name) => `models/${name}`.startsWith(path))}`;
  }

  /** Opens a page of the site; every error it reports and every network request is a problem. */
  async function open(path: string, viewport = desktop, colorScheme: 'light' | 'dark' = 'light'): Promise<void> {
    const context = await browser.newContext({ viewport, colorScheme, acceptDownloads: true });
    page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('dialog', (dialog) => problems.push(`dialog ${dialog.message()}`));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    page.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) problems.push(`request of ${request.url()}`);
    });
    await page.goto(pathToFileURL(join(folder, 'site', path)).href);
  }

  const visibleNames = () =>
    page.$$eval('#leaderboard tbody tr:not([hidden]) th a', (links) => links.map((link) => link.textContent));
  const column = (title: string) =>
    page.locator('#leaderboard thead').getByRole('button', { name: title, exact: true });
  const values = (index: number) =>
    page.$$eval(
      '#leaderboard tbody tr',
      (rows, cell) => rows.map((row) => (row as HTMLTableRowElement).cells[cell].dataset.value),
      index,
    );

  it('sorts by numbers and by names, both ways, and what is missing last', async () => {
    await open('index.html');
    await column('Normalised mean').click();
    const down = await values(4);
    const numbers = down.filter((value) => value !== '').map(Number);
    expect(numbers.length).toBeGreaterThan(30);
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
    expect(down.slice(numbers.length).every((value) => value === '')).toBe(true);
    expect(await page.locator('#leaderboard th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
    await column('Normalised mean').click();
    const up = await values(4);
    expect(up.slice(0, numbers.length).map(Number)).toEqual([...numbers].reverse());
    expect(up.at(-1)).toBe('');
    await column('Model').press('Enter');
    const names = await visibleNames();
    expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })));
  });

  it('filters by text, by origin and by kind of task', async () => {
    await open('index.html');
    const all = (await visibleNames()).length;
    await page.locator('[data-filter="text"]').fill('MADE: lar');
    expect(await visibleNames()).toEqual(['made:large']);
    await page.locator('[data-filter="text"]').fill('');
    await page.locator('[data-filter="origin"]').selectOption('ours');
    expect((await visibleNames()).sort()).toEqual(
      ['made:<img src=x onerror=alert(1)>', 'made:large', 'made:medium', 'made:small'].sort(),
    );
    expect(await page.locator('[data-count]').textContent()).toBe(`4 of ${all} rows`);
    await page.locator('[data-filter="group"]').selectOption('HEAR, speech');
    const shown = await page.locator('#leaderboard thead th:visible button').allTextContents();
    const titles = shown.map((title) => title.trim());
    expect(titles).toContain('CREMA-D');
    expect(titles).toContain('Model');
    expect(titles).not.toContain('ESC-50');
    expect(titles).not.toContain('tones-v1-full');
  });

  it('marks what another version computed', async () => {
    await open('index.html');
    expect(await page.locator('.notice').first().textContent()).toContain('2 versions of hearken (0.0.1, 0.1.0)');
    const marks = page.locator('#leaderboard .mark');
    expect(await marks.count()).toBe(1);
    expect(await marks.getAttribute('title')).toBe('computed by hearken 0.0.1');
  });

  it('takes the theme of the system, and the one that is chosen, which it remembers', async () => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const pictureText = () => page.evaluate(() => getComputedStyle(document.querySelector('figure svg text')!).fill);
    await open('index.html');
    const [light, lightText] = [await background(), await pictureText()];
    await page.getByLabel('Theme').selectOption('dark');
    const [dark, darkText] = [await background(), await pictureText()];
    expect(dark).not.toBe(light);
    expect(darkText).not.toBe(lightText);
    await page.reload();
    expect(await background()).toBe(dark);
    await page.context().close();
    await open('index.html', desktop, 'dark');
    expect(await background()).toBe(dark);
    await page.getByLabel('Theme').selectOption('light');
    expect(await background()).toBe(light);
  });

  it('gives every picture as SVG, in the colours that are seen, and its numbers as CSV', async () => {
    await open('tasks/tones-v1-full.html', desktop, 'dark');
    const figures = page.locator('figure');
    expect(await figures.count()).toBeGreaterThanOrEqual(6);
    const download = async (kind: string) => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.locator(`#tones-v1-full-scores a[data-download="${kind}"]`).click(),
      ]);
      return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
    };
    const svg = await download('svg');
    expect(svg.name).toBe('tones-v1-full-scores.svg');
    expect(svg.text).toContain('#e8ebee');
    expect(svg.text).not.toContain('var(');
    const csv = await download('csv');
    expect(csv.name).toBe('tones-v1-full-scores.csv');
    expect(csv.text.split('\n')[0]).toBe('model,origin,score,low,high');
    expect(csv.text).toContain('made:large,ours,0.75');
  });

  it.each([
    ['index.html', desktop],
    ['index.html', phone],
    ['tasks/tones-v1-full.html', phone],
    ['tasks/esc-50.html', desktop],
    ['models/made-small', phone],
    ['published.html', phone],
  ] as const)('%s is no wider than the window, and accessible (%j)', async (path, viewport) => {
    for (const scheme of ['light', 'dark'] as const) {
      await open(await addressOf(path), viewport, scheme);
      const [width, room] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      expect(width).toBeLessThanOrEqual(room);
      // Not a script element: the page's own rules would refuse it.
      await page.evaluate(await readFile(axe, 'utf8'));
      const found = await page.evaluate(() =>
        (globalThis as unknown as { axe: { run(on: Document, how: object): Promise<AxeResults> } }).axe.run(document, {
          // It would fetch the style sheet, which a page from disk may not.
          preload: false,
        }),
      );
      const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, nodes[0].html])).toEqual([]);
      if (scheme === 'light') await page.context().close();
    }
  });
});
