// Fine-tuning in the playground: a small model learns to tell tones from noise, is saved, and is loaded again.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import efficientat from '@hearken/plugin-efficientat';
import hubertEcg from '@hearken/plugin-hubert-ecg';
import { catalogue } from '../../docs/playground/src/models/catalogue.js';
import { splitClips } from '../../docs/playground/src/work/training-split.js';
import { root } from '../support/packed-packages.js';
import { describeInChromium, launchChromium } from './chromium.js';
import { noiseClip, type PageFile, toneClip } from './playground-clips.js';
import { buildPlayground, PlaygroundPage } from './playground-page.js';
import { serve, type Site } from './serve.js';

const checkpoint = join(root, 'packages/plugins-efficientat/tests/fixtures/mn01_as.pt');

it('names recipes that the plugins have', () => {
  const plugins = { efficientat, 'hubert-ecg': hubertEcg };
  const offered = catalogue.filter(({ ownRecipe }) => ownRecipe !== undefined);
  expect(offered.map(({ plugin }) => plugin)).toEqual(Object.keys(plugins));
  for (const { plugin, ownRecipe } of offered) {
    expect(Object.keys(plugins[plugin as keyof typeof plugins].training!.recipes!)).toContain(ownRecipe);
  }
});

it('holds out a fifth of each label, at least one clip, and always the same', () => {
  const labels = [...Array<string>(10).fill('a'), 'b', 'b', 'b', 'c', 'c'];
  const { trained, heldOut } = splitClips(labels);
  expect(heldOut.map((row) => labels[row]).join('')).toBe('aabc');
  expect([...trained, ...heldOut].toSorted((left, right) => left - right)).toEqual([...labels.keys()]);
  expect(splitClips(labels)).toEqual({ trained, heldOut });
});

describeInChromium('fine-tuning in the playground', () => {
  let browser: Browser;
  let site: Site;
  let playground: PlaygroundPage;
  const saved: PageFile[] = [];

  beforeAll(async () => {
    const built = await buildPlayground();
    browser = await launchChromium();
    site = await serve({ isolated: true, folders: { '': built } });
    playground = await PlaygroundPage.open(browser, `${site.url}/`, { acceptDownloads: true });
    const { page } = playground;
    await page.selectOption('#provider', 'wasm');
    await load([checkpoint]);
    const kinds = [0, 1, 2, 3];
    await playground.addClips(
      kinds.map((kind) => toneClip(kind)),
      'tone',
    );
    await playground.addClips(
      kinds.map((kind) => noiseClip(kind)),
      'noise',
    );
  });

  afterAll(async () => {
    await playground?.close();
    await browser?.close();
    await site?.close();
  });

  async function load(files: string[] | PageFile[]): Promise<void> {
    await playground.page.selectOption('#model-choice', 'efficientat');
    await playground.page.setInputFiles('#checkpoint-files', files);
    await playground.forgetStatus();
    await playground.press('#model-load');
    await playground.untilStatus(/The model is loaded/);
  }

  async function set(selector: string, value: string): Promise<void> {
    await playground.page.fill(selector, value);
    await playground.page.keyboard.press('Tab');
  }

  async function start(): Promise<void> {
    await playground.page.waitForSelector('#finetune-start:not(:disabled)');
    await playground.forgetStatus();
    await playground.press('#finetune-start');
  }

  it('says what it takes before it starts', async () => {
    const { page } = playground;
    await page.selectOption('#finetune-recipe', 'full');
    await set('#finetune-epochs', '2');
    await set('#finetune-batch', '3');
    await page.waitForSelector('#finetune-start:not(:disabled)');
    expect(await playground.facts('#finetune-plan')).toEqual({
      Memory: expect.stringMatching(/^about [\d.]+ MB$/) as string,
      Trains: expect.stringMatching(/^\d+,\d{3} weights$/) as string,
      Steps: '4, of 3 clips each',
      Clips: '6 to train on, 2 held out',
    });
  });

  it('is cancelled, and the page goes on', async () => {
    const { page } = playground;
    await set('#finetune-epochs', '1000');
    await start();
    await page.waitForSelector('#finetune-curves polyline');
    await playground.press('#finetune-cancel');
    await playground.untilStatus(/Fine-tuning was cancelled/);
    expect(await page.isHidden('#finetune-progress')).toBe(true);
    expect(await page.isHidden('#finetune-result')).toBe(true);
  });

  it('trains, and shows the losses and the score', async () => {
    const { page } = playground;
    await set('#finetune-epochs', '2');
    await start();
    await playground.untilStatus(/Fine-tuned: [\d.]+% of 2 clips held out labelled correctly/);
    await page.waitForFunction(() => document.querySelectorAll('#finetune-curves figure').length === 2);
    const points = await page.$$eval('#finetune-curves polyline', (lines) =>
      lines.map((line) => line.getAttribute('points')!.split(' ').length),
    );
    expect(points).toEqual([4, 2]);
    const names = await page.$$eval('#finetune-curves svg', (pictures) =>
      pictures.map((picture) => picture.getAttribute('aria-label')),
    );
    expect(names[0]).toMatch(/^Loss of each step: [\d.]+ at first, [\d.]+ now$/);
    expect(await page.innerText('#finetune-score')).toMatch(/after epoch [12]\..*Labels: noise, tone\./);
  });

  it.each([1280, 360])('can be used by all, %d px wide', async (width) => {
    const { page } = playground;
    await page.setViewportSize({ width, height: 800 });
    await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(at: string): Promise<AxeResults> } }).axe.run('#finetune'),
    );
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });

  it('gives files that are a checkpoint with the labels', async () => {
    const names = await playground.page.$$eval('#finetune-files [data-file]', (buttons) =>
      buttons.map((button) => button.getAttribute('data-file')!),
    );
    expect(names).toContain('config.json');
    for (const name of names) {
      const buffer = await playground.saved(`#finetune-files [data-file="${name}"]`);
      saved.push({ name, mimeType: 'application/octet-stream', buffer });
    }
    await load(saved);
    const help = 'The checkpoint has a classifier of 2 labels, of which one holds.';
    expect(await playground.page.innerText('#own-help')).toBe(help);
  });

  it('answers with the labels that it has learnt', async () => {
    const { page } = playground;
    await page.click('#clip-list li .name');
    await playground.press('#own-label');
    await page.waitForFunction(() => document.querySelectorAll('#own-bars li').length === 2);
    const labels = await page.$$eval('#own-bars li', (items) => items.map((item) => item.firstChild!.textContent));
    expect(labels.toSorted()).toEqual(['noise', 'tone']);
    expect(playground.problems).toEqual([]);
  });

  it('uses the model without a download', async () => {
    await playground.forgetStatus();
    await playground.press('#finetune-use');
    await playground.untilStatus(/The model is loaded/);
    expect(await playground.page.isHidden('#own')).toBe(false);
  });
});
