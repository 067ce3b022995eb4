import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FileError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { processName } from '../../src/files/process-name.node.js';
import {
  checkWritable,
  removeLeftovers,
  temporaryPath,
  writeFileAtomic,
  writeNewFile,
  writing,
} from '../../src/files/write-file.node.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

describe('writeFileAtomic', () => {
  it('makes folders, replaces content whole and leaves nothing beside it', async () => {
    const path = join(await temporaryFolder(), 'a b', 'ü.json');
    await writeFileAtomic(path, 'a long first content');
    await writeFileAtomic(path, 'short', { flush: false });
    expect(await readFile(path, 'utf8')).toBe('short');
    expect(await readdir(join(path, '..'))).toEqual(['ü.json']);
  });

  it('refuses a file in place of a folder', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'out'), '');
    const attempt = writeFileAtomic(join(folder, 'out', 'x.json'), 'x');
    await expect(attempt).rejects.toThrow(FileError);
    await expect(attempt).rejects.toThrow(/a file where a folder is needed/);
  });

  it('keeps what was there, and no temporary file, where writing fails', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'taken', 'inside'), { recursive: true });
    await expect(writeFileAtomic(join(folder, 'taken'), 'x')).rejects.toThrow(FileError);
    expect(await readdir(folder)).toEqual(['taken']);
    expect(await readdir(join(folder, 'taken'))).toEqual(['inside']);
  });
});

describe('writeNewFile', () => {
  it('lets one of several writers win, whose content stays', async () => {
    const path = join(await temporaryFolder(), 'new', 'a.json');
    const texts = Array.from({ length: 8 }, (_, index) => `content ${index}`);
    const won = await Promise.all(texts.map((text) => writeNewFile(path, text)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await readFile(path, 'utf8')).toBe(texts[won.indexOf(true)]);
    expect(await writeNewFile(path, 'late')).toBe(false);
    expect(await readdir(join(path, '..'))).toEqual(['a.json']);
  });
});

describe('writing', () => {
  it.each([
    ['ENOSPC', /the disk is full/],
    ['EACCES', /no permission/],
    ['EROFS', /read-only/],
    ['EIO', /went wrong/],
  ])('says what %s means', async (code, message) => {
    const failure = Object.assign(new Error('went wrong'), { code });
    await expect(writing('x', () => Promise.reject(failure))).rejects.toThrow(message);
    await expect(writing('x', () => Promise.reject(failure))).rejects.toThrow(FileError);
  });

  it('hands on what is no refusal of the system', async () => {
    const failure = new TypeError('a fault of ours');
    await expect(writing('x', () => Promise.reject(failure))).rejects.toBe(failure);
  });
});

describe('checkWritable', () => {
  it('leaves an empty folder behind, and refuses a file', async () => {
    const folder = await temporaryFolder();
    await checkWritable(join(folder, 'new'));
    expect(await readdir(join(folder, 'new'))).toEqual([]);
    await writeFile(join(folder, 'file'), '');
    await expect(checkWritable(join(folder, 'file'))).rejects.toThrow(FileError);
  });
});

describe('removeLeftovers', () => {
  it('removes the temporary files of killed processes, and those that are a day old, and nothing else', async () => {
    const folder = await temporaryFolder();
    const ended = spawnSync(process.execPath, ['--version']).pid;
    const [host] = processName().split('-');
    const living = basename(temporaryPath(join(folder, 'a.json')));
    const elsewhere = `.a.json.00000000-${ended}-0123abcd.tmp`;
    const kept = ['a.json', 'a.json.tmp', 'notes.12-3.tmp', living, elsewhere];
    const left = [`.a.json.${host}-${ended}-0123abcd.tmp`, '.a.json.00000000-1-89abcdef.tmp'];
    for (const name of [...kept, ...left]) await writeFile(join(folder, name), '');
    await utimes(join(folder, left[1]), 0, 0);
    await removeLeftovers(folder);
    expect((await readdir(folder)).sort()).toEqual([...kept].sort());
  });
});
