import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getSceneEmbeddings, getTimestampEmbeddings, signalBatch } from '@hearken/core';
import onnx from '@hearken/plugin-onnx';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectClose } from '../support/expect-close.js';
import { readNpy } from '../support/npy.js';
import { buildPage } from './build-page.js';
import { describeInChromium, launchChromium } from './chromium.js';
import { onnxModels, writeOnnxModels } from './onnx-models.js';
import { fromBase64, toBase64 } from './page/base64.js';
import type { PageCalls } from './page/main.js';
import { serve, type Site } from './serve.js';

interface Case {
  readonly name: string;
  readonly checkpoint: string;
  readonly options?: Record<string, unknown>;
  readonly input: string;
  readonly sampleRate: number;
  readonly expected: Readonly<Record<string, string>>;
}

/** Plugins with weights: the page loads their checkpoints as if a user dropped them. */
const plugins = ['efficientat', 'hear', 'hubert-ecg', 'patchmix'] as const;

function fixtures(plugin: string): string {
  return fileURLToPath(new URL(`../../packages/plugins-${plugin}/tests/fixtures`, import.meta.url));
}

/** Those that also run on WebGPU: a software adapter takes a long time to compile the many kernels of a network. */
const onWebGpu = process.env.HEARKEN_THOROUGH === '1' ? plugins : (['hubert-ecg'] as const);

/** A checkpoint's files: several if it is a folder. */
function filesOf(plugin: string, checkpoint: string): string[] {
  const path = join(fixtures(plugin), checkpoint);
  const names = /\.\w+$/.test(checkpoint) ? [checkpoint] : readdirSync(path).map((name) => `${checkpoint}/${name}`);
  return names.map((name) => `/${plugin}/${name}`);
}

describeInChromium('plugins in Chromium', () => {
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = await buildPage('tests/browser/page');
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
  });

  describe.each([
    ['on one thread', false, /wasm, 1 thread .*not cross-origin isolated/],
    ['with threads, cross-origin isolated', true, /wasm, [2-9] threads .*cross-origin isolated/],
  ] as const)('%s', (_name, isolated, backend) => {
    let site: Site;
    let page: Page;
    let onnxFolder: string;
    const problems: string[] = [];

    /** Calls a function of the page. */
    function call<Name extends keyof PageCalls>(
      name: Name,
      ...given: Parameters<PageCalls[Name]>
    ): Promise<Awaited<ReturnType<PageCalls[Name]>>> {
      const run = ([name, given]: [string, unknown[]]) =>
        (globalThis as unknown as { calls: Record<string, (...given: unknown[]) => unknown> }).calls[name](...given);
      return page.evaluate(run, [name, given] as [string, unknown[]]) as Promise<Awaited<ReturnType<PageCalls[Name]>>>;
    }

    beforeAll(async () => {
      const folders = Object.fromEntries(plugins.map((plugin) => [plugin, fixtures(plugin)]));
      onnxFolder = await mkdtemp(join(tmpdir(), 'hearken-onnx-page-'));
      await writeOnnxModels(onnxFolder);
      site = await serve({ isolated, folders: { '': folder, ...folders, onnx: onnxFolder } });
      page = await (await browser.newContext()).newPage();
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      await page.goto(`${site.url}/`);
      await page.waitForFunction(() => 'calls' in globalThis);
    });

    afterAll(async () => {
      await page?.context().close();
      await site?.close();
      await rm(onnxFolder, { recursive: true, force: true });
    });

    describe.each(plugins)('%s', (plugin) => {
      const cases = JSON.parse(readFileSync(join(fixtures(plugin), 'cases.json'), 'utf8')) as Case[];
      it.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
        const expected = (name: string) => readNpy(join(fixtures(plugin), one.expected[name])).data;
        const loaded = await call('load', plugin, filesOf(plugin, one.checkpoint), one.options ?? {});
        expect(loaded.backend).toMatch(backend);
        expect(loaded.sha256).toMatch(/^[0-9a-f]{64}$/);
        const input = readNpy(join(fixtures(plugin), one.input));
        const channels = input.shape.length > 1 ? input.shape[0] : 1;
        for (const kind of ['scene', 'sceneMeanOfWindows', 'logits'].filter((name) => name in one.expected)) {
          const options = optionsOf(kind, one);
          if (kind !== 'scene') {
            await call('dispose');
            await call('load', plugin, filesOf(plugin, one.checkpoint), options);
          }
          const found = await call('scenes', toBase64(input.data), channels);
          expectClose(`${plugin} ${one.name} ${kind}`, fromBase64(found), expected(kind));
        }
        if ('timestampEmbeddings' in one.expected) {
          const { embeddings, timestamps } = await call('timestamps', toBase64(input.data), channels);
          expectClose(`${plugin} ${one.name}`, fromBase64(embeddings), expected('timestampEmbeddings'));
          expect(timestamps).toEqual([...expected('timestamps')]);
        }
        await call('dispose');
      });
    });

    describe('onnx, any model in a file', () => {
      const signal = (samples: number) => Float32Array.from({ length: samples }, (_, at) => 0.5 * Math.sin(at * at));

      it.each(Object.entries(onnxModels))('%s as on Node.js', async (name, { options, channels = 1 }) => {
        const own = await onnx.loadModel(join(onnxFolder, `${name}.onnx`), options);
        const batch = signalBatch([signal(24_000)], channels);
        const [scenes, timestamps] = [await getSceneEmbeddings(batch, own), await getTimestampEmbeddings(batch, own)];
        const loaded = await call('load', 'onnx', [`/onnx/${name}.onnx`], options);
        expect(loaded.backend).toMatch(backend);
        expect(loaded.sha256).toBe(own.provenance.checkpointSha256);
        const found = await call('scenes', toBase64(batch.data), channels);
        expectClose(`onnx ${name}`, fromBase64(found), scenes.data);
        const times = await call('timestamps', toBase64(batch.data), channels);
        expectClose(`onnx ${name} over time`, fromBase64(times.embeddings), timestamps.data);
        expect(times.timestamps).toEqual([...timestamps.timestamps]);
        await call('dispose');
        await own.dispose();
      });

      it('external data that were chosen with the model', async () => {
        const own = await onnx.loadModel(join(onnxFolder, 'external.onnx'), { sampleRate: 16_000 });
        const loaded = await call('load', 'onnx', ['/onnx/external.onnx', '/onnx/w.bin'], { sampleRate: 16_000 });
        expect(loaded.sha256).toBe(own.provenance.checkpointSha256);
        const found = await call('scenes', toBase64(Float32Array.of(1, 1, 1, 1)), 1);
        expect([...fromBase64(found)]).toEqual([1, 2, 3, 4]);
        await call('dispose');
        await own.dispose();
      });

      it('says what a file lacks', async () => {
        const [name] = Object.keys(onnxModels);
        const file = [`/onnx/${name}.onnx`];
        expect((await call('failure', 'onnx', file, {})).message).toMatch(/no sample rate/);
        expect((await call('failure', 'onnx', file, { sampleRate: 16_000, input: 'x' })).message).toMatch(
          /its inputs are waveform float32/,
        );
        expect((await call('failure', 'onnx', ['/onnx/w.bin'], { sampleRate: 16_000 })).message).toMatch(
          /not an ONNX model/,
        );
        expect((await call('failure', 'onnx', ['/onnx/magic.onnx'], { sampleRate: 16_000 })).message).toMatch(
          /operator 'Magic', which is not in ONNX's operator set 21/,
        );
        expect((await call('failure', 'onnx', ['/onnx/external.onnx'], { sampleRate: 16_000 })).message).toMatch(
          /external data 'w\.bin' missing/,
        );
      });
    });

    it('baseline, which needs no checkpoint', async () => {
      const { backend: found } = await call('load', 'baseline', [], {});
      expect(found).toMatch(backend);
      const tone = Float32Array.from(
        { length: 16_000 },
        (_, index) => 0.5 * Math.sin((2 * Math.PI * 440 * index) / 16_000),
      );
      const embedding = fromBase64(await call('scenes', toBase64(tone), 1));
      expect(embedding.length).toBeGreaterThan(64);
      expect(embedding.every(Number.isFinite)).toBe(true);
      await call('dispose');
    });

    it('int8, whose weights the browser keeps', async () => {
      const files = filesOf('hear', 'model.safetensors');
      const config = JSON.parse(readFileSync(join(fixtures('hear'), 'config.json'), 'utf8')) as Record<string, unknown>;
      const speech = toBase64(readNpy(join(fixtures('hear'), 'speech.input.npy')).data);
      const scene = async (precision: string) => {
        await call('load', 'hear', files, { precision, config });
        const found = fromBase64(await call('scenes', speech, 1));
        await call('dispose');
        return [...found];
      };
      const [exact, first, second] = [await scene('fp32'), await scene('int8'), await scene('int8')];
      expect(cosine(exact, first)).toBeGreaterThan(0.998);
      expect(second).toEqual(first);
    });

    it('fetches only the variant of the runtime that it runs', () => {
      expect(site.requests.filter((path) => path.endsWith('.wasm'))).toHaveLength(1);
      expect(site.requests.filter((path) => path.includes('webgpu'))).toEqual([]);
    });

    it('says what is wrong with a checkpoint', async () => {
      const wrong = await call('failure', 'hear', filesOf('efficientat', 'mn01_as.pt'), {});
      expect(wrong).toMatchObject({ name: 'CheckpointError' });
      expect(wrong.message).toMatch(/EfficientAT/);
      expect((await call('failure', 'hear', ['/hear/cases.json'], {})).message).toMatch(/JSON text/);
      expect((await call('failure', 'hear', ['url:/hear/nowhere.safetensors'], {})).message).toMatch(/answered 404/);
      const provider = { runtime: { executionProvider: 'webgpu' as const } };
      expect((await call('failure', 'baseline', [], provider)).message).toMatch(/no WebGPU adapter/);
    });

    it('keeps what it downloads', async () => {
      const url = 'url:/efficientat/mn01_as.pt';
      const count = () => site.requests.filter((path) => path === '/efficientat/mn01_as.pt').length;
      await call('load', 'efficientat', [url], {});
      await call('dispose');
      const before = count();
      await call('load', 'efficientat', [url], {});
      await call('dispose');
      expect(count()).toBe(before);
    });

    it('runs without an error on the console', () => {
      // The one that was asked for above: the browser reports the missing file itself.
      expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
    });
  });
});

describeInChromium('plugins on WebGPU', () => {
  let folder: string;
  let browser: Browser;
  let site: Site;
  let page: Page;

  // A software adapter computes the same as a graphics card, but slowly, so one case per plugin must be enough.
  beforeAll(async () => {
    folder = await buildPage('tests/browser/page');
    browser = await launchChromium(['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']);
    const folders = Object.fromEntries(plugins.map((plugin) => [plugin, fixtures(plugin)]));
    site = await serve({ isolated: true, folders: { '': folder, ...folders } });
    page = await browser.newPage();
    await page.goto(`${site.url}/`);
    await page.waitForFunction(() => 'calls' in globalThis);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it.for(onWebGpu)('%s', async (plugin, { skip }) => {
    const hasAdapter = await page.evaluate(async () => {
      const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<object | null> } };
      return gpu !== undefined && (await gpu.requestAdapter()) !== null;
    });
    // Not every build of Chromium has the software adapter.
    skip(!hasAdapter, 'no WebGPU adapter');
    const [one] = JSON.parse(readFileSync(join(fixtures(plugin), 'cases.json'), 'utf8')) as Case[];
    const input = readNpy(join(fixtures(plugin), one.input));
    const given = {
      plugin,
      files: filesOf(plugin, one.checkpoint),
      options: one.options ?? {},
      values: toBase64(input.data),
      channels: input.shape.length > 1 ? input.shape[0] : 1,
    };
    const { backend, found } = await page.evaluate(async ({ plugin, files, options, values, channels }) => {
      const { calls } = globalThis as unknown as { calls: PageCalls };
      const { backend } = await calls.load(plugin, files, options);
      const found = await calls.scenes(values, channels);
      await calls.dispose();
      return { backend, found };
    }, given);
    expect(backend).toMatch(/webgpu \(this browser offers an adapter\)/);
    expectClose(`${plugin} on WebGPU`, fromBase64(found), readNpy(join(fixtures(plugin), one.expected.scene)).data);
  });
});

/** What the case's expected value was computed with. */
function optionsOf(kind: string, one: Case): Record<string, unknown> {
  if (kind === 'sceneMeanOfWindows') return { ...one.options, windows: 'mean' };
  if (kind === 'logits') return { ...one.options, features: 'logits' };
  return one.options ?? {};
}

function cosine(left: readonly number[], right: readonly number[]): number {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, index) => sum + value * b[index], 0);
  return dot(left, right) / Math.sqrt(dot(left, left) * dot(right, right));
}
