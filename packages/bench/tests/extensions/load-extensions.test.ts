import { mkdir, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PluginError } from '@hearken/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadExtensions, reloadExtensions } from '../../src/extensions/load-extensions.node.js';
import { definitionsOf } from '../../src/extensions/module-definitions.js';
import { moduleHash } from '../../src/extensions/module-hash.node.js';
import { extensionPath } from './fixtures.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

async function write(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

/** What `defineMetric` marks a metric with, in a module that imports nothing. */
const marked = (contract: number) =>
  `{ name: 'm', version: '1', summary: 's', kind: 'scene', maximize: true, range: [0, 1], compute: () => 1,
     [Symbol.for('@hearken/bench/extension')]: { kind: 'metric', contract: ${contract} } }`;

describe('loadExtensions', () => {
  it('finds metrics and probes among all exports, and names a module once', async () => {
    const paths = [extensionPath('mcc'), extensionPath('nearest-mean'), extensionPath('broken'), extensionPath('mcc')];
    const { metrics = [], probes = [], extensionModules = [] } = await loadExtensions(paths);
    expect(metrics.map(({ name }) => name)).toEqual([
      'mcc',
      'always_nan',
      'always_two',
      'always_text',
      'always_late',
      'always_throws',
    ]);
    expect(probes.map(({ name, version }) => `${name} ${version}`)).toEqual(['nearest-mean 0.2.0']);
    expect(extensionModules.map(({ name }) => name)).toEqual(['mcc.mjs', 'nearest-mean.mjs', 'broken.mjs']);
  });

  it('loads nothing where nothing is named', async () => {
    expect(await loadExtensions([])).toEqual({ metrics: [], probes: [], extensionModules: [] });
  });

  it.each([
    [['nothing'], /no metric or probe among its exports: answer, default/],
    [['throws'], /its module cannot be imported: TypeError: out of order/],
    [['gone'], /no file '.*gone\.mjs'/],
    [['taken'], /metric 'top1_acc' of file:.*taken\.mjs: a built-in metric with that name/],
    [['mcc', 'mcc-too'], /metric 'mcc' of file:.*mcc-too\.mjs: another one with that name from file:.*mcc\.mjs/],
  ])('says what is wrong with %s', async (names, found) => {
    const loaded = loadExtensions(names.map(extensionPath));
    await expect(loaded).rejects.toThrow(PluginError);
    await expect(loaded).rejects.toThrow(found);
  });

  it('finds packages by name and by folder, and calls them by their version', async () => {
    const home = join(folder, 'node_modules', '@lab', 'metrics');
    await mkdir(home, { recursive: true });
    await writeFile(
      join(home, 'package.json'),
      '{"name":"@lab/metrics","version":"2.1.0","type":"module","exports":{".":{"default":"./m.js"}}}',
    );
    await writeFile(join(home, 'm.js'), `export const m = ${marked(1)};`);
    for (const specifier of ['@lab/metrics', './node_modules/@lab/metrics', pathToFileURL(join(home, 'm.js')).href]) {
      const { extensionModules = [] } = await loadExtensions([specifier], folder);
      expect(extensionModules[0].name).toBe(specifier.startsWith('file:') ? 'm.js' : '@lab/metrics@2.1.0');
    }
    await expect(loadExtensions(['@lab/other'], folder)).rejects.toThrow(/no package of that name in node_modules/);
    await expect(loadExtensions(['./node_modules'], folder)).rejects.toThrow(
      /which is not a module file and has no package/,
    );
  });

  it('refuses what was made for another version of the contract', () => {
    const later = { m: { [Symbol.for('@hearken/bench/extension')]: { kind: 'metric', contract: 2 } } };
    expect(() => definitionsOf(later, 'x.mjs')).toThrow(/made with another version of @hearken\/bench/);
    expect(() => definitionsOf({}, 'x.mjs')).toThrow(/no export/);
  });

  it('says where @hearken/bench is missing', async () => {
    const path = await write('alone.mjs', 'throw new Error("Cannot find package \'@hearken/bench\' imported from x");');
    await expect(loadExtensions([path])).rejects.toThrow(/'npm install @hearken\/bench' in its folder/);
  });

  it('loads again what has not changed', async () => {
    const path = await write('m.mjs', `export default ${marked(1)};`);
    const [{ url, sha256 }] = (await loadExtensions([path])).extensionModules!;
    expect((await reloadExtensions([{ url, sha256 }])).metrics).toHaveLength(1);
    await write('m.mjs', `export default ${marked(1)}; // changed`);
    await expect(reloadExtensions([{ url, sha256 }])).rejects.toThrow(/different content than at the start/);
  });
});

describe('moduleHash', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  it('is that of the file alone where it imports none of its own', async () => {
    const text = "import { a } from 'package'; import './gone.js';\nexport default a;";
    expect(await moduleHash(await write('a.mjs', text))).toBe(sha256(text));
  });

  it('changes with what the file imports, however that is written, and with nothing else', async () => {
    const path = await write('a.mjs', "export { b } from './b.mjs';\nawait import( \"./c.mjs\" );\nimport './a.mjs';");
    await write('b.mjs', 'export const b = 1;');
    await write('c.mjs', "import './d.mjs';");
    await write('d.mjs', 'd');
    const seen = [await moduleHash(path)];
    await write('other.mjs', 'x');
    expect(await moduleHash(path)).toBe(seen[0]);
    for (const name of ['b.mjs', 'c.mjs', 'd.mjs']) {
      await write(name, name === 'c.mjs' ? "import './d.mjs'; c" : 'changed');
      seen.push(await moduleHash(path));
    }
    expect(new Set(seen).size).toBe(4);
  });

  it('refuses what cannot be read', async () => {
    await expect(moduleHash(join(folder, 'none.mjs'))).rejects.toThrow(PluginError);
    await expect(moduleHash(folder)).rejects.toThrow(/cannot be read/);
  });
});
