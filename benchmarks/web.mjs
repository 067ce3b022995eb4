import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publishedTensors } from '@hearken/plugin-efficientat';
import { hearTensors } from './vit-layout.mjs';
import { writeRandomWeights } from './random-weights.mjs';

const chromiumPath = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== '' && existsSync(path),
);

/** The same work in Chromium, on WebAssembly, cross-origin isolated. */
export async function* webRows() {
  if (chromiumPath === undefined) {
    process.stderr.write('no Chromium found: install it, or set CHROMIUM to its path\n');
    return;
  }
  const { build, preview } = await import('vite');
  const { chromium } = await import('playwright-core');
  const folder = mkdtempSync(join(tmpdir(), 'hearken-bench-web-'));
  await build({
    configFile: false,
    root: fileURLToPath(new URL('web-page', import.meta.url)),
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: folder, target: 'es2022', chunkSizeWarningLimit: 4096 },
  });
  await writeRandomWeights(join(folder, 'mn04_as.safetensors'), publishedTensors('mn04_as'));
  await writeRandomWeights(join(folder, 'hear.safetensors'), hearTensors());
  const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
  const server = await preview({
    configFile: false,
    root: folder,
    logLevel: 'error',
    build: { outDir: folder },
    preview: { host: '127.0.0.1', port: 0, headers },
  });
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const { port } = server.httpServer.address();
  /** Runs a function in a new page, whose number of threads is not fixed yet. */
  const call = async (name, ...given) => {
    const page = await browser.newPage();
    try {
      await page.goto(`http://127.0.0.1:${port}/`);
      await page.waitForFunction(() => 'calls' in globalThis);
      return await page.evaluate(([name, given]) => globalThis.calls[name](...given), [name, given]);
    } finally {
      await page.close();
    }
  };
  try {
    for (const threads of [1, 2]) {
      const options = { runtime: { threads, executionProvider: 'wasm' } };
      const on = `on WebAssembly, ${threads} thread${threads === 1 ? '' : 's'}`;
      const mn04 = ['efficientat', '/mn04_as.safetensors', { ...options, model: 'mn04_as' }];
      const { median } = await call('scene', ...mn04, 10, 30);
      yield {
        what: `mn04_as scene of 10 s ${on}`,
        value: median,
        unit: 'ms',
        ...(threads === 2 ? { target: 25 } : {}),
      };
      if (threads === 1) {
        const rate = await call('stream', ...mn04, 20);
        yield { what: `mn04_as streamed ${on}`, value: rate, unit: 'embeddings a second', target: 'over 20' };
      } else {
        const int8 = ['hear', '/hear.safetensors', { ...options, precision: 'int8' }];
        const hear = await call('scene', ...int8, 2, 5);
        yield { what: `HeAR ViT-L int8, 2 s ${on}`, value: hear.median, unit: 'ms', target: 450 };
        const { before, after } = await call('rounds', ...mn04, 10);
        const what = 'mn04_as loaded and disposed of ten times';
        yield { what, value: (after - before) / 2 ** 20, unit: 'MiB more', target: 1 };
      }
    }
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
