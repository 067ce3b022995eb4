import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PluginError } from '@hearken/core';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { guardedLoad } from '../../src/cli/guarded-load.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

it('gives what was loaded, and throws what that throws', async () => {
  const listeners = process.listenerCount('exit');
  expect(await guardedLoad('one', () => Promise.resolve('plugin'))).toBe('plugin');
  await expect(guardedLoad('one', () => Promise.reject(new TypeError('broken')))).rejects.toThrow('broken');
  expect(process.listenerCount('exit')).toBe(listeners);
});

it('does not wait for ever', async () => {
  const never = guardedLoad("package 'slow'", () => new Promise(() => undefined), 20);
  await expect(never).rejects.toThrow(PluginError);
  await expect(never).rejects.toThrow(/^package 'slow': not loaded within 0\.02 s/);
});

it.each([
  ['process.exit(7)', 7, 'bad: ended the process while it was being loaded (fix or uninstall it)\n'],
  ['process.exit(0)', 2, 'bad: ended the process while it was being loaded (fix or uninstall it)\n'],
  // Ctrl-C twice is the user's doing.
  ['process.exit(130)', 130, ''],
])('says whose %s it was', async (exit, status, told) => {
  const module = join(await temporaryFolder(), 'guarded.mjs');
  const entry = fileURLToPath(new URL('../../src/cli/guarded-load.ts', import.meta.url));
  const conditions = ['@hearken/source'];
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', conditions, outfile: module });
  const script = `const { guardedLoad } = await import(${JSON.stringify(module)}); await guardedLoad('bad', async () => ${exit});`;
  const ended = await new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '-e', script], (error, _out, err) => {
      resolve([error?.code, err]);
    });
  });
  expect(ended).toEqual([status, told]);
});
