import { spawnSync } from 'node:child_process';
import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OptionError } from '@hearken/core';
import { processName } from '@hearken/core/node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkKey } from '../src/store/artifacts.js';
import { FileArtifacts } from '../src/store/file-artifacts.node.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
const bytes = (...values: number[]) => Uint8Array.from(values);

describe('FileArtifacts', () => {
  it('keeps the first of two artifacts with one key, unless the first one is to be replaced', async () => {
    const artifacts = new FileArtifacts(await temporaryFolder());
    const writes = await Promise.all([1, 2, 3, 4].map((value) => artifacts.write('a/b', bytes(value))));
    expect(writes.filter(Boolean)).toHaveLength(1);
    expect(await artifacts.write('a/b', bytes(9), { replace: true })).toBe(true);
    expect(await readdir(join(artifacts.folder, 'a'))).toEqual(['b']);
    expect(await artifacts.fetch('a/b')).toBe(join(artifacts.folder, 'a', 'b'));
    await artifacts.remove('a/b');
    await artifacts.remove('a/b');
    expect([await artifacts.has('a/b'), await artifacts.fetch('a/b')]).toEqual([false, undefined]);
  });

  it('writes while another process removes the folder', async () => {
    const artifacts = new FileArtifacts(await temporaryFolder());
    const writes = Array.from({ length: 40 }, (_, index) => artifacts.write(`a/b/${index}`, bytes(1)));
    const removals = Array.from({ length: 3 }, () => artifacts.removeAll('a/b'));
    await Promise.all(removals);
    expect(await Promise.all(writes)).toEqual(writes.map(() => true));
  });

  it('lists finished artifacts in all folders below one, and removes what killed processes left', async () => {
    const artifacts = new FileArtifacts(await temporaryFolder());
    for (const key of ['m/t/train.2', 'm/t/train.10', 'm/a', 'n/b']) await artifacts.write(key, bytes(1));
    const [host] = processName().split('-');
    const dead = `.a.${host}-${spawnSync(process.execPath, ['--version']).pid}-0123abcd.tmp`;
    const others = '.a.00000000-4711-0123abcd.tmp';
    const old = '.a.00000000-4712-0123abcd.tmp';
    for (const name of ['x.token.part', dead, others, old]) await writeFile(join(artifacts.folder, 'm', name), '');
    await utimes(join(artifacts.folder, 'm', old), 0, 0);
    await mkdir(join(artifacts.folder, 'm', '.snapshot'));
    expect(await artifacts.list('m')).toEqual(['m/a', 'm/t/train.10', 'm/t/train.2']);
    expect((await readdir(join(artifacts.folder, 'm'))).sort()).toEqual([
      others,
      '.snapshot',
      'a',
      't',
      'x.token.part',
    ]);
    expect(await artifacts.list('nothing')).toEqual([]);
  });

  it('has neither folders nor links as artifacts', async () => {
    const folder = await temporaryFolder();
    const artifacts = new FileArtifacts(folder);
    await mkdir(join(folder, 'folder'));
    await symlink('nowhere', join(folder, 'link'));
    expect([await artifacts.has('folder'), await artifacts.has('link')]).toEqual([false, false]);
    await expect(artifacts.write('link', bytes(1))).rejects.toThrow(/a link of that name/);
  });
});

describe('checkKey', () => {
  it.each(['', 'a//b', '/a', 'a/', '..', 'a/../b', '.a', 'a\\b', 'a b', 'con', 'a/NUL.txt', 'a:b', 'x'.repeat(201)])(
    "refuses '%s'",
    (key) => {
      expect(() => checkKey(key)).toThrow(OptionError);
    },
  );

  it('takes nothing that leads out of its folder', () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        const artifacts = new FileArtifacts('/store');
        let path: string;
        try {
          path = artifacts.localPath(key);
        } catch (error) {
          expect(error).toBeInstanceOf(OptionError);
          return;
        }
        expect(path.startsWith(join('/store', '/'))).toBe(true);
      }),
    );
  });
});
