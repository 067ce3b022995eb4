import { spawnSync } from 'node:child_process';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FileError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { withFolderLock } from '../../src/files/folder-lock.node.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

describe('withFolderLock', () => {
  it('refuses a second run at the same time, and lets a later one in', async () => {
    const folder = await temporaryFolder();
    await withFolderLock(folder, async () => {
      await expect(withFolderLock(folder, () => Promise.resolve())).rejects.toThrow(FileError);
    });
    expect(await withFolderLock(folder, () => Promise.resolve('done'))).toBe('done');
    expect(await readdir(folder)).toEqual([]);
  });

  it('goes after a failure', async () => {
    const folder = await temporaryFolder();
    await expect(withFolderLock(folder, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over what a dead process left', async () => {
    const folder = await temporaryFolder();
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    await writeFile(join(folder, 'lock'), `${dead} ${hostname()}`);
    expect(await withFolderLock(folder, () => Promise.resolve('done'))).toBe('done');
  });

  it('refuses a folder that another machine is seen to work in', async () => {
    const folder = await temporaryFolder();
    const lock = join(folder, 'lock');
    await writeFile(lock, '1 elsewhere.example');
    const touching = setInterval(() => void utimes(lock, 0, performance.now()), 20);
    try {
      const refused = withFolderLock(folder, () => Promise.resolve(), { timing: { poll: 20 } });
      await expect(refused).rejects.toThrow(/cache folder .*process 1 on elsewhere\.example/);
    } finally {
      clearInterval(touching);
    }
    expect(await readdir(folder)).toEqual(['lock']);
  });
});
