import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createNodeRegistry, knownPlugins } from '../src/plugins/plugins.node.js';
import { fakePlugin } from '../../../tests/support/fake-run.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

/** Puts the fake plugin into a package folder. */
async function installPackage(folder: string, manifest: Record<string, unknown>, entry = 'index.mjs'): Promise<void> {
  await mkdir(dirname(join(folder, entry)), { recursive: true });
  await cp(fakePlugin, join(folder, entry));
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
}

describe('createNodeRegistry', () => {
  it('knows the plugins by name and loads none before it is asked to', () => {
    expect(createNodeRegistry().names()).toEqual([...knownPlugins]);
  });

  it.each(['baseline', '@hearken/plugin-baseline'])("finds '%s'", async (name) => {
    expect((await createNodeRegistry().resolve(name)).name).toBe('baseline');
  });

  it('finds a file by path, relative path and URL, and a package folder', async () => {
    const folder = await temporaryFolder();
    await installPackage(
      join(folder, 'my plugin'),
      { exports: { '.': { import: './lib/plugin.mjs' } } },
      'lib/plugin.mjs',
    );
    const registry = createNodeRegistry(folder);
    const file = join(folder, 'my plugin', 'lib', 'plugin.mjs');
    for (const specifier of [file, './my plugin/lib/plugin.mjs', pathToFileURL(file).href, './my plugin']) {
      expect((await registry.resolve(specifier)).name).toBe('fake');
    }
  });

  it('finds a package from the folder that it is started in', async () => {
    const folder = await temporaryFolder();
    await installPackage(join(folder, 'node_modules', '@some', 'hearken-fake'), { main: 'index.mjs' });
    await mkdir(join(folder, 'deeper'));
    const registry = createNodeRegistry(join(folder, 'deeper'));
    expect((await registry.resolve('@some/hearken-fake')).name).toBe('fake');
  });

  it('says how to install what is not there', async () => {
    const folder = await temporaryFolder();
    const registry = createNodeRegistry(folder);
    await expect(registry.resolve('hearken-plugin-nobody-wrote')).rejects.toThrow(
      /no plugin of that name.*npm install hearken-plugin-nobody-wrote/,
    );
    await expect(registry.resolve('effcientat')).rejects.toThrow(/did you mean 'efficientat'/);
  });

  it('refuses what is no plugin', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'empty.mjs'), 'export const nothing = 1;');
    await mkdir(join(folder, 'bare'));
    const registry = createNodeRegistry(folder);
    await expect(registry.resolve('./empty.mjs')).rejects.toThrow(/no default export/);
    await expect(registry.resolve('./bare')).rejects.toThrow(
      /no package\.json; the folder is empty; a plugin is a package folder whose package\.json.*name, version, models and load/,
    );
    await expect(registry.resolve('./absent.mjs')).rejects.toThrow(/no file/);
  });
});
