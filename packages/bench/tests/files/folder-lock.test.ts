import { spawnSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FileError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { withFolderLock } from '../../src/files/folder-lock.node.js';
import { temporaryFolders } from '../support/temporary-folder.js';

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

  it('leaves the lock of another machine alone', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'lock'), '1 elsewhere.example');
    await expect(withFolderLock(folder, () => Promise.resolve())).rejects.toThrow(/elsewhere\.example/);
    expect(await readdir(folder)).toEqual(['lock']);
  });
});
