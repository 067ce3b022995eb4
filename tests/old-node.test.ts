// The commands on a Node.js that is too old for them: they print a sentence before anything is imported.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const packages = fileURLToPath(new URL('../packages/', import.meta.url));

/** Runs a command in a process that pretends to be another version of Node.js. */
function runAs(version: string, file: string): Promise<{ status: number; err: string }> {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`];
  return new Promise((done) => {
    execFile(process.execPath, [...flags, file, '--version'], (error, _, err) => {
      done({ status: error === null ? 0 : Number(error.code), err });
    });
  });
}

describe.each([
  ['hearken', 'bench'],
  ['create-hearken-plugin', 'create-plugin'],
])('%s', (command, folder) => {
  it('says which Node.js it needs, the one of its package.json', async () => {
    const manifest = JSON.parse(await readFile(join(packages, folder, 'package.json'), 'utf8')) as {
      readonly engines: { readonly node: string };
    };
    const needed = /^>=(\d+\.\d+)$/.exec(manifest.engines.node)?.[1] ?? '';
    const [major, minor] = needed.split('.').map(Number);
    for (const version of ['18.20.8', `${major}.${minor - 1}.9`]) {
      const { status, err } = await runAs(version, join(packages, folder, 'bin', `${command}.js`));
      expect(err).toBe(
        `Error: ${command} needs Node.js ${needed} or newer\n  found:  Node.js ${version}\n  to do:  install a newer Node.js, https://nodejs.org/\n`,
      );
      expect(status).toBe(2);
    }
    for (const version of [`${needed}.0`, '99.0.0']) {
      expect((await runAs(version, join(packages, folder, 'bin', `${command}.js`))).err).not.toMatch(/needs Node/);
    }
  });
});
