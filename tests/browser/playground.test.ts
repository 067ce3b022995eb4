import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getSceneLogits, labelProbabilities, signalBatch } from '@hearken/core';
import patchmix from '@hearken/plugin-patchmix';
import { catalogue } from '../../docs/playground/src/models/catalogue.js';
import { root } from '../support/packed-packages.js';
import { readNpy } from '../support/npy.js';
import { describeInChromium, launchChromium } from './chromium.js';
import { noiseClip, toneClip } from './playground-clips.js';
import { buildPlayground, PlaygroundPage } from './playground-page.js';
import { serve, type Site } from './serve.js';

const kinds = Array.from({ length: 6 }, (_, kind) => kind);

it('the playground offers every plugin that it depends on', () => {
  const { dependencies } = createRequire(import.meta.url)('../../docs/playground/package.json') as {
    dependencies: Record<string, string>;
  };
  const plugins = Object.keys(dependencies).filter((name) => name.startsWith('@hearken/plugin-'));
  const offered = new Set(catalogue.map(({ plugin }) => `@hearken/plugin-${plugin}`));
  expect([...offered].sort()).toEqual(plugins.sort());
});

describeInChromium('the playground in Chromium', () => {
  let built: string;
  let browser: Browser;
  let scratch: string;
  let site: Site;

  const openPage = (options = {}) => PlaygroundPage.open(browser, `${site.url}/`, options);

  beforeAll(async () => {
    built = await buildPlayground();
    scratch = await mkdtemp(join(tmpdir(), 'hearken-playground-test-'));
    const sound = join(scratch, 'microphone.wav');
    await writeFile(sound, toneClip(2, 10).buffer);
    const microphone = ['--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${sound}`];
    browser = await launchChromium(microphone);
    // A host that cannot set headers: the service worker does.
    site = await serve({ isolated: false, folders: { '': built } });
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  });

  it('runs no script that was put into it', async () => {
    const { page } = await openPage();
    try {
      const violation = page.waitForEvent('console', (message) => message.text().includes('Content Security Policy'));
      const ran = await page.evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'document.documentElement.dataset.injected = "yes"';
        document.body.append(script);
        const image = document.createElement('div');
        image.innerHTML = '<img src="data:," onerror="document.documentElement.dataset.injected = 1">';
        document.body.append(image);
        return document.documentElement.dataset.injected;
      });
      expect(ran).toBeUndefined();
      await violation;
      expect(await page.evaluate(() => document.documentElement.dataset.injected)).toBeUndefined();
    } finally {
      await page.context().close();
    }
  });

  it('is small without the runtime, the decoders and training', async () => {
    const worker = await readFile(join(built, 'service-worker.js'), 'utf8');
    const names = [...new Set(worker.match(/assets\/[\w.-]+/g))].filter(
      (name) => !/\/(?:ort[.-]|opus-|fine-?tune-|training-)/.test(name),
    );
    expect(names.length).toBeGreaterThan(10);
    let bytes = gzipSync(worker).length + gzipSync(await readFile(join(built, 'index.html'))).length;
    for (const name of names) bytes += gzipSync(await readFile(join(built, name))).length;
    expect(bytes).toBeLessThan(406_000);
  });

  describe('from clips to a classifier', () => {
    let playground: PlaygroundPage;

    beforeAll(async () => {
      playground = await openPage({ permissions: ['microphone'], acceptDownloads: true });
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
    });

    it('reads clips, and says what embeds them and how long it took', async () => {
      expect(await playground.clips()).toHaveLength(12);
      for (const clip of await playground.clips()) expect(clip).toMatch(/1\.00 s, embedded in/);
      const { Backend: backend, Took: took } = await playground.facts('#clip-facts');
      expect(backend).toMatch(/onnxruntime-web .* wasm, \d+ threads \(.*cross-origin isolated\)/);
      expect(took).toMatch(/decode .* ms, resample .* ms, embed .* ms/);
    });

    it('draws what the clip is', async () => {
      const colours = (id: string) =>
        playground.page.$eval(`#${id}`, (canvas) => {
          const { width, height } = canvas as HTMLCanvasElement;
          const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
          return new Set(new Uint32Array(data.buffer)).size;
        });
      for (const id of ['waveform', 'log-mel', 'embedding']) expect(await colours(id)).toBeGreaterThan(2);
    });

    it('finds what is alike, and puts all on a map', async () => {
      await playground.page.waitForFunction(() => document.querySelectorAll('#map-picture .point').length === 12);
      await playground.page.waitForFunction(() => document.querySelectorAll('#neighbours li').length === 5);
      const nearest = await playground.page.$eval('#neighbours li', (item) => item.textContent ?? '');
      expect(nearest).toMatch(/^0\.\d+tone-/);
    });

    it('goes from point to point by keyboard', async () => {
      await playground.page.focus('#map-picture .point[tabindex="0"]');
      const focused = () => playground.page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
      const before = await focused();
      await playground.page.keyboard.press('ArrowRight');
      expect(await focused()).not.toBe(before);
    });

    it('trains a classifier that tells them apart', async () => {
      await playground.press('#probe-train');
      await playground.untilStatus(/Trained/);
      const { page } = playground;
      const score = await page.innerText('#probe-score');
      expect(Number(/^([\d.]+)%/.exec(score)![1])).toBeGreaterThanOrEqual(90);
      expect(score).toMatch(/% of 12 clips right .*\(the most frequent label alone: 50\.0%\).*\(by chance: 50\.0%\)/);
      const cells = await page.$$eval('.confusion tbody td', (found) => found.map((cell) => Number(cell.textContent)));
      expect(cells).toHaveLength(4);
      expect(cells.reduce((sum, value) => sum + value, 0)).toBe(12);
    });

    it('classifies the microphone', async () => {
      const { page } = playground;
      await playground.press('#live');
      await page.waitForFunction(() => document.getElementById('live-top')!.textContent === 'tone');
      await playground.press('#live');
      await page.waitForFunction(() => document.getElementById('live')!.textContent === 'Listen');
    });

    it('records a clip', async () => {
      const { page } = playground;
      await playground.press('#record');
      await page.waitForFunction(() => Number.parseFloat(document.getElementById('record-time')!.textContent) >= 0.5);
      await playground.press('#record');
      await page.waitForFunction(() => document.querySelectorAll('#clip-list li').length === 13);
      await page.waitForFunction(() =>
        (document.querySelector('#clip-list li:last-child')!.textContent ?? '').includes('embedded in'),
      );
      await page.click('[aria-label="Remove recording 1.wav"]');
    });

    it('takes a clip that is dropped, and a label that is typed', async () => {
      const { page } = playground;
      const { buffer } = noiseClip(7);
      await page.evaluate(
        (bytes) => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(bytes)], 'dropped.wav', { type: 'audio/wav' }));
          document
            .getElementById('clips-drop')!
            .dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
        },
        [...buffer],
      );
      await page.fill('[aria-label="Label of dropped.wav"]', 'burst');
      await page.keyboard.press('Tab');
      await page.locator('#map-legend', { hasText: 'burst' }).waitFor();
    });

    it('saves embeddings, which come back as they are', async () => {
      const npy = join(scratch, 'embeddings.npy');
      await writeFile(npy, await playground.saved('#export-npy'));
      const { data, shape } = readNpy(npy);
      expect(shape).toEqual([13, 320]);
      const json = JSON.parse((await playground.saved('#export-json')).toString()) as {
        provenance: { plugin: string };
        clips: { name: string; label: string; embedding: number[] }[];
      };
      expect(json.provenance.plugin).toBe('baseline');
      expect(json.clips.flatMap(({ embedding }) => embedding)).toEqual([...data]);
      expect(json.clips[12]).toMatchObject({ name: 'dropped.wav', label: 'burst' });
      const rows = (await playground.saved('#export-csv')).toString().trimEnd().split('\r\n');
      expect(rows).toHaveLength(14);
      expect(rows[1].split(',').slice(2).map(Number)).toEqual([...data.subarray(0, 320)]);
    });

    it('saves predictions with the map of labels, n and the chance level', async () => {
      const json = JSON.parse((await playground.saved('#predictions-json')).toString()) as {
        classifier: { labels: object; clips: number; crossValidation: Record<string, unknown> };
        clips: { name: string; predicted: string; probabilities: number[]; trainedOn: string | null }[];
      };
      expect(json.classifier.labels).toEqual({ 0: 'noise', 1: 'tone' });
      expect(json.classifier).toMatchObject({
        clips: 12,
        crossValidation: { chance: 0.5, balancedChance: 0.5, folds: 5 },
      });
      const first = json.clips.find(({ name }) => name === 'tone-0.wav');
      expect(first).toMatchObject({ predicted: 'tone', trainedOn: 'tone', crossValidated: 'tone' });
      expect(first?.probabilities[1]).toBeGreaterThan(0.5);
      const [head, ...rows] = (await playground.saved('#predictions-csv')).toString().trimEnd().split('\r\n');
      expect(head).toBe('name,label,predicted,trained_on,cross_validated,p_noise,p_tone');
      expect(rows).toHaveLength(json.clips.length);
      expect(rows[0].split(',').slice(5).map(Number)).toEqual(json.clips[0].probabilities);
    });

    it('saves the classifier as an ONNX model', async () => {
      const model = await playground.saved('#export-onnx');
      expect(model.includes('embedding')).toBe(true);
      expect(model.includes('["noise","tone"]')).toBe(true);
    });

    it('runs without an error on the console, with one variant of the runtime', () => {
      expect(playground.problems).toEqual([]);
      const variants = new Set(site.requests.filter((path) => path.endsWith('.wasm')));
      expect(variants.size).toBe(1);
    });

    it.each([
      ['light', 1280],
      ['dark', 1280],
      ['light', 360],
    ] as const)('can be used by all: %s, %d px wide', async (colorScheme, width) => {
      const { page } = playground;
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      await page.evaluate(source);
      const { violations } = await page.evaluate(() =>
        (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
      );
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    });
  });

  describe('with a model that has labels of its own', () => {
    let playground: PlaygroundPage;
    const clip = toneClip(1, 3);
    const bars = (list: string) =>
      playground.page.$$eval(`#${list} li`, (items) =>
        items.map((item) => [item.firstElementChild!.textContent, item.lastElementChild!.textContent]),
      );

    beforeAll(async () => {
      playground = await openPage({ permissions: ['microphone'] });
      const { page } = playground;
      expect(await page.isHidden('#own')).toBe(true);
      await page.selectOption('#model-choice', 'patchmix');
      await page.setInputFiles('#checkpoint-files', join(root, 'packages/plugins-patchmix/tests/fixtures/best.pth'));
      await playground.forgetStatus();
      await playground.press('#model-load');
      await playground.untilStatus(/The model is loaded/);
      await playground.addClips([clip]);
    });

    afterAll(async () => {
      await playground?.close();
    });

    it('says what they are, and which ones the selected clip has', async () => {
      const { page } = playground;
      expect(await page.innerText('#own-help')).toBe(
        'The checkpoint has a classifier of 4 labels, of which one holds.',
      );
      await playground.press('#own-label');
      await page.waitForFunction(() => document.querySelectorAll('#own-bars li').length > 0);
      const embedder = await patchmix.loadModel(join(root, 'packages/plugins-patchmix/tests/fixtures/best.pth'));
      const samples = new Int16Array(new Uint8Array(clip.buffer.subarray(44)).buffer);
      const signals = signalBatch([Float32Array.from(samples, (sample) => sample / 32_768)]);
      const { data } = await getSceneLogits(signals, embedder);
      await embedder.dispose();
      const labels = ['normal', 'crackle', 'wheeze', 'both'];
      const expected = [...labelProbabilities(data, 4, 'multiclass')]
        .map((probability, index) => [labels[index], probability] as const)
        .sort(([, left], [, right]) => right - left);
      const found = await bars('own-bars');
      expect(found.map(([label]) => label)).toEqual(expected.map(([label]) => label));
      found.forEach(([, text], place) => {
        expect(Math.abs(Number.parseFloat(text) - 100 * expected[place][1])).toBeLessThan(0.5);
      });
    });

    it('labels the microphone live', async () => {
      const { page } = playground;
      await playground.press('#own-live');
      await page.waitForFunction(() => document.querySelectorAll('#own-live-bars li').length === 4);
      const labels = (await bars('own-live-bars')).map(([label]) => label);
      expect(labels.toSorted()).toEqual(['both', 'crackle', 'normal', 'wheeze']);
      expect(labels).toContain(await page.innerText('#own-live-top'));
      await playground.press('#own-live');
      await page.waitForFunction(() => document.getElementById('own-live')!.textContent === 'Listen');
      expect(playground.problems).toEqual([]);
    });
  });
});
