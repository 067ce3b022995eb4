import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '@hearken/core';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { cacheId } from '../../src/queue/cache-id.node.js';

const makeFolder = temporaryFolders();

it('is written by whoever comes first, and read by all others', async () => {
  const root = join(await makeFolder(), 'cache');
  const ids = await Promise.all(Array.from({ length: 20 }, () => cacheId(root)));
  expect(new Set(ids).size).toBe(1);
  expect(await readFile(join(root, 'cache-id'), 'utf8')).toBe(`${ids[0]}\n`);
  expect(await cacheId(await makeFolder())).not.toBe(ids[0]);
});

it.each(['', 'something else', 'x'.repeat(1000)])('refuses a file with anything else', async (content) => {
  const root = await makeFolder();
  await writeFile(join(root, 'cache-id'), content);
  await expect(cacheId(root)).rejects.toThrow(FileError);
});
