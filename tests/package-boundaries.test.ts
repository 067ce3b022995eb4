import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, it } from 'vitest';
import { fileCycles } from './support/file-cycles.js';
import { importsOf } from './support/imports-of.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = join(root, 'packages');
const names = readdirSync(packages);

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

/** `@hearken/onnx/node` is of `@hearken/onnx`. */
function packageOf(module: string): string {
  return module.split('/', module.startsWith('@') ? 2 : 1).join('/');
}

/** Our packages that one of them depends on, directly or indirectly; none for a package of others. */
function ours(name: string, found = new Set<string>()): Set<string> {
  const folder = names.find((entry) => manifestOf(entry).name === name);
  for (const below of folder === undefined ? [] : Object.keys(manifestOf(folder).dependencies ?? {})) {
    if (!found.has(below)) ours(below, found.add(below));
  }
  return found;
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(packages, folder, 'package.json'), 'utf8')) as Manifest;
}

/** The source of an entry of one of our packages: `internal/node` is `internal.node.ts`. */
function entryFile(entry = 'index'): string {
  return `${entry.replaceAll('/', '.')}.ts`;
}

/**
 * Modules that an entry reaches by static imports of values, in its package and in ours: files, and the names of
 * others.
 */
function reached(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const { module, isDynamic, isType } of importsOf(entry)) {
    if (isDynamic || isType) continue;
    const ours = /^@hearken\/(plugin-)?([^/]+)(?:\/([\w/]+))?$/.exec(module);
    if (module.startsWith('.')) reached(join(entry, '..', module.replace(/\.js$/, '.ts')), seen);
    else if (ours === null) seen.add(module);
    else reached(join(packages, (ours[1] ? 'plugins-' : '') + ours[2], 'src', entryFile(ours[3])), seen);
  }
  return seen;
}

/** Packages whose main entries run in browsers; other packages have a `web.ts` for that. */
const runAnywhere = ['core', 'signals', 'metrics', 'tasks', 'results', 'campaigns', 'train'];
const browserEntries = names.flatMap((name) =>
  (runAnywhere.includes(name) ? ['index.ts', 'internal.ts', 'web.ts'] : ['web.ts'])
    .map((entry) => `${name}/src/${entry}`)
    .filter((entry) => existsSync(join(packages, entry))),
);

describe.each(browserEntries)('packages/%s', (entry) => {
  it('reaches nothing that is of Node.js alone', () => {
    const modules = [...reached(join(packages, entry))];
    // The usual entries of csv-parse need Node.js's Buffer: a bundler fails, or adds a polyfill.
    const ofNode = /^node:|onnxruntime-node|\.node\.ts$|^csv-parse(\/sync)?$/;
    expect(modules.filter((module) => ofNode.test(module))).toEqual([]);
  });
});

describe.each(names.filter((name) => existsSync(join(packages, name, 'src/web.ts'))))('packages/%s/web', (name) => {
  it('leaves the other runtime to the other entry', () => {
    const node = ['node.ts', 'index.ts'].map((entry) => join(packages, name, 'src', entry)).filter(existsSync);
    const modules = node.flatMap((entry) => [...reached(entry)]);
    expect(modules.filter((module) => /onnxruntime-web|\.web\.ts$/.test(module))).toEqual([]);
  });
});

describe.each(names)('packages/%s', (name) => {
  const files = sources(join(packages, name, 'src'));
  const manifest = manifestOf(name);
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const project = JSON.parse(readFileSync(join(packages, name, 'project.json'), 'utf8')) as {
    tags: string[];
    implicitDependencies?: string[];
  };

  it('declares what it imports', () => {
    const modules = files.flatMap(importsOf).map(({ module }) => module);
    const external = modules.filter((module) => !module.startsWith('.') && !module.startsWith('node:'));
    for (const module of new Set(external.map(packageOf))) expect(declared).toContain(module);
  });

  it('is named after its folder', () => {
    // `npm create hearken-plugin` looks for this name.
    const expected =
      name === 'create-plugin' ? 'create-hearken-plugin' : `@hearken/${name.replace(/^plugins-/, 'plugin-')}`;
    expect(manifest.name).toBe(expected);
  });

  it('has a layer, which the lint rules go by', () => {
    expect(project.tags).toEqual([`layer:${name.startsWith('plugins-') ? 'plugin' : name}`]);
  });

  // A peer that is only imported by name, at run time, may itself depend on this package: Nx would build neither.
  it('is built without those of its peers that depend on it', () => {
    const above = Object.keys(manifest.peerDependencies ?? {}).filter((peer) => ours(peer).has(manifest.name));
    // Nx names a package by its folder.
    const folders = names.filter((entry) => above.includes(manifestOf(entry).name));
    expect(project.implicitDependencies ?? []).toEqual(folders.map((folder) => `!${folder}`));
  });

  // Types count too: two files whose types need each other are hard to understand separately.
  it('has no files that import each other in a circle', () => {
    expect(fileCycles(files, join(packages, name))).toEqual([]);
  });
});

describe('lint', () => {
  let eslint: ESLint;
  beforeAll(async () => {
    const rules = join(root, 'eslint.boundaries.mjs');
    const { default: boundaries } = (await import(rules)) as { default: Linter.Config[] };
    const parser: Linter.Config = { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } };
    // Without rules that need types, which would take long.
    eslint = new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig: [parser, ...boundaries] });
  });

  it.each([
    ['core', 'index.ts', '@hearken/onnx'],
    ['core', 'index.ts', 'node:fs'],
    ['onnx', 'index.ts', '@hearken/bench'],
    ['onnx', 'index.ts', '@hearken/plugin-baseline'],
    ['onnx', 'session/web-session.ts', 'onnxruntime-node'],
    ['onnx', 'session/node-session.ts', 'onnxruntime-web'],
    ['onnx', 'storage/downloads.web.ts', './file-hash.node.js'],
    ['onnx', 'quantization/quantized-file.node.ts', './build-in-precision.web.js'],
    ['bench', 'index.ts', '@hearken/plugin-baseline'],
    ['bench', 'index.ts', '@hearken/cluster'],
    ['bench', 'index.ts', '../../core/src/errors.js'],
    ['bench', 'web.ts', '@hearken/onnx/node'],
    ['bench', 'web/probe-session.ts', 'node:path'],
    ['tasks', 'vocabulary.ts', 'csv-parse/sync'],
    ['plugins-baseline', 'plugin.ts', '@hearken/bench'],
    ['plugins-baseline', 'plugin.ts', '@hearken/plugin-hear'],
    ['plugins-baseline', 'web.ts', '@hearken/onnx/node'],
    ['plugins-baseline', 'index.ts', '@hearken/onnx/web'],
    ['create-plugin', 'cli.ts', '@hearken/onnx'],
  ])('refuses that packages/%s/src/%s imports %s', async (name, file, module) => {
    const messages = await lint(name, file, module);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(/^(@nx\/enforce-module-boundaries|no-restricted-imports)/);
  });

  it.each([
    ['onnx', 'index.ts', '@hearken/core'],
    ['onnx', 'checkpoint/file-source.node.ts', 'node:fs'],
    ['bench', 'cli/program.ts', '@hearken/onnx/node'],
    ['cluster', 'index.ts', '@hearken/bench'],
    ['plugins-baseline', 'index.ts', '@hearken/onnx/node'],
    ['plugins-baseline', 'web.ts', '@hearken/onnx/web'],
  ])('lets packages/%s/src/%s import %s', async (name, file, module) => {
    expect(await lint(name, file, module)).toEqual([]);
  });

  it.each(['Buffer', 'process'])('refuses %s of Node.js in files that run in browsers', async (name) => {
    const [{ messages }] = await eslint.lintText(`export const made = ${name};\n`, {
      filePath: 'packages/tasks/src/vocabulary.ts',
    });
    expect(messages.map(({ ruleId }) => ruleId)).toEqual(['no-restricted-globals']);
  });

  it('is of all that is linted', async () => {
    const whole = new ESLint({ cwd: root });
    for (const file of ['packages/core/src/index.ts', 'packages/bench/src/web.ts', 'docs/playground/src/main.ts']) {
      const { rules } = (await whole.calculateConfigForFile(file)) as { rules: Record<string, unknown> };
      expect(rules).toHaveProperty(['@nx/enforce-module-boundaries', 0], 2);
    }
  });

  async function lint(name: string, file: string, module: string): Promise<string[]> {
    const filePath = `packages/${name}/src/${file}`;
    const [{ messages }] = await eslint.lintText(`export { made } from '${module}';\n`, { filePath });
    return messages.map(({ ruleId, message }) => `${ruleId}: ${message}`);
  }
});
