import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isHearkenError, SignalError } from '@hearken/core';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { createNodeRegistry } from '../../src/plugins/plugins.node.js';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
const core = fileURLToPath(new URL('../../../core', import.meta.url));

/** Installs a second copy of core, as npm does for a plugin whose range the first one does not fit. */
async function installCore(folder: string): Promise<void> {
  for (const file of await readdir(join(core, 'src'), { recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
    const source = await readFile(join(core, 'src', file), 'utf8');
    const target = join(folder, file.replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, ts.transpileModule(source, { compilerOptions }).outputText);
  }
  const manifest = { name: '@hearken/core', version: '0.1.99', type: 'module', exports: './index.js' };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
}

it('works with a plugin that brings its own copy of core', async () => {
  const project = await temporaryFolder();
  const folder = join(project, 'node_modules', 'hearken-plugin-two');
  await installCore(join(folder, 'node_modules', '@hearken', 'core'));
  await cp(fakePlugin, join(folder, 'fake.mjs'));
  await writeFile(
    join(folder, 'index.mjs'),
    `import { definePlugin } from '@hearken/core';
     import fake from './fake.mjs';
     export default definePlugin(fake);`,
  );
  const manifest = {
    name: 'hearken-plugin-two',
    version: '1.0.0',
    keywords: ['hearken-plugin'],
    exports: './index.mjs',
  };
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ ...manifest, dependencies: { '@hearken/core': '^0.1.0' } }),
  );
  const plugin = await createNodeRegistry(project).resolve('two');
  const embedder = await plugin.loadModel();
  const signals = { data: new Float32Array(4000).fill(0.5), count: 1, channels: 1, samples: 4000 };
  expect((await plugin.getSceneEmbeddings(signals, embedder)).size).toBe(4);

  const tooShort = { data: new Float32Array(1), count: 1, channels: 1, samples: 1 };
  const error: unknown = await plugin.getSceneEmbeddings(tooShort, embedder).catch((reason: unknown) => reason);
  // Of the other copy's class, and told by its shape all the same.
  expect(Object.getPrototypeOf(error)).not.toBe(SignalError.prototype);
  expect(isHearkenError(error) && error.code).toBe('SIGNAL');
});
