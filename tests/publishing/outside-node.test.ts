// The packed packages on Node.js, outside the workspace. `HEARKEN_NODE_VERSIONS=20,22,24` also runs the same on those
// versions, which npm downloads.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OutsideProject, outsideProject, type RunResult } from '../support/outside-project.js';
import { entriesOf, publishedPackages } from '../support/published-packages.js';

const versions = (process.env.HEARKEN_NODE_VERSIONS ?? '').split(',').filter((version) => version !== '');
const entries = publishedPackages().flatMap(entriesOf);
let project: OutsideProject;

beforeAll(async () => {
  project = await outsideProject();
  await writeFile(
    join(project.folder, 'import-all.mjs'),
    `const counts = {};
     for (const entry of ${JSON.stringify(entries)}) counts[entry] = Object.keys(await import(entry)).length;
     console.log(JSON.stringify({ node: process.versions.node, counts }));`,
  );
  await writeFile(
    join(project.folder, 'require-all.cjs'),
    `const counts = {};
     for (const entry of ${JSON.stringify(entries)}) counts[entry] = Object.keys(require(entry)).length;
     const { OptionError } = require('@hearken/core');
     console.log(JSON.stringify({ node: process.versions.node, counts, name: new OptionError({}).name }));`,
  );
  await writeFile(
    join(project.folder, 'make-task.mjs'),
    `import { makeMiniTasks } from '@hearken/bench';
     console.log(JSON.stringify(await makeMiniTasks('tasks', { tasks: ['scenes'] })));`,
  );
});

afterAll(() => project?.remove());

function succeeded({ status, stdout, stderr }: RunResult): string {
  if (status !== 0) throw new Error(`status ${String(status)}\n${stdout}${stderr}`);
  return stdout;
}

interface Loaded {
  readonly node: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly name: string;
}

it('is installed where nothing leads back to the workspace', async () => {
  const modules = join(project.folder, 'node_modules');
  const ours = await readdir(join(modules, '@hearken'), { withFileTypes: true });
  expect(ours.filter((entry) => entry.isDirectory()).length).toBe(publishedPackages().length - 1);
  expect(await readdir(join(modules, '@hearken/bench'))).not.toContain('src');
  expect(await readdir(modules)).not.toContain('onnxruntime-web');
  succeeded(await project.run('npm', ['ls', '--all']));
});

describe.each([undefined, ...versions])('on Node.js %s (undefined: this one)', (node) => {
  it('imports every entry, and requires it from CommonJS', async () => {
    const imported = JSON.parse(succeeded(await project.run('node', ['import-all.mjs'], { node }))) as Loaded;
    const required = JSON.parse(succeeded(await project.run('node', ['require-all.cjs'], { node }))) as Loaded;
    console.log(`Node.js ${imported.node}: ${entries.length} entries imported and required`);
    if (node !== undefined) expect(imported.node).toMatch(new RegExp(`^${node}\\.`));
    expect(Object.keys(imported.counts)).toEqual(entries);
    expect(Object.values(imported.counts).filter((count) => count === 0)).toEqual([]);
    // There may also be `default` and, on some versions, `module.exports` and `__esModule`.
    for (const entry of entries) expect(required.counts[entry]).toBeGreaterThanOrEqual(imported.counts[entry]);
    expect(required.name).toBe('OptionError');
  });

  it('scores the baseline on a mini task, and reports it', async () => {
    const [task] = JSON.parse(succeeded(await project.run('node', ['make-task.mjs'], { node }))) as string[];
    const results = `results-${node ?? 'this'}`;
    const quick = ['--probe', 'linear', '--grid', 'faster', '--grid-points', '1', '--force', '--json'];
    const args = ['run', '--model', 'baseline:mel', '--tasks', task, '--out', results, ...quick];
    // As in the README, on this Node.js; npx itself belongs to one version.
    const ran = node === undefined ? project.run('npx', ['hearken', ...args]) : project.run('hearken', args, { node });
    const [result] = JSON.parse(succeeded(await ran)) as { model: string; metric: string; score: number }[];
    console.log(`${result.model} on the mini task: ${result.metric} ${result.score.toFixed(3)}`);
    expect(result.model).toBe('baseline:mel');
    expect(result.score).toBeGreaterThan(0.6);
    const site = `site-${node ?? 'this'}`;
    succeeded(await project.run('hearken', ['report', results, '--out', site], { node }));
    expect(await readFile(join(project.folder, site, 'index.html'), 'utf8')).toContain('baseline');
    expect((await readdir(join(project.folder, site, 'assets'))).sort()).toEqual(['page.js', 'style.css']);
  });
});
