import { open, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeInChromium, launchChromium } from './chromium.js';
import { noiseClip, toneClip, wavHeader } from './playground-clips.js';
import { hostThatStops } from './playground-download.js';
import { buildPlayground, PlaygroundPage } from './playground-page.js';
import { serve, type Site } from './serve.js';

const packages = fileURLToPath(new URL('../../packages/', import.meta.url));
const fixture = (plugin: string, name: string) => join(packages, `plugins-${plugin}/tests/fixtures`, name);
const record = ['synthetic.hea', 'synthetic.dat'].map((name) => fixture('hubert-ecg', name));

const soundAlone = fileURLToPath(new URL('fixtures/sound-alone.webm', import.meta.url));

/** The beginning of an MP4 file with a track of pictures. */
function film(): Buffer {
  const box = (type: string, content: Buffer) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(8 + content.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, content]);
  };
  const handler = box('hdlr', Buffer.concat([Buffer.alloc(8), Buffer.from('vide'), Buffer.alloc(13)]));
  const track = box('moov', box('trak', box('mdia', handler)));
  return Buffer.concat([box('ftyp', Buffer.from('isom\x00\x00\x00\x01isom', 'latin1')), track]);
}

describeInChromium('the playground and what goes wrong', () => {
  let built: string;
  let browser: Browser;
  let scratch: string;
  let site: Site;

  /** A file that takes no space on the disk. */
  const silence = async (name: string, seconds: number): Promise<string> => {
    const path = join(scratch, name);
    const bytes = seconds * 16_000 * 2;
    const file = await open(path, 'w');
    await file.write(wavHeader({ bytes, rate: 16_000, bits: 16 }));
    await file.truncate(44 + bytes);
    await file.close();
    return path;
  };

  const openPage = (options = {}) => PlaygroundPage.open(browser, `${site.url}/`, options);

  beforeAll(async () => {
    built = await buildPlayground();
    scratch = await mkdtemp(join(tmpdir(), 'hearken-playground-test-'));
    browser = await launchChromium(['--use-fake-device-for-media-stream']);
    // A host that cannot set headers: the service worker does.
    site = await serve({
      isolated: false,
      folders: { '': built, efficientat: fixture('efficientat', '') },
    });
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  });

  describe('models, ECGs and bad input', () => {
    let playground: PlaygroundPage;

    beforeAll(async () => {
      playground = await openPage();
    });

    afterAll(async () => {
      await playground?.close();
    });

    const load = async (key: string, files: string[]) => {
      const { page } = playground;
      await page.selectOption('#model-choice', key);
      if (files.length > 0) await page.setInputFiles('#checkpoint-files', files);
      await playground.forgetStatus();
      await playground.press('#model-load');
    };

    it('embeds an ECG with the baseline, which it loads by itself', async () => {
      await playground.addClips(record);
      expect(await playground.clips()).toEqual([expect.stringMatching(/^synthetic\.hea: 10\.0 s, embedded in/)]);
      expect((await playground.facts('#model-facts')).Loaded).toMatch(/^baseline:ecg/);
      expect(await playground.page.isVisible('#ecg')).toBe(true);
    });

    it('embeds it anew with HuBERT-ECG', async () => {
      await load('hubert-ecg', [fixture('hubert-ecg', 'hubert_ecg_tiny.pt')]);
      await playground.untilStatus(/All clips are read/);
      await playground.page.waitForFunction(() =>
        document.getElementById('clip-facts')!.textContent.includes('embed '),
      );
      const { Loaded: loaded, 'SHA-256': sha256 } = await playground.facts('#model-facts');
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      // Artificial weights are not those of the published model.
      expect(loaded).toContain(`hubert_ecg_tiny.pt (sha256 ${sha256.slice(0, 8)}, as hubert-ecg:base)`);
    });

    it('says what is wrong with a checkpoint', async () => {
      await load('hear', [fixture('efficientat', 'mn01_as.pt')]);
      expect(await playground.message(/mn01_as/)).toMatch(/EfficientAT/);
      const half = join(scratch, 'half.safetensors');
      await writeFile(half, (await readFile(fixture('hear', 'model.safetensors'))).subarray(0, 30_000));
      await load('hear', [half]);
      await playground.message(/half\.safetensors/);
      await load('hear', []);
      await playground.message(/no checkpoint/);
    });

    it('downloads a checkpoint, lists it, and deletes it', async () => {
      const { page } = playground;
      await page.selectOption('#model-choice', 'efficientat');
      await page.fill('#checkpoint-url', `${site.url}/efficientat/mn01_as.pt`);
      await playground.press('#model-load');
      await page.locator('#model-facts', { hasText: 'efficientat:' }).waitFor();
      await page.click('#stored summary');
      await page.locator('#stored-files li', { hasText: 'mn01_as.pt' }).waitFor();
      expect(await page.innerText('#stored-files')).toMatch(/SHA-256 [0-9a-f]{12}/);
      await page.click('#stored-files button');
      await page.locator('#stored-empty').waitFor();
    });

    it('says that there is no room', async () => {
      const { page } = playground;
      const session = await page.context().newCDPSession(page);
      const { origin } = new URL(site.url);
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 });
      await playground.press('#model-load');
      expect(await playground.message(/storage/)).toMatch(/quota is exceeded/);
      await session.send('Storage.overrideQuotaForOrigin', { origin });
    });

    it('says what is wrong with a clip', async () => {
      await load('baseline', []);
      await playground.untilStatus(/loaded|read/);
      const damaged = Buffer.concat([Buffer.from('ID3\u0003\0\0\0\0\0\0', 'latin1'), Buffer.alloc(2000, 'not sound')]);
      await playground.addClips([
        { name: 'film.mp4', mimeType: 'video/mp4', buffer: film() },
        { name: 'damaged.mp3', mimeType: 'audio/mpeg', buffer: damaged },
        { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no sound at all') },
      ]);
      expect(await playground.message(/film\.mp4/)).toMatch(/an MP4 video/);
      expect(await playground.message(/damaged\.mp3/)).toMatch(/What to do/);
      expect(await playground.message(/notes\.txt/)).toMatch(/What to do/);
    });

    it('keeps the good files of a drop, and names the bad in their rows', async () => {
      const { page } = playground;
      const named = async (pattern: RegExp) => (await playground.clips()).filter((line) => pattern.test(line));
      const [hea, dat] = await Promise.all(record.map(async (path) => readFile(path)));
      // One is there from the beginning.
      const before = (await named(/^synthetic\.hea: /)).length;
      await playground.addClips([
        { name: 'notes.csv', mimeType: 'text/csv', buffer: Buffer.from('this,is\nno,ECG\n') },
        { name: 'synthetic.hea', mimeType: '', buffer: hea },
        { name: 'synthetic.dat', mimeType: '', buffer: dat },
        { name: 'broken.npy', mimeType: '', buffer: Buffer.from('no array') },
        { ...toneClip(1), name: 'good.wav' },
        { name: 'bad.wav', mimeType: 'audio/wav', buffer: Buffer.from('RIFF....WAVE nothing') },
        // Recorders also call a recording without pictures a video.
        { name: 'sound.webm', mimeType: 'video/webm', buffer: await readFile(soundAlone) },
      ]);
      expect(await named(/^(?:good\.wav|sound\.webm): [\d.]+ s, embedded in/)).toHaveLength(2);
      // The loaded model takes sounds: the record was read all the same.
      expect(await named(/^synthetic\.hea: 10\.0 s, /)).toHaveLength(before + 1);
      for (const name of ['notes.csv', 'broken.npy', 'bad.wav']) {
        expect(await named(new RegExp(`^${name}: could not be read: \\S`))).toHaveLength(1);
      }
      while ((await page.locator('.message').count()) > 0) await page.click('.message button');
    });

    it('reads each of two records of one drop with its own files', async () => {
      const named = async (pattern: RegExp) => (await playground.clips()).filter((line) => pattern.test(line));
      const [hea, dat] = await Promise.all(record.map(async (path) => readFile(path)));
      const other = Buffer.from(hea.toString('latin1').replaceAll('synthetic', 'other'), 'latin1');
      const before = (await named(/^synthetic\.hea: 10\.0 s, /)).length;
      await playground.addClips([
        { name: 'other.hea', mimeType: '', buffer: other },
        { name: 'synthetic.hea', mimeType: '', buffer: hea },
        { name: 'other.dat', mimeType: '', buffer: dat },
        { name: 'synthetic.dat', mimeType: '', buffer: dat },
      ]);
      await expect.poll(() => named(/^other\.hea: 10\.0 s, /)).toHaveLength(1);
      expect(await named(/^synthetic\.hea: 10\.0 s, /)).toHaveLength(before + 1);
      expect(await playground.page.locator('.message').count()).toBe(0);
    });

    it('refuses two hours before it takes their memory', async () => {
      const long = await silence('two-hours.wav', 2 * 3600);
      await playground.addClips([long]);
      expect(await playground.message(/two-hours\.wav/)).toMatch(/What to do/);
    });

    it('says that the microphone was not allowed', async () => {
      await playground.press('#record');
      expect(await playground.message(/microphone/)).toMatch(/not allowed/);
    });
  });

  it('goes on with a download after its tab was closed', async () => {
    const bytes = await readFile(fixture('efficientat', 'mn01_as.pt'));
    const host = await hostThatStops('mn01_as.pt', bytes);
    const playground = await openPage();
    const begin = async (opened: PlaygroundPage) => {
      const { page } = opened;
      await page.selectOption('#model-choice', 'efficientat');
      await page.fill('#checkpoint-url', host.url);
      await opened.press('#model-load');
    };
    await begin(playground);
    // What it counts is in the storage.
    await playground.page.locator('#model-progress-text', { hasText: /^(?!0 ).* of / }).waitFor();
    const next = await playground.another(`${site.url}/`);
    await playground.page.close();
    await begin(next);
    await next.page.locator('#model-facts', { hasText: 'efficientat:' }).waitFor();
    expect(host.ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d+-$/)]);
    await next.close();
    await host.close();
  });

  it('runs the mini benchmark, and stops it', async () => {
    const playground = await openPage();
    const { page } = playground;
    await playground.press('#benchmark-run');
    await page.locator('#benchmark-progress-text', { hasText: /embedding|training/ }).waitFor();
    await playground.press('#benchmark-cancel');
    await page.locator('#benchmark-run:not([disabled])').waitFor();
    expect(await page.isHidden('#benchmark-result')).toBe(true);
    await playground.press('#benchmark-run');
    await page.locator('#benchmark-result table').waitFor();
    const rows = await page.$$eval('#benchmark-result tbody tr', (found) => found.map((row) => row.textContent ?? ''));
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row).toMatch(/0\.\d{3}|1\.000/);
    await playground.close();
  });

  it('stops embedding clips when it is told to', async () => {
    const playground = await openPage();
    const { page } = playground;
    const short = join(scratch, 'short.wav');
    await writeFile(short, toneClip(1).buffer);
    await page.setInputFiles('#clip-files', [await silence('long.wav', 15 * 60), short]);
    await page.locator('#clips-progress:not([hidden])').waitFor();
    await playground.press('#clips-cancel');
    await page.locator('#clips-progress[hidden]').waitFor({ state: 'attached' });
    // The list follows a moment later.
    await expect.poll(() => playground.clips()).toEqual([]);
    expect(await page.locator('.message').count()).toBe(0);
    await playground.close();
  });

  it('goes on where a WebGPU device is lost, and says so', async ({ skip }) => {
    // A software adapter is enough.
    const switches = [
      '--enable-unsafe-webgpu',
      '--use-webgpu-adapter=swiftshader',
      '--enable-features=Vulkan',
      '--ignore-gpu-blocklist',
    ];
    const own = await launchChromium(switches);
    try {
      const playground = await PlaygroundPage.open(own, `${site.url}/`);
      const { page } = playground;
      const hasAdapter = () => (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu?.requestAdapter();
      if (((await page.evaluate(hasAdapter)) ?? null) === null) skip('this Chromium has no WebGPU adapter');
      await playground.addClips([toneClip(1)]);
      expect((await playground.facts('#model-facts'))['Runs on']).toMatch(/webgpu/);
      // A device of the test's own is lost with the page's.
      const lost = await page.evaluateHandle(async () => {
        interface Device {
          readonly lost: Promise<unknown>;
        }
        const { gpu } = navigator as unknown as {
          gpu: { requestAdapter(): Promise<{ requestDevice(): Promise<Device> }> };
        };
        const { lost } = await (await gpu.requestAdapter()).requestDevice();
        return { lost: lost.then(() => true) };
      });
      await (await own.newBrowserCDPSession()).send('Browser.crashGpuProcess').catch(() => undefined);
      await lost.evaluate((device) => device.lost);
      await playground.addClips([toneClip(2)]);
      expect(await playground.message(/runs elsewhere/)).toMatch(/WebGPU device failed/);
      expect((await playground.facts('#model-facts'))['Runs on']).toMatch(/wasm/);
      expect((await playground.clips())[1]).toMatch(/embedded in/);
    } finally {
      await own.close();
    }
  });

  it('keeps answering while it reads ten minutes', async () => {
    const playground = await openPage();
    const { page } = playground;
    const long = join(scratch, 'ten-minutes.wav');
    const { buffer } = noiseClip(1, 10);
    const bytes = 60 * (buffer.length - 44);
    await writeFile(long, wavHeader({ bytes, rate: 16_000, bits: 16 }));
    const file = await open(long, 'a');
    for (let part = 0; part < 60; part += 1) await file.write(buffer.subarray(44));
    await file.close();
    let isRead = false;
    const reading = playground.addClips([long]).then(() => (isRead = true));
    // If the page read by itself, there would be one or two answers.
    let answers = 0;
    for (; !isRead; answers += 1) await page.evaluate(() => document.title);
    await reading;
    expect((await playground.clips())[0]).toMatch(/10:00 min, embedded/);
    expect(answers).toBeGreaterThan(20);
    await playground.close();
  });

  it('works without a network once it was loaded', async () => {
    const own = await serve({ isolated: false, folders: { '': built } });
    const playground = await PlaygroundPage.open(browser, `${own.url}/`);
    await playground.addClips([toneClip(1)]);
    await own.close();
    await playground.page.reload();
    await playground.ready();
    await playground.addClips([toneClip(2), toneClip(3)]);
    expect(await playground.clips()).toHaveLength(2);
    for (const clip of await playground.clips()) expect(clip).toMatch(/embedded in/);
    await playground.close();
  });
});
