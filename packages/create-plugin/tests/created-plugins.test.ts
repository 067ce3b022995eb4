import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { convolution, GraphBuilder, mean, relu } from '@hearken/onnx';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../src/cli.js';
import { type Choices, createPlugin, startOf, starts } from '../src/index.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);

const audio = { signal: 'audio', input: 'waveform', sampleRate: 16_000 } as const;
const ecg = { signal: 'ecg', input: 'waveform', sampleRate: 500 } as const;
const plugins: Choices[] = [
  { ...audio, name: 'waves', weights: 'onnx' },
  { ...audio, name: 'features', weights: 'onnx', input: 'features' },
  { ...audio, name: 'layers', weights: 'safetensors' },
  { ...audio, name: 'numbers', weights: 'none' },
  { ...ecg, name: 'heart-waves', weights: 'onnx' },
  { ...ecg, name: 'heart-layers', weights: 'pytorch', scope: '@my-lab' },
  { ...ecg, name: 'heart-numbers', weights: 'none' },
];

/** One around an ONNX file that is there: its tests run on that file. */
async function createAroundModel(target: string): Promise<void> {
  const graph = new GraphBuilder('own');
  const waveform = graph.input('waveform', ['batch', 8000]);
  const kernel = Float32Array.from({ length: 5 * 64 }, (_, index) => Math.sin(index * index));
  const channels = graph.node('Unsqueeze', [waveform, graph.integers([1])]);
  const filtered = convolution(graph, channels, graph.constant(kernel, [5, 1, 64]), [64], { stride: [32] });
  graph.output('logits', mean(graph, filtered, [2]), ['batch', 5]);
  graph.output('features', mean(graph, relu(graph, filtered), [2]), ['batch', 5]);
  await writeFile(join(folder, 'own.onnx'), graph.build());
  const stream = new PassThrough().resume();
  const streams = { stdin: new PassThrough(), stdout: stream, stderr: stream };
  const flags = [
    '--from',
    join(folder, 'own.onnx'),
    '--output',
    'features',
    '--sample-rate',
    '16000',
    '--signal',
    'audio',
  ];
  expect(await main(['own-model', '--folder', target, ...flags], streams)).toBe(0);
}

/** Input shapes of models that take features; the generated front end has to give each of them. */
const featureShapes: Record<string, readonly (number | string)[]> = {
  image: ['n', 1, 100, 64],
  frames: [1, 'time', 80],
};

/** One around a file of features, with a test that the file itself runs behind the front end, and no other does. */
async function createAroundFeatures(name: string, target: string): Promise<void> {
  const graph = new GraphBuilder('own');
  const shape = featureShapes[name];
  const input = graph.input('mel', shape);
  const axes = shape.flatMap((_, axis) => (axis > 0 && axis < shape.length - 1 ? [axis] : []));
  graph.output('embedding', mean(graph, input, axes), [shape[0], shape[shape.length - 1]]);
  const path = join(folder, `${name}.onnx`);
  await writeFile(path, graph.build());
  const stream = new PassThrough().resume();
  const streams = { stdin: new PassThrough(), stdout: stream, stderr: stream };
  expect(await main([name, '--folder', target, '--from', path, '--yes'], streams)).toBe(0);
  await copyFile(path, join(target, 'own.onnx'));
  const other = new GraphBuilder('other');
  other.output('embedding', mean(other, other.input('mel', ['n', 3, 'x', 'y']), [2, 3]), ['n', 3]);
  await writeFile(join(target, 'other.onnx'), other.build());
  await writeFile(join(target, 'tests/own.test.ts'), ownFeaturesTest);
}

const ownFeaturesTest = `import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import plugin from '../src/index.js';

const path = (name: string) => fileURLToPath(new URL('../' + name, import.meta.url));

it.each([8000, 40_000])('runs the file on %d samples', async (samples) => {
  const embedder = await plugin.loadModel(path('own.onnx'));
  const signals = [1, 2, 3].map((n) => Float32Array.from({ length: samples }, (_, index) => Math.sin(index / n)));
  const data = Float32Array.from(signals.flatMap((signal) => [...signal]));
  const { count, data: rows } = await embedder.embedScenes({ data, count: 3, channels: 1, samples });
  expect(count).toBe(3);
  expect(rows.every(Number.isFinite)).toBe(true);
  await embedder.dispose();
});

it('refuses a file of another shape, with both shapes', async () => {
  await expect(plugin.loadModel(path('other.onnx'))).rejects.toMatchObject({
    code: 'CHECKPOINT',
    asked: expect.stringMatching(/behind a front end that gives \\[n, /) as string,
    found: expect.stringMatching(/^input mel .*\\[n, 3, x, y\\]/) as string,
  });
});
`;

let folder = '';
beforeAll(async () => {
  // Links resolved: TypeScript and Vitest would not agree on the paths otherwise.
  folder = await mkdtemp(join(tmpdir(), 'created-plugins-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  for (const plugin of plugins) await createPlugin(plugin, join(folder, plugin.name));
  await createAroundModel(join(folder, 'own-model'));
  for (const name of Object.keys(featureShapes)) await createAroundFeatures(name, join(folder, name));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('covers every starting point', () => {
  expect(new Set(plugins.map(startOf))).toEqual(new Set(starts));
});

it('names packages as they are found, with versions of ours that are these', async () => {
  const text = await readFile(join(folder, 'heart-layers/package.json'), 'utf8');
  const manifest = JSON.parse(text) as Record<string, unknown>;
  expect(manifest).toMatchObject({
    name: '@my-lab/hearken-plugin-heart-layers',
    keywords: ['hearken-plugin', 'embeddings', 'ecg'],
    license: 'MIT',
  });
  const dependencies = manifest.dependencies as Record<string, string>;
  for (const [name, range] of Object.entries({ ...dependencies, ...(manifest.devDependencies as object) })) {
    const path = join(root, name.startsWith('@hearken/') ? 'node_modules' : '.', name, 'package.json');
    if (!name.startsWith('@hearken/')) {
      expect(range).toMatch(/^\^\d/);
      continue;
    }
    const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string };
    expect(range).toBe(`^${version}`);
  }
});

it('leaves no placeholder', async () => {
  for (const { name } of plugins) {
    for (const file of ['README.md', 'LICENSE', 'src/index.ts', 'tests/conformance.test.ts']) {
      expect(await readFile(join(folder, name, file), 'utf8'), `${name}/${file}`).not.toMatch(/\{\{|\.template/);
    }
    expect(await readFile(join(folder, name, '.github/workflows/ci.yml'), 'utf8')).toContain('${{ matrix.node }}');
  }
});

it('writes what type-checks, and passes its own tests', async () => {
  const config = JSON.parse(await readFile(join(folder, 'waves/tsconfig.json'), 'utf8')) as { compilerOptions: object };
  for (const { name } of plugins) {
    const own = JSON.parse(await readFile(join(folder, name, 'tsconfig.json'), 'utf8')) as typeof config;
    expect(own).toEqual(config);
  }
  // All at once, and on the sources of ours: no build in between.
  const compilerOptions = { ...config.compilerOptions, noEmit: true, customConditions: ['@hearken/source'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*/src', '*/tests'] }));
  await writeFile(
    join(folder, 'vitest.config.mjs'),
    `const resolve = { conditions: ['@hearken/source', 'node', 'import', 'default'] };
     export default { resolve, ssr: { resolve }, test: { include: ['*/tests/*.test.ts'], testTimeout: 600000, hookTimeout: 600000 } };`,
  );
  const bin = (name: string) => join(root, 'node_modules', name);
  const node = (...args: string[]) =>
    run(process.execPath, args, { cwd: folder, maxBuffer: 1 << 26 }).catch(
      (error: { stdout: string; stderr: string }) => {
        throw new Error(`${error.stdout}\n${error.stderr}`);
      },
    );
  const [, { stdout }] = await Promise.all([
    node(bin('typescript/bin/tsc'), '-p', '.'),
    node(bin('vitest/vitest.mjs'), 'run', '--root', folder, '--reporter', 'json'),
  ]);
  const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { numPassedTests: number; numFailedTests: number };
  expect(report.numFailedTests).toBe(0);
  expect(report.numPassedTests).toBeGreaterThan((plugins.length + 1) * 20);
});
