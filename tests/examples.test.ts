import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeWav } from '@hearken/signals';
import type { Result } from '@hearken/results';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPage } from './browser/build-page.js';
import { describeInChromium, launchChromium } from './browser/chromium.js';
import { serve } from './browser/serve.js';

const examples = fileURLToPath(new URL('../examples', import.meta.url));
const isBuilt = existsSync(join(examples, '../packages/bench/dist/index.js'));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearken-examples-'));
  for (const [name, frequency] of Object.entries({ low: 220, high: 3000 })) {
    const tone = Float32Array.from(
      { length: 22_050 },
      (_, at) => 0.5 * Math.sin((2 * Math.PI * frequency * at) / 22_050),
    );
    await writeFile(join(folder, `${name}.wav`), encodeWav(tone, 22_050));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(example: string, ...args: string[]): string {
  const env = { ...process.env, HEARKEN_CACHE: join(folder, 'cache') };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(examples, example), ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

// They import the packages as users do, so the packages must have been built; `npm test` does that.
describe.runIf(isBuilt || process.env.CI === 'true')('examples', () => {
  it('embeds a sound file', () => {
    const printed = run('embed-wav.mjs', 'low.wav');
    expect(printed).toMatch(/^scene: \d+ values, (-?\d+\.\d{3}, ){3}\.\.\.\n/);
    const [, count] = /timestamps: (\d+) embeddings/.exec(printed)!;
    expect(Number(count)).toBeGreaterThan(5);
    expect(printed).toMatch(/\n {2}\d+ ms: /);
  });

  it('scores a model and leaves its result', async () => {
    const printed = run('score-models.mjs', 'results');
    const [, score] = /baseline:mel.*?(\d\.\d{3})/.exec(printed)!;
    const [path] = (await readdir(join(folder, 'results'), { recursive: true })).filter((name) =>
      /mel.*\.json$/.test(name),
    );
    const result = JSON.parse(await readFile(join(folder, 'results', path), 'utf8')) as Result;
    expect(result.scores[result.metric].mean?.toFixed(3)).toBe(score);
  });

  it('has each in its README', async () => {
    const readme = await readFile(join(examples, 'README.md'), 'utf8');
    for (const name of await readdir(examples)) expect(readme).toContain(name === 'README.md' ? '# ' : `(${name})`);
  });
});

describeInChromium('the example of a page', () => {
  it('says how alike two sounds are', async () => {
    const built = await buildPage('examples/browser');
    const site = await serve({ isolated: false, folders: { '': built } });
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(`${site.url}/`);
      const ask = async (...names: string[]) => {
        await page.setInputFiles(
          '#files',
          names.map((name) => join(folder, `${name}.wav`)),
        );
        const answer = page.locator('#answer', { hasText: /cosine|two files/ });
        return answer.textContent();
      };
      expect(await ask('low', 'low')).toMatch(/low\.wav and low\.wav: cosine 1\.000/);
      const [, cosine] = /cosine (-?\d\.\d{3})/.exec((await ask('low', 'high'))!)!;
      expect(Number(cosine)).toBeLessThan(0.99);
      await page.setInputFiles('#files', join(folder, 'low.wav'));
      await page.locator('#answer', { hasText: 'choose two files' }).waitFor();
    } finally {
      await browser.close();
      await site.close();
    }
  });
});
