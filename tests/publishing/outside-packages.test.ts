// Installs one of the packages below bench alone: whether it works, what comes with it, and its size.
import { cp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type OutsideProject, outsideProject } from '../support/outside-project.js';
import { publishedPackages } from '../support/published-packages.js';
import { root } from '../support/packed-packages.js';

let project: OutsideProject | undefined;
afterEach(() => project?.remove());

/** Our packages that come with these, including themselves. */
function withDependencies(names: readonly string[]): string[] {
  const manifests = new Map(publishedPackages().map(({ manifest }) => [manifest.name, manifest]));
  const found = new Set(names);
  for (const name of found) {
    for (const below of Object.keys(manifests.get(name)?.dependencies ?? {}))
      if (manifests.has(below)) found.add(below);
  }
  return [...found];
}

/** Names of what is installed, with their scopes. */
async function installed(folder: string): Promise<string[]> {
  const names = (await readdir(join(folder, 'node_modules'))).filter((name) => !name.startsWith('.'));
  const scoped = names.map(async (name) => {
    if (!name.startsWith('@')) return [name];
    return (await readdir(join(folder, 'node_modules', name))).map((inner) => `${name}/${inner}`);
  });
  return (await Promise.all(scoped)).flat().sort();
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map(async (file) => (await stat(file)).size))).reduce((sum, size) => sum + size, 0);
}

/** Installs packages and runs a module there. @returns what it printed, and what is installed */
async function runWith(names: readonly string[], code: string, files?: (folder: string) => Promise<unknown>) {
  project = await outsideProject({ packages: withDependencies(names), nodeRuntime: false });
  const { folder, tarballs } = project;
  await files?.(folder);
  await writeFile(join(folder, 'main.mjs'), code);
  const { status, stdout, stderr } = await project.run('node', ['main.mjs']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const packed = (await Promise.all(names.map(async (name) => (await stat(tarballs[name])).size))).join(' + ');
  const bytes = await bytesBelow(join(folder, 'node_modules'));
  console.log(`${names.join(' and ')}: tarball ${packed} bytes, ${bytes} bytes installed`);
  return { printed: stdout.trim().split('\n'), packages: await installed(folder) };
}

it('scores predictions with the metrics alone', async () => {
  const code = `
    import { metricByName } from '@hearken/metrics';
    const scores = { labels: ['a', 'b'], predictions: Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.6, 0.4), targets: Uint8Array.of(1, 0, 0, 1, 0, 1) };
    console.log(metricByName('top1_acc').compute(scores), metricByName('aucroc').compute(scores));`;
  const { printed, packages } = await runWith(['@hearken/metrics'], code);
  expect(printed).toEqual(['0.6666666666666666 1']);
  expect(packages).toEqual(['@hearken/core', '@hearken/metrics']);
});

it('reads a WFDB record with the signals alone', async () => {
  const code = `
    import { readEcgFile } from '@hearken/signals/node';
    const { signal, leads, sampleRate } = await readEcgFile('made.hea', { leads: ['II', 'V1'] });
    console.log(leads.join(), sampleRate, [...signal].join());`;
  const { printed, packages } = await runWith(['@hearken/signals'], code, async (folder) => {
    const lines = ['made 2 250 3', 'made.dat 16 200/mV 16 0 0 0 0 II', 'made.dat 16 200/mV 16 0 0 0 0 V1'];
    await writeFile(join(folder, 'made.hea'), `${lines.join('\n')}\n`);
    await writeFile(join(folder, 'made.dat'), new Uint8Array(Int16Array.of(200, -100, 400, 0, 50, 20).buffer));
  });
  expect(printed).toEqual(['II,V1 250 1,2,0.25,-0.5,0,0.10000000149011612']);
  expect(packages).toEqual(['@hearken/core', '@hearken/signals', 'csv-parse']);
});

it('verifies and reports results without a runtime or a decoder', async () => {
  const code = `
    import { makeReport } from '@hearken/report';
    import { findResultFiles, verifyResult } from '@hearken/results/node';
    const verified = await Promise.all((await findResultFiles(['results'])).map((file) => verifyResult(file)));
    const { models, tasks } = await makeReport({ results: ['results'], out: 'site' });
    console.log(JSON.stringify({ problems: verified.map(({ problems }) => problems), models, tasks }));`;
  const results = join(root, 'tests/fixtures/results-of-0.1.0/baseline-mel');
  const { printed, packages } = await runWith(['@hearken/results', '@hearken/report'], code, (folder) =>
    cp(results, join(folder, 'results'), { recursive: true }),
  );
  expect(JSON.parse(printed[0])).toEqual({ problems: [[], [], []], models: 1, tasks: 3 });
  expect(await readFile(join(project!.folder, 'site/index.html'), 'utf8')).toContain('baseline');
  expect(packages.filter((name) => /onnx|opus|web-audio|bench|plugin/.test(name))).toEqual([]);
});
