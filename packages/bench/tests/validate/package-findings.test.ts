import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { definePlugin } from '@hearken/core';
import { expect, it } from 'vitest';
import type { Manifest } from '../../src/plugins/package-folders.node.js';
import { packageFindings } from '../../src/validate/package-findings.node.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

const plugin = definePlugin({
  name: 'made-up',
  version: '1.0.0',
  description: 'made up',
  models: { one: { description: 'one', sampleRate: 16_000, channels: 1, embeddingSize: 1 } },
  load: () => Promise.reject(new Error('never loaded')),
});

const good: Manifest = {
  name: 'hearken-plugin-made-up',
  version: '1.0.0',
  type: 'module',
  license: 'MIT',
  keywords: ['hearken-plugin'],
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
  files: ['dist'],
  dependencies: { '@hearken/core': '^0.1.0' },
  hearken: { plugin: plugin.name, models: plugin.models },
};

async function failed(manifest: Manifest, bytes = 10): Promise<string[]> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'dist'));
  await writeFile(join(folder, 'dist/index.js'), new Uint8Array(bytes));
  await mkdir(join(folder, 'node_modules'));
  await writeFile(join(folder, 'node_modules/huge'), new Uint8Array(11 * 2 ** 20));
  const findings = await packageFindings(plugin, { folder, manifest });
  for (const { passed, found, fix } of findings) expect([found, fix].every((text) => text === undefined)).toBe(passed);
  return findings.filter(({ passed }) => !passed).map(({ name }) => name);
}

it('has nothing to say of a good package', async () => {
  expect(await failed(good)).toEqual([]);
  expect(await failed({ ...good, files: undefined })).toEqual([]);
  expect(await failed({ ...good, name: '@hearken/plugin-made-up', keywords: undefined })).toEqual([]);
});

it.each<[string, Manifest, number?]>([
  ["the plugin's version is that of its package", { ...good, version: '1.0.1' }],
  ['the entry that package.json names is there', { ...good, exports: { types: 'x.d.ts', default: './lib/index.js' } }],
  ['the package exports types', { ...good, exports: './dist/index.js' }],
  ['the package is an ES module of its own exports', { ...good, type: undefined }],
  ['the package says its licence', { ...good, license: '' }],
  ['the package says which @hearken/core it is for', { ...good, dependencies: null }],
  ['the package is found by its name and keyword', { ...good, keywords: 'hearken-plugin' }],
  ['the package is found by its name and keyword', { ...good, name: 'made-up' }],
  ['package.json lists the models', { ...good, hearken: undefined }],
  ['the list of models in package.json is that of the plugin', { ...good, hearken: [] }],
  [
    'the list of models in package.json is that of the plugin',
    { ...good, hearken: { plugin: plugin.name, models: { one: { ...plugin.models.one, sampleRate: 8000 } } } },
  ],
  ['the package is small', good, 11 * 2 ** 20],
])('tells that not: %s', async (name, manifest, bytes) => {
  expect(await failed(manifest, bytes)).toEqual([name]);
});
