import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeInChromium, launchChromium } from '../browser/chromium.js';
import { serve, type Site } from '../browser/serve.js';
import { buildSite, type BuiltSite } from './support/build-site.js';
import { brokenLinks, filesOf, readPages, type SitePage } from './support/pages.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const axe = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));
const guide = 'guides/first-benchmark.html';
const modulePage = 'modules/_hearken_core.html';
const functionPage = 'functions/_hearken_core.signalBatch.html';

interface Versions {
  readonly latest: string;
  readonly versions: readonly string[];
}

// Built once, without a warning; otherwise every test fails with the output of the build.
let site: BuiltSite;
let pages: SitePage[];

beforeAll(async () => {
  site = await buildSite();
  pages = readPages(site.latest);
});

afterAll(() => site?.remove());

const pageAt = (path: string) => pages.find((page) => page.path === path)!;
const versions = () => JSON.parse(readFileSync(join(site.folder, 'versions.json'), 'utf8')) as Versions;

describe('the documentation site', () => {
  it('has no link and no anchor that leads nowhere', () => {
    expect(pages.length).toBeGreaterThan(300);
    expect(brokenLinks(pages, new Set(filesOf(site.latest)))).toEqual([]);
  });

  it('links to the sources where they are published, and to files that are there', () => {
    const sources = pages.flatMap(({ links }) =>
      links.flatMap((link) => /^https:\/\/github\.com\/[^/]+\/hearken\/tree\/main\/([^#]+)/.exec(link)?.[1] ?? []),
    );
    for (const path of new Set(sources)) expect(() => readFileOrFolder(path), path).not.toThrow();
  });

  it('has a page for every guide', () => {
    const guides = readdirSync(join(root, 'docs/guides')).filter((file) => file.endsWith('.md'));
    expect(guides.length).toBeGreaterThan(10);
    for (const file of guides) {
      const { html } = pageAt(`guides/${file.replace('.md', '.html')}`);
      expect(html.match(/<h1/g), file).toHaveLength(1);
    }
  });

  it('has a page for every design note', () => {
    const notes = readdirSync(join(root, 'docs/design'));
    expect(notes.length).toBeGreaterThan(3);
    for (const file of notes) {
      const { html } = pageAt(`design/${file.replace('.md', '.html')}`);
      expect(html.match(/<h1/g), file).toHaveLength(1);
    }
  });

  it('calls modules as they are imported, and shows their README', () => {
    for (const folder of readdirSync(join(root, 'packages'))) {
      const { name, exports } = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as {
        name: string;
        exports: Record<string, unknown>;
      };
      const entries = Object.keys(exports).filter((entry) => entry === '.' || entry === './web');
      for (const entry of entries) {
        const imported = entry === '.' ? name : `${name}/web`;
        const file = `modules/${imported.replaceAll('@', '_').replaceAll('/', '_')}.html`;
        expect(pageAt(file)?.html, file).toContain(`<h1>Module ${imported}</h1>`);
      }
      const [heading] = /^## .+$/m.exec(readFileSync(join(root, 'packages', folder, 'README.md'), 'utf8')) ?? [];
      const page = pageAt(`modules/${name.replaceAll('@', '_').replaceAll('/', '_')}.html`);
      if (heading !== undefined) expect(page.html).toContain(heading.slice(3).replaceAll(/`.*`/g, '').trim());
    }
  });

  it('lists exports by topic: docs/site/topics.mjs knows every folder', () => {
    for (const name of ['core', 'onnx', 'onnx_node', 'onnx_web', 'bench', 'bench_web']) {
      const { html } = pageAt(`modules/_hearken_${name}.html`);
      expect(html.match(/data-key="section-/g)!.length, name).toBeGreaterThan(1);
      // Not the page itself in the message of a failure: it is long.
      expect(html.includes('data-key="section-Exports"'), name).toBe(false);
    }
  });

  it('names the latest version as the one for search engines, on every page', () => {
    for (const { path, html } of pages) {
      expect(html, path).toMatch(new RegExp(`<link rel="canonical" href="https://[^"]+/latest/${path}"`));
    }
  });

  it('keeps older versions, and says which there are', () => {
    const { latest, versions: all } = versions();
    expect(all).toEqual([latest, '0.0']);
    expect(readdirSync(site.folder).sort()).toEqual(
      ['.nojekyll', '0.0', 'index.html', latest, 'latest', 'versions.json'].sort(),
    );
    expect(filesOf(join(site.folder, latest)).sort()).toEqual(filesOf(site.latest).sort());
  });
});

describeInChromium('the documentation site in Chromium', () => {
  let server: Site;
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    server = await serve({ isolated: false, folders: { '': site.folder } });
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  beforeEach(() => {
    problems = [];
  });

  afterEach(async () => {
    await page?.context().close();
    expect(problems).toEqual([]);
  });

  /** Opens a page; every error it reports and every request to another origin is a problem. */
  async function open(path: string, colorScheme: 'light' | 'dark' = 'light', width = 1280): Promise<void> {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 844 } });
    page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url)) problems.push(`request of ${request.url()}`);
    });
    await page.goto(`${server.url}/${path}`);
    await page.locator('#hearken-version').waitFor();
  }

  async function search(text: string): Promise<string[]> {
    const before = await page.locator('#tsd-search-results').innerHTML();
    await page.locator('#tsd-search-input').fill(text);
    await page.waitForFunction((old) => document.querySelector('#tsd-search-results')?.innerHTML !== old, before);
    return page.locator('#tsd-search-results li').allTextContents();
  }

  it('finds guides, functions and command options', async () => {
    await open('latest/index.html');
    await page.locator('#tsd-search-trigger').click();
    expect((await search('signalBatch'))[0]).toContain('@hearken/core.signalBatch');
    expect((await search('leaderboard'))[0]).toContain('The leaderboard');
    expect((await search('grid-points')).join()).toContain('Commands');
    await search('signalBatch');
    await page.locator('#tsd-search-results a').first().click();
    await page.waitForURL(/signalBatch\.html/);
    expect(await page.locator('h1').textContent()).toContain('signalBatch');
  });

  it('loads the search index when it is needed, and then looks for what was typed', async () => {
    await open(`latest/${functionPage}`);
    const isLoaded = () => server.requests.filter((path) => path.endsWith('search.js')).length;
    const before = isLoaded();
    await page.keyboard.press('/');
    await page.locator('#tsd-search-input').fill('decodeWav');
    await page.locator('#tsd-search-results li').first().waitFor();
    expect(await page.locator('#tsd-search-results li').first().textContent()).toContain('decodeWav');
    expect(isLoaded()).toBe(before + 1);
  });

  it('stays dark where it was chosen', async () => {
    await open(`latest/${functionPage}`);
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole('heading', { name: 'Settings' }).click();
    await page.locator('#tsd-theme').selectOption('dark');
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.goto(`${server.url}/latest/${guide}`);
    expect(await background()).toBe(dark);
  });

  it('lists the versions, and goes to the same page of another or to its start', async () => {
    await open(`latest/${guide}`);
    const { latest } = versions();
    const select = page.locator('#hearken-version');
    await page.waitForFunction(() => document.querySelectorAll('#hearken-version option').length > 1);
    expect(await select.locator('option').allTextContents()).toEqual([`latest (${latest})`, latest, '0.0']);
    await select.selectOption(latest);
    await page.waitForURL(`${server.url}/${latest}/${guide}`);
    await page.waitForFunction(() => document.querySelectorAll('#hearken-version option').length > 1);
    expect(await select.inputValue()).toBe(latest);
    // The older version lacks the page, which the browser reports.
    await select.selectOption('0.0');
    await page.waitForURL(`${server.url}/0.0/index.html`);
    problems = problems.filter((problem) => !problem.includes('404'));
  });

  it('begins at the latest version', async () => {
    await open('');
    expect(page.url()).toBe(`${server.url}/latest/index.html`);
    expect(await page.locator('.ways a').allTextContents()).toHaveLength(4);
  });

  it('has nothing wider than a phone', async () => {
    await open('latest/index.html', 'light', 390);
    for (const path of ['index.html', guide, modulePage, 'guides/commands.html', functionPage]) {
      await page.goto(`${server.url}/latest/${path}`);
      const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
      expect(await page.evaluate(overflow), path).toBe(0);
    }
  });

  it('has nothing that axe finds serious', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      for (const path of ['index.html', guide, functionPage]) {
        await open(`latest/${path}`, scheme);
        await page.evaluate(await readFile(axe, 'utf8'));
        const found = await page.evaluate(() =>
          (globalThis as unknown as { axe: { run(on: object): Promise<AxeResults> } }).axe.run({
            // What is around it is TypeDoc's.
            include: ['.col-content', 'header', 'footer'],
          }),
        );
        const serious = found.violations.filter(
          // TypeDoc's headings that fold have a link within.
          ({ id, impact }) => (impact === 'serious' || impact === 'critical') && id !== 'nested-interactive',
        );
        expect(serious.map(({ id, nodes }) => [path, scheme, id, nodes[0].html])).toEqual([]);
        await page.context().close();
      }
    }
  });
});

function readFileOrFolder(path: string): void {
  const whole = join(root, path);
  try {
    readdirSync(whole);
  } catch {
    readFileSync(whole);
  }
}
