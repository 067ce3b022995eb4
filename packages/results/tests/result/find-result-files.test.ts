import { mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FileError } from '@hearken/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findResultFiles, maximumResultBytes } from '../../src/result/find-result-files.node.js';
import { readResult } from '../../src/format/read-result.node.js';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'hearken-results-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function file(path: string): Promise<string> {
  const whole = join(folder, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, '{}');
  return whole;
}

describe('findResultFiles', () => {
  it('finds JSON files at any level, sorted, each once', async () => {
    const inner = await file('b/model/task.json');
    const outer = await file('a.json');
    await file('b/model/task.predictions.npy');
    expect(await findResultFiles([folder, inner, join(folder, 'b')])).toEqual([outer, inner]);
  });

  it('passes over hidden files, packages and links', async () => {
    const result = await file('task.json');
    for (const path of ['.cache/x.json', '.x.json', 'node_modules/x/package.json']) await file(path);
    await symlink(folder, join(folder, 'loop'));
    await symlink(result, join(folder, 'link.json'));
    expect(await findResultFiles([folder])).toEqual([result]);
  });

  it('takes what `results/**` names besides', async () => {
    const result = await file('task.json');
    expect(await findResultFiles([result, await file('task.npy'), await file('README.md')])).toEqual([result]);
  });

  it('refuses folders that are deeper than results lie', async () => {
    await file(`${'deep/'.repeat(10)}task.json`);
    await expect(findResultFiles([folder])).rejects.toThrow(/over 8 deep/);
  });

  it.each([
    ['nowhere', /no such file or folder/],
    ['', /no JSON files/],
    ['clip.wav', /not a JSON file;/],
  ])("refuses '%s', which has none", async (path, message) => {
    await file('clip.wav');
    const finding = findResultFiles([join(folder, path)]);
    await expect(finding).rejects.toThrow(FileError);
    await expect(finding).rejects.toThrow(message);
  });
});

it('reads no result that is too large to be one', async () => {
  const path = await file('large.json');
  await truncate(path, maximumResultBytes + 1);
  await expect(readResult(path)).rejects.toThrow(/over the limit of 67108864/);
});
