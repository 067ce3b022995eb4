// Applications built with the packed packages, outside the workspace.
import { gzipSync } from 'node:zlib';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build as bundle, type BuildOptions } from 'esbuild';
import { build as buildWithVite } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeInChromium, launchChromium } from '../browser/chromium.js';
import { serve } from '../browser/serve.js';
import { closure, readLock } from '../support/locked-dependencies.js';
import { type OutsideProject, outsideProject } from '../support/outside-project.js';
import { root } from '../support/packed-packages.js';
import { publishedPackages } from '../support/published-packages.js';

const published = publishedPackages();
const plugins = published.map(({ manifest }) => manifest.name).filter((name) => name.startsWith('@hearken/plugin-'));
let project: OutsideProject;

beforeAll(async () => {
  project = await outsideProject({ add: ['onnxruntime-web', '@types/node'] });
});

afterAll(() => project?.remove());

/** Bundles a module given as text, as a file of the project. */
async function bundled(text: string, options: Pick<BuildOptions, 'platform' | 'external' | 'minify' | 'banner'>) {
  const result = await bundle({
    stdin: { contents: text, resolveDir: project.folder, loader: 'js' },
    absWorkingDir: project.folder,
    bundle: true,
    format: 'esm',
    metafile: true,
    write: false,
    logLevel: 'silent',
    target: 'es2022',
    ...options,
  });
  expect(result.warnings.map(({ text }) => text)).toEqual([]);
  const imports = Object.values(result.metafile.outputs).flatMap((output) => output.imports);
  return {
    text: result.outputFiles[0].text,
    inputs: Object.keys(result.metafile.inputs),
    externals: [...new Set(imports.filter(({ external }) => external).map(({ path }) => path))].sort(),
  };
}

const runtimes = ['onnxruntime-node', 'onnxruntime-web', 'onnxruntime-web/*'];

it('keeps the main entry of core under 15 kB', async () => {
  const { text, externals } = await bundled(`export * from '@hearken/core'`, { minify: true, platform: 'neutral' });
  const [minified, compressed] = [Buffer.byteLength(text), gzipSync(text).length];
  console.log(`@hearken/core: ${minified} bytes minified, ${compressed} gzipped`);
  expect(externals).toEqual([]);
  expect(minified).toBeLessThan(15_000);
});

describe.each(plugins)('%s', (name) => {
  it('takes one runtime into a bundle for Node.js, and the other into one for pages', async () => {
    const node = await bundled(`export * from '${name}'`, { platform: 'node', external: runtimes });
    const web = await bundled(`export * from '${name}'`, { platform: 'browser', external: runtimes });
    const named = await bundled(`export * from '${name}/web'`, { platform: 'browser', external: runtimes });
    const runtimesOf = (externals: readonly string[]) => externals.filter((path) => path.startsWith('onnxruntime'));
    expect(runtimesOf(node.externals)).toEqual(['onnxruntime-node']);
    expect(node.inputs.filter((path) => path.includes('.web.'))).toEqual([]);
    for (const { externals, inputs } of [web, named]) {
      expect(externals).toEqual(['onnxruntime-web/wasm', 'onnxruntime-web/webgpu']);
      expect(inputs.filter((path) => path.includes('.node.'))).toEqual([]);
    }
    expect(web.inputs.slice(0, -1)).toEqual(named.inputs.slice(0, -1));
  });

  it('brings no runtime with it, and none with the other', async () => {
    const lock = await readLock(root);
    const installed = (...names: string[]) =>
      Object.keys(closure(lock, names)).map((place) => place.slice(place.lastIndexOf('node_modules/') + 13));
    expect(installed(name).filter((other) => other.startsWith('onnxruntime'))).toEqual([]);
    expect(installed(name, 'onnxruntime-node')).not.toContain('onnxruntime-web');
    expect(installed(name, 'onnxruntime-web')).not.toContain('onnxruntime-node');
  });
});

it('is bundled by esbuild into a program for Node.js', async () => {
  const program = `
    import { getSceneEmbeddings, loadModel } from '@hearken/plugin-baseline';
    import { signalBatch } from '@hearken/core';
    import { makeMiniTasks } from '@hearken/bench';
    const embedder = await loadModel();
    const { data, size } = await getSceneEmbeddings(signalBatch([new Float32Array(16000).fill(0.1)]), embedder);
    await embedder.dispose();
    const [folder] = await makeMiniTasks('bundle-tasks', { tasks: ['scenes'] });
    console.log(JSON.stringify({ size, finite: data.every(Number.isFinite), folder }));`;
  // Some dependencies are CommonJS, and require Node.js's own modules.
  const banner = { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` };
  // It is a native module, as the README of the package says.
  const external = ['onnxruntime-node'];
  const { text } = await bundled(program, { platform: 'node', external, banner });
  await writeFile(join(project.folder, 'bundle.mjs'), text);
  const { status, stdout, stderr } = await project.run('node', ['bundle.mjs']);
  expect([status, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ size: 320, finite: true });
});

describeInChromium('a page built by Vite', () => {
  it('embeds with a plugin and scores a mini task, without a problem', async () => {
    const app = join(project.folder, 'app');
    await mkdir(app);
    await writeFile(
      join(app, 'index.html'),
      '<!doctype html><title>app</title><link rel="icon" href="data:,"><script type="module" src="/main.js"></script>',
    );
    await writeFile(
      join(app, 'main.js'),
      `import { getSceneEmbeddings, signalBatch } from '@hearken/core';
       import { loadModel } from '@hearken/plugin-baseline';
       import { miniTaskNames, runMiniBenchmark } from '@hearken/bench/web';
       globalThis.embed = async () => {
         const embedder = await loadModel();
         const tone = Float32Array.from({ length: 16000 }, (_, index) => Math.sin(index / 10) / 2);
         const { data, size } = await getSceneEmbeddings(signalBatch([tone]), embedder);
         const [{ task, score }] = await runMiniBenchmark({ embedder, tasks: ['scenes'], probe: 'logreg' });
         return { values: [...data], size, backend: embedder.provenance.backend, task, score, miniTaskNames };
       };`,
    );
    const outDir = join(project.folder, 'site');
    await buildWithVite({
      configFile: false,
      root: app,
      base: './',
      logLevel: 'error',
      build: { outDir, target: 'es2022' },
    });
    const site = await serve({ isolated: false, folders: { '': outDir } });
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      await page.goto(`${site.url}/`);
      await page.waitForFunction(() => 'embed' in globalThis);
      const found = await page.evaluate(() => (globalThis as unknown as { embed(): Promise<Embedded> }).embed());
      expect(found).toMatchObject({ size: 320, task: 'scenes' });
      expect(found.backend).toContain('onnxruntime-web');
      expect(found.values.every(Number.isFinite)).toBe(true);
      expect(found.miniTaskNames).toContain('scenes');
      expect(found.score).toBeGreaterThan(0.6);
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
      await site.close();
    }
  });
});

interface Embedded {
  readonly values: readonly number[];
  readonly size: number;
  readonly backend: string;
  readonly task: string;
  readonly score: number;
  readonly miniTaskNames: readonly string[];
}
