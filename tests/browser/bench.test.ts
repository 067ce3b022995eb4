import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { hasFailed, runBenchmark } from '@hearken/bench';
import { makeMiniTasks } from '@hearken/tasks/node';
import { Random } from '@hearken/metrics';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flacBytes } from '../support/flac-bytes.js';
import { readNpy } from '../support/npy.js';
import { buildPage } from './build-page.js';
import type { BenchCalls, MiniRequest } from './bench-page/calls.js';
import { describeInChromium, launchChromium } from './chromium.js';
import { serve, type Site } from './serve.js';

/** How many bytes of scripts a page may fetch before it calls anything, compressed. */
const entryBytes = 40_000;
const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const ecgFixtures = fileURLToPath(new URL('../../packages/plugins-hubert-ecg/tests/fixtures', import.meta.url));

describeInChromium('the bench in Chromium', () => {
  let folder: string;
  let browser: Browser;
  let site: Site;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    folder = await buildPage('tests/browser/bench-page');
    browser = await launchChromium();
    site = await serve({ isolated: false, folders: { '': folder } });
    page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(`${site.url}/`);
    await page.waitForFunction(() => 'call' in globalThis);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  function call<Name extends keyof BenchCalls>(
    where: 'page' | 'worker',
    name: Name,
    ...given: Parameters<BenchCalls[Name]>
  ): ReturnType<BenchCalls[Name]> {
    const run = ([where, name, given]: [string, string, unknown]) =>
      (globalThis as unknown as { call: (...given: unknown[]) => unknown }).call(where, name, given);
    return page.evaluate(run, [where, name, given] as [string, string, unknown]) as ReturnType<BenchCalls[Name]>;
  }

  it('loads little before it is used', async () => {
    const sizes = await initialBytes(folder);
    expect(sizes).toBeLessThan(entryBytes);
    expect(site.requests.filter((path) => path.endsWith('.wasm'))).toEqual([]);
  });

  describe.each(['page', 'worker'] as const)('in the %s', (where) => {
    it('decodes WAV and FLAC', async () => {
      const counts = Int16Array.from({ length: 4096 }, (_, index) => Math.round(9000 * Math.sin(index / 9)));
      const { samples, sampleRate } = await call(where, 'decode', { name: 'a.flac', bytes: [...flacBytes(counts)] });
      expect(sampleRate).toBe(16_000);
      expect(samples.map((value) => value * 32_768)).toEqual([...counts]);
      const resampled = await call(where, 'resample', samples, 16_000, 8000);
      expect(resampled).toHaveLength(2048);
      expect(resampled[1000]).toBeCloseTo(samples[2000], 2);
    });

    it('decodes in a worker that can be ended, which is kept for further files', async () => {
      const counts = Int16Array.from({ length: 4096 }, (_, index) => index);
      const file = { name: 'a.flac', bytes: [...flacBytes(counts)] };
      expect(await call(where, 'decodeApart', file, 'deaf')).toBe('given up');
      for (let time = 0; time < 2; time += 1) {
        const decoded = await call(where, 'decodeApart', file, 'decoding');
        expect(decoded).toEqual({ samples: [...counts].map((value) => value / 32_768), workers: 1 });
      }
      const cut = { ...file, bytes: file.bytes.slice(0, 300) };
      expect(await call(where, 'decodeApart', cut, 'decoding')).toMatch(/FLAC audio of 'a\.flac'/);
      expect(await call(where, 'decodeApart', file, 'decoding')).toMatchObject({ workers: 1 });
    });

    it('decodes MP3', async () => {
      // Frames of 417 bytes (MPEG-1 layer III, 128 kbit/s, 44.1 kHz) that contain only silence.
      const frame = [0xff, 0xfb, 0x90, 0x00, ...new Array<number>(413).fill(0)];
      const bytes = Array.from({ length: 20 }, () => frame).flat();
      const { samples, sampleRate } = await call(where, 'decode', { name: 'a.mp3', bytes });
      expect(sampleRate).toBe(44_100);
      expect(samples.length).toBeGreaterThan(15 * 1152);
      expect(samples.every((value) => value === 0)).toBe(true);
      await expect(call(where, 'decode', { name: 'a.mp3', bytes }, 0.1)).rejects.toThrow(/at most 0\.1 s/);
    });

    it('says what is no audio', async () => {
      const handler = [...ascii('hdlr'), 0, 0, 0, 0, 0, 0, 0, 0, ...ascii('vide')];
      const video = [0, 0, 0, 24, ...ascii('ftypmp42'), ...handler];
      expect(await call(where, 'failure', { name: 'a.mp4', bytes: video })).toMatchObject({
        name: 'AudioError',
        message: expect.stringMatching(/'a\.mp4': an MP4 video/) as string,
      });
      const cut = [...flacBytes(new Int16Array(512))].slice(0, 300);
      expect(await call(where, 'failure', { name: 'a.flac', bytes: cut })).toMatchObject({ name: 'AudioError' });
    });

    it.each([
      ['ogg', [...ascii('OggS'.padEnd(28, '\0')), 1, ...ascii('vorbis')]],
      ['opus', ascii(`${'OggS'.padEnd(28, '\0')}OpusHead`)],
      ['m4a', [0, 0, 0, 24, ...ascii('ftypM4A ')]],
      ['aac', [0xff, 0xf1, 0x50, 0x80, 0x01, 0x3f, 0xfc]],
      ['aiff', ascii('FORM0000AIFF')],
      ['caf', ascii('caff')],
      ['webm', [0x1a, 0x45, 0xdf, 0xa3]],
    ])('has a decoder for %s, which finds nothing in an empty one', async (ending, head) => {
      const bytes = [...head, ...new Array<number>(2000).fill(0)];
      const { name, message } = await call(where, 'failure', { name: `empty.${ending}`, bytes });
      expect(name).toBe('AudioError');
      expect(message).toMatch(/'empty\.\w+'/);
      // A decoder that does not load here would say such things.
      expect(message).not.toMatch(/module|import|require|process|Buffer|not defined|not a function/);
    });

    it('reads ECGs', async () => {
      const files = await Promise.all(
        ['synthetic.hea', 'synthetic.dat'].map(async (name) => ({
          name,
          bytes: [...(await readFile(join(ecgFixtures, name)))],
        })),
      );
      const table = { name: 'table.csv', bytes: ascii('time,I,II\n0,1,2\n0.01,3,4\n0.02,5,6\n') };
      const [record] = await call(where, 'ecg', files);
      expect(Float32Array.from(record.signal)).toEqual(readNpy(join(ecgFixtures, 'synthetic.input.npy')).data);
      await expect(call(where, 'ecg', [table])).rejects.toThrow(
        /8 leads \(I, II, V1, V2, V3, V4, V5, V6\) of ECG 'table\.csv': no V1/,
      );
    });

    it.each(['linear', 'mlp'] as const)('trains a %s classifier', async (probe) => {
      const random = new Random(5);
      const labels = Array.from({ length: 24 }, (_, clip) => (clip % 2 === 0 ? 'cough' : 'speech'));
      const embeddings = labels.flatMap((label) =>
        Array.from({ length: 20 }, () => random.normal() + (label === 'cough' ? 2 : 0)),
      );
      const found = await call(where, 'classify', embeddings, 20, labels, probe);
      expect(found.accuracy).toBeGreaterThan(0.9);
      expect(found.predictions).toHaveLength(24);
      expect(found.probabilities[0]).toBeGreaterThan(0.7);
      expect(found.onnxBytes).toBeGreaterThan(200);
      expect(found.progress).toBe(1);
    });

    it('draws embeddings', async () => {
      const embeddings = [1, 0, 0, 0.9, 0.1, 0, 0, 0, 1, 0, 1, 0];
      const { points, neighbours, again } = await call(where, 'pictures', embeddings, 3);
      expect(points).toHaveLength(8);
      expect(neighbours).toEqual([1, 2, 3]);
      expect(again).toEqual([...Float32Array.from(embeddings)]);
    });
  });

  describe('mini tasks', () => {
    let tasks: string;
    beforeAll(async () => {
      tasks = await mkdtemp(join(tmpdir(), 'hearken-web-mini-'));
    });
    afterAll(() => rm(tasks, { recursive: true, force: true }));

    // The page has the model in another worker, the worker in its own thread.
    it.each([
      ['page', 'mel', ['scenes', 'events'], 'linear'],
      ['worker', 'mel', ['pitch'], 'linear'],
      ['worker', 'ecg', ['rhythm'], 'linear'],
      ['worker', 'ecg', ['rhythm'], 'mlp'],
    ] as const)('give in the %s what they give on Node.js: %s, %s, %s', async (where, model, names, probe) => {
      const request: MiniRequest = { model, tasks: names, probe, seed: 1, gridPoints: 1 };
      const found = await call(where, 'mini', request);
      const expected = await onNode(tasks, request);
      expect(found.map(({ task, metric, clips }) => ({ task, metric, clips }))).toEqual(
        expected.map(({ task, metric, clips }) => ({ task, metric, clips })),
      );
      for (const [index, { score, deviation, seconds }] of found.entries()) {
        // One clip of the test split more or less: sums in another order may turn a close decision.
        expect(Math.abs(score! - expected[index].score)).toBeLessThan(0.03);
        if (expected[index].deviation === null) expect(deviation).toBeNull();
        else expect(deviation).toBeCloseTo(expected[index].deviation, 1);
        expect(seconds.probe).toBeGreaterThan(0);
      }
    });
  });

  it('runs without an error on the console', () => {
    expect(problems).toEqual([]);
  });
});

/** The scores of `hearken run` on the same tasks. */
async function onNode(folder: string, { model, tasks, probe, seed, gridPoints = 1 }: MiniRequest) {
  const paths = await makeMiniTasks(join(folder, 'tasks'), { seed, tasks });
  const outcomes = await runBenchmark({
    model: `baseline:${model}`,
    tasks: paths,
    out: join(folder, 'out'),
    cache: join(folder, 'cache'),
    evaluation: { probe, grid: 'default', gridPoints, seed },
  });
  const scored = outcomes.map((outcome) => {
    if (hasFailed(outcome)) throw outcome.error;
    const { task, result } = outcome;
    const [metric] = Object.keys(result.scores);
    const { mean, deviation } = result.scores[metric];
    const { clips } = result.task;
    return { task: /^mini_([a-z]+)-/.exec(task)![1], metric, score: mean!, deviation, clips };
  });
  // In the order of the mini tasks.
  return scored.sort((left, right) => (left.task < right.task ? -1 : 1));
}

/** How many bytes of scripts a page fetches before it calls anything, compressed. */
async function initialBytes(folder: string): Promise<number> {
  const assets = join(folder, 'assets');
  const names = await readdir(assets);
  const queue = names.filter((name) => /^index-.*\.js$/.test(name));
  expect(queue).toHaveLength(1);
  let total = 0;
  for (const name of queue) {
    const text = await readFile(join(assets, name), 'utf8');
    total += gzipSync(text).length;
    for (const [, other] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) {
      if (!queue.includes(other)) queue.push(other);
    }
  }
  return total;
}
