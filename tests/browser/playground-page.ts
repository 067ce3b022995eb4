import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { builtOnce } from '../support/built-once.js';
import { root } from '../support/packed-packages.js';
import type { PageFile } from './playground-clips.js';

/** Builds the playground as it is published, into a folder that must not be changed. */
export function buildPlayground(): Promise<string> {
  const configFile = join(root, 'docs/playground/vite.config.ts');
  return builtOnce('playground', 'docs/playground', (outDir) =>
    build({ configFile, logLevel: 'error', build: { outDir, emptyOutDir: true } }),
  );
}

/** The playground in a new tab, and what a user does there. */
export class PlaygroundPage {
  /** Uncaught errors, and errors that the page wrote to the console. */
  readonly problems: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(message.text());
    });
  }

  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<PlaygroundPage> {
    const context = await browser.newContext(options);
    const opened = new PlaygroundPage(await context.newPage());
    await opened.page.goto(url);
    await opened.ready();
    return opened;
  }

  /** Another tab of the same user. */
  async another(url: string): Promise<PlaygroundPage> {
    const opened = new PlaygroundPage(await this.page.context().newPage());
    await opened.page.goto(url);
    await opened.ready();
    return opened;
  }

  /** Waits until the page is loaded; on hosts without headers it reloads itself first. */
  async ready(): Promise<void> {
    await this.page.waitForFunction(() => crossOriginIsolated && document.documentElement.dataset.ready === 'yes');
  }

  /** Presses a button with the keyboard. */
  async press(selector: string): Promise<void> {
    await this.page.focus(selector);
    await this.page.keyboard.press('Enter');
  }

  /** Chooses files as clips, and waits until all of them are processed. */
  async addClips(files: PageFile[] | string[], label = ''): Promise<void> {
    const { page } = this;
    await page.fill('#new-label', label);
    await this.forgetStatus();
    await page.setInputFiles('#clip-files', files);
    await this.untilStatus(/All clips are read/);
  }

  /** So that the next message of the page is awaited. */
  async forgetStatus(): Promise<void> {
    await this.page.evaluate(() => {
      document.getElementById('status')!.textContent = '';
    });
  }

  async untilStatus(pattern: RegExp): Promise<void> {
    await this.page.waitForFunction(
      (source) => new RegExp(source).test(document.getElementById('status')!.textContent ?? ''),
      pattern.source,
    );
  }

  /** Waits for a message, and removes it. */
  async message(pattern: RegExp): Promise<string> {
    const found = this.page.locator('.message', { hasText: pattern }).first();
    await found.waitFor();
    const text = await found.innerText();
    await found.locator('button').click();
    return text;
  }

  /** Lines of the list of clips: name and state. */
  clips(): Promise<string[]> {
    return this.page.$$eval('#clip-list li', (items) =>
      items.map((item) => `${item.querySelector('.name')!.textContent}: ${item.querySelector('.state')!.textContent}`),
    );
  }

  async facts(list: string): Promise<Record<string, string>> {
    return this.page.$eval(list, (element) => {
      const texts = [...element.children].map((child) => child.textContent ?? '');
      return Object.fromEntries(texts.flatMap((text, index) => (index % 2 === 0 ? [[text, texts[index + 1]]] : [])));
    });
  }

  /** The file that a button saves. */
  async saved(selector: string): Promise<Buffer> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.press(selector)]);
    return readFile(await download.path());
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
