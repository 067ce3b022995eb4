// What npm would publish: nothing that users do not need, and nothing that breaks their tools.
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { beforeAll, describe, expect, it } from 'vitest';
import { publishedPackages } from '../support/published-packages.js';
import { type PackedPackage, root, withPackedPackages } from '../support/packed-packages.js';

/** Maximum size of a tarball in kilobytes (1,000 bytes): its size when this was set, with some room to grow. */
const limits: Readonly<Record<string, number>> = {
  '@hearken/bench': 800,
  '@hearken/core': 85,
  '@hearken/onnx': 170,
  '@hearken/plugin-baseline': 18,
  '@hearken/plugin-efficientat': 22,
  '@hearken/plugin-hear': 18,
  '@hearken/plugin-hubert-ecg': 50,
  '@hearken/plugin-onnx': 25,
  '@hearken/plugin-patchmix': 36,
  '@hearken/metrics': 75,
  '@hearken/artifacts': 60,
  '@hearken/campaigns': 40,
  '@hearken/cluster': 95,
  '@hearken/report': 130,
  '@hearken/results': 125,
  '@hearken/signals': 185,
  '@hearken/tasks': 120,
  '@hearken/train': 125,
  'create-hearken-plugin': 45,
};

/** Files in addition to `dist`, which only has modules and their types. */
const besides: Readonly<Record<string, readonly string[]>> = {
  '@hearken/bench': ['bin/hearken.js'],
  '@hearken/campaigns': ['schema/campaign.json'],
  '@hearken/report': ['assets/page.js', 'assets/style.css'],
  '@hearken/results': ['schema/profile-1.json', 'schema/result-1.json', 'schema/result-2.json'],
  'create-hearken-plugin': ['bin/create-hearken-plugin.js'],
};

const published = publishedPackages();
const names = published.map(({ manifest }) => manifest.name);
let packed: readonly PackedPackage[];
let tarballs: Readonly<Record<string, Uint8Array>>;

beforeAll(async () => {
  await withPackedPackages(async ({ folder, packages }) => {
    packed = packages;
    const files = packages.map(async ({ name, filename }) => [name, await readFile(join(folder, filename))] as const);
    tarballs = Object.fromEntries(await Promise.all(files));
  });
});

function packedAs(name: string): PackedPackage {
  const found = packed.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`${name} is not packed`);
  return found;
}

it('packs all packages, each within its limit', () => {
  const row = (cells: readonly (string | number)[]) =>
    cells.map((cell, index) => (index === 0 ? String(cell).padEnd(30) : String(cell).padStart(15))).join('');
  const lines = packed.map(({ name, files, size, unpackedSize }) => row([name, files.length, size, unpackedSize]));
  console.log([row(['package', 'files', 'packed bytes', 'unpacked']), ...lines].join('\n'));
  expect(packed.map(({ name }) => name)).toEqual([...names].sort());
  expect(Object.keys(limits).sort()).toEqual([...names].sort());
  const tooLarge = packed.filter(({ name, size }) => size > 1000 * limits[name]);
  expect(tooLarge.map(({ name, size }) => `${name}: ${size} bytes`)).toEqual([]);
});

describe.each(names)('%s', (name) => {
  it('holds what its users need and no more', () => {
    const paths = packedAs(name).files.map(({ path }) => path);
    const isModule = (path: string) => /^dist\/(?:[\w-]+\/)*[\w.-]+\.(?:js|d\.ts)$/.test(path);
    const isTemplate = (path: string) => name === 'create-hearken-plugin' && /^templates\/.+\.template$/.test(path);
    const others = paths.filter((path) => !isModule(path) && !isTemplate(path));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json', ...(besides[name] ?? [])].sort());
    // Both for every module, and neither for a removed one.
    const modules = paths.filter(isModule).map((path) => path.replace(/\.d\.ts$|\.js$/, ''));
    for (const module of new Set(modules)) {
      expect(modules.filter((other) => other === module)).toHaveLength(2);
    }
  });

  it('is linted by publint without a word', async () => {
    const bytes = tarballs[name];
    const tarball = new Uint8Array(bytes).buffer;
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg ?? {}, { color: false }))).toEqual([]);
  });

  it('has types that resolve under every module setting', async () => {
    const result = await checkPackage(createPackageFromTarballData(tarballs[name]));
    if (result.types === false) throw new Error('no types');
    // CommonJS reaches these ES modules with require(esm), which every Node.js that we support can do.
    const others = result.problems.filter(({ kind }) => kind !== 'CJSResolvesToESM');
    expect(others).toEqual([]);
    const unresolved = Object.entries(result.entrypoints).flatMap(([entry, { resolutions }]) =>
      Object.values(resolutions)
        .filter(({ resolution }) => resolution?.isTypeScript !== true && resolution?.isJson !== true)
        .map(({ resolutionKind }) => `${entry} under ${resolutionKind}`),
    );
    expect(unresolved).toEqual([]);
  });
});

describe('manifests', () => {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;

  it.each(published)('of $folder say the same as that of the workspace', ({ folder, manifest }) => {
    const shared = ['homepage', 'bugs', 'license', 'author', 'engines', 'version', 'type'];
    for (const field of shared) expect([field, manifest[field]]).toEqual([field, own[field]]);
    expect(manifest.repository).toEqual({ ...(own.repository as object), directory: folder });
    expect(manifest.publishConfig).toEqual({ access: 'public', provenance: true });
    const isPlugin = manifest.name.startsWith('@hearken/plugin-');
    expect(manifest.keywords.includes('hearken-plugin')).toBe(isPlugin);
    for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })) {
      if (names.includes(name)) expect([name, range]).toEqual([name, own.version]);
    }
  });
});
