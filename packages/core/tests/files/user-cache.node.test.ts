import { basename, isAbsolute, join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { userCacheFolder } from '../../src/files/cache-folders.node.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('is where HEARKEN_CACHE says, then where the system says', () => {
  vi.stubEnv('HEARKEN_CACHE', '/a');
  vi.stubEnv('XDG_CACHE_HOME', '/b');
  expect(userCacheFolder()).toBe('/a');
  vi.stubEnv('HEARKEN_CACHE', '');
  expect(userCacheFolder()).toBe(join('/b', 'hearken'));
  vi.stubEnv('XDG_CACHE_HOME', '');
  expect(isAbsolute(userCacheFolder())).toBe(true);
  expect(basename(userCacheFolder())).toBe('hearken');
});
