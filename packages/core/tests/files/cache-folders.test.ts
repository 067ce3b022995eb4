import { join } from 'node:path';
import { userCacheFolder } from '@hearken/core/node';
import { afterEach, expect, it, vi } from 'vitest';
import { cacheFolders } from '../../src/files/cache-folders.node.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('lies where the models of the same user have theirs', () => {
  for (const value of ['/somewhere', '']) {
    vi.stubEnv('HEARKEN_CACHE', value);
    expect(cacheFolders().root).toBe(userCacheFolder());
  }
});

it('is under the folder that is asked for', () => {
  expect(cacheFolders('/asked').artifacts).toBe(join('/asked', 'artifacts'));
});
