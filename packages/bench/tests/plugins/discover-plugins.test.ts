import { cp, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { discoverPlugins } from '../../src/plugins/discover-plugins.node.js';
import { createNodeRegistry, findPluginModule, findPluginPackage } from '../../src/plugins/plugins.node.js';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
const start = process.cwd();
afterEach(() => {
  process.chdir(start);
});

async function install(project: string, name: string, more: Record<string, unknown> = {}): Promise<string> {
  const folder = join(project, 'node_modules', name);
  await mkdir(folder, { recursive: true });
  await cp(fakePlugin, join(folder, 'index.mjs'));
  const manifest = { name, version: '1.0.0', keywords: ['hearken-plugin'], exports: './index.mjs', ...more };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}

describe('plugins that the user installed', () => {
  it('are found by name and keyword, in this folder and those above', async () => {
    const project = await temporaryFolder();
    await install(project, 'hearken-plugin-mine');
    await install(project, '@lab/hearken-plugin-theirs');
    await install(project, 'hearken-plugin-no-keyword', { keywords: [] });
    await install(project, 'hearken-something-else');
    await mkdir(join(project, 'node_modules', 'hearken-plugin-empty'));
    const deeper = join(project, 'packages', 'a');
    await install(deeper, 'hearken-plugin-mine', { version: '2.0.0' });
    const found = await discoverPlugins(deeper);
    expect(found.map(({ packageName, name, manifest }) => [packageName, name, manifest.version])).toEqual([
      ['hearken-plugin-mine', 'mine', '2.0.0'],
      ['@lab/hearken-plugin-theirs', 'theirs', '1.0.0'],
    ]);
  });

  it('are called by short names', async () => {
    const project = await temporaryFolder();
    await install(project, 'hearken-plugin-mine');
    await install(project, '@lab/hearken-plugin-theirs');
    const registry = createNodeRegistry(project);
    for (const name of ['mine', 'hearken-plugin-mine', 'theirs', '@lab/hearken-plugin-theirs']) {
      expect((await registry.resolve(name)).name).toBe('fake');
    }
    expect((await findPluginPackage('mine', project))?.manifest.name).toBe('hearken-plugin-mine');
  });

  it('are asked for by package where a short name is not enough', async () => {
    const project = await temporaryFolder();
    await install(project, '@a/hearken-plugin-mine');
    await install(project, '@b/hearken-plugin-mine');
    const registry = createNodeRegistry(project);
    await expect(registry.resolve('mine')).rejects.toThrow(
      /@a\/hearken-plugin-mine in '.*node_modules.@a.hearken-plugin-mine' and @b\/hearken-plugin-mine in '.*';.*@a\/hearken-plugin-mine or @b/,
    );
    await install(project, 'hearken-plugin-mine');
    expect((await registry.resolve('mine')).name).toBe('fake');
  });

  it.each(['dependencies', 'peerDependencies'])('are refused when their %s are for another contract', async (field) => {
    const project = await temporaryFolder();
    const folder = await install(project, 'hearken-plugin-newer', { [field]: { '@hearken/core': '^7.0.0' } });
    const registry = createNodeRegistry(project);
    for (const specifier of ['newer', 'hearken-plugin-newer', folder, join(folder, 'index.mjs')]) {
      await expect(registry.resolve(specifier)).rejects.toThrow(
        /hearken-plugin-newer 1\.0\.0: built for @hearken\/core \^7\.0\.0, but this is \d.*Hearken with @hearken\/core \^7/,
      );
    }
  });

  it('are listed by `hearken models` from their package.json, and not imported', async () => {
    const project = await temporaryFolder();
    const model = { description: 'a model', sampleRate: 16_000, channels: 1, embeddingSize: 8 };
    const listed = { plugin: 'mine', models: { base: model } };
    const trap = "import { writeFileSync } from 'node:fs'; writeFileSync('ran', ''); export default {};";
    for (const [name, more] of Object.entries({
      'hearken-plugin-mine': { hearken: listed },
      'hearken-plugin-silent': {},
      'hearken-plugin-wrong': { hearken: { plugin: 'wrong', models: { base: { ...model, sampleRate: '16k' } } } },
      'hearken-plugin-newer': { dependencies: { '@hearken/core': '^7.0.0' } },
    })) {
      await writeFile(join(await install(project, name, more), 'index.mjs'), trap);
    }
    const below = join(project, 'below');
    await mkdir(below);
    process.chdir(below);
    const { status, out, err } = await hearken('models', '--json');
    expect(status).toBe(0);
    const models = JSON.parse(out) as { model: string; pluginVersion: string }[];
    expect(models.find((one) => one.model === 'mine:base')).toMatchObject({ ...model, pluginVersion: '1.0.0' });
    expect(models.filter((one) => one.model.startsWith('onnx'))).toEqual([]);
    expect(err).toMatch(/hearken-plugin-newer 1\.0\.0: built for/);
    expect(err).toMatch(/hearken-plugin-silent.*its code is not run.*hearken models hearken-plugin-silent/);
    expect(err).toMatch(/hearken-plugin-wrong.*no positive integer sampleRate/);
    await expect(stat(join(below, 'ran'))).rejects.toThrow();
    // Naming it is what runs it.
    expect((await hearken('models', 'hearken-plugin-silent')).status).toBe(2);
    await expect(stat(join(below, 'ran'))).resolves.toBeDefined();
  });

  it('and folders of such names leave the plugins that come with Hearken alone', async () => {
    const project = await temporaryFolder();
    await mkdir(join(project, 'baseline'));
    const folders = ['hearken-plugin-baseline', '@hearken/plugin-baseline', 'baseline'];
    for (const name of folders) {
      const folder = await install(project, name, { dependencies: { '@hearken/core': '^7.0.0' } });
      await writeFile(join(folder, 'index.mjs'), "throw new Error('imported');");
    }
    expect((await createNodeRegistry(project).resolve('baseline')).name).toBe('baseline');
    expect((await findPluginPackage('baseline', project))?.folder.startsWith(project)).toBe(false);
    expect(await findPluginModule('baseline', project)).toHaveProperty('default');
  });

  it('may bring their own copy of core, whose errors are of other classes', async () => {
    const project = await temporaryFolder();
    const folder = await install(project, 'hearken-plugin-own');
    const plugin = `
      class OtherError extends Error { code = 'PLUGIN'; asked = 'weights'; found = 'none'; fix = 'fetch them'; }
      throw new OtherError('weights: none; fetch them');`;
    await writeFile(join(folder, 'index.mjs'), plugin);
    await expect(createNodeRegistry(project).resolve('own')).rejects.toThrow(/^weights: none; fetch them$/);
  });
});
