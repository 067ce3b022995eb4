import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formerCacheNote } from '../../src/run/former-cache.node.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

it('names the cache of an earlier version, its size, and the command that deletes it, once', async () => {
  const root = await temporaryFolder();
  expect(await formerCacheNote(root)).toBeUndefined();
  await mkdir(join(root, 'embeddings', 'fake-small', 'task'), { recursive: true });
  await writeFile(join(root, 'embeddings', 'fake-small', 'task', 'train.rows.f32'), new Uint8Array(2_500_000));
  const note = await formerCacheNote(root);
  const path = join(root, 'embeddings');
  expect(note).toContain('2.5 MB');
  expect(note).toContain(`rm -r '${path}'`);
  expect(await formerCacheNote(root)).toBeUndefined();
  await rm(path, { recursive: true });
  expect(await formerCacheNote(root)).toBeUndefined();
});
