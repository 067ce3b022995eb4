import { OptionError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { chooseWebBackend, type WebSurroundings } from '../../src/session/choose-web-backend.js';

function surroundings(given: { adapter?: boolean; isolated?: boolean; cores?: number }): WebSurroundings {
  const { adapter = false, isolated = false, cores = 4 } = given;
  return { hasAdapter: () => Promise.resolve(adapter), crossOriginIsolated: isolated, cores };
}

describe('the backend of a browser', () => {
  it('is WebGPU where there is an adapter', async () => {
    const backend = await chooseWebBackend({}, surroundings({ adapter: true, isolated: true }));
    expect(backend).toMatchObject({ provider: 'webgpu', reason: 'this browser offers an adapter' });
  });

  it('is WebAssembly where there is none, with threads where memory can be shared', async () => {
    expect(await chooseWebBackend({}, surroundings({ isolated: true }))).toEqual({
      provider: 'wasm',
      threads: 4,
      reason: 'no WebGPU adapter in this browser; the page is cross-origin isolated',
    });
    expect(await chooseWebBackend({ threads: 2 }, surroundings({ isolated: true }))).toMatchObject({ threads: 2 });
    expect(await chooseWebBackend({}, surroundings({ isolated: true, cores: 64 }))).toMatchObject({ threads: 8 });
    const alone = await chooseWebBackend({ threads: 2 }, surroundings({}));
    expect(alone).toMatchObject({ provider: 'wasm', threads: 1 });
    expect(alone.reason).toMatch(/not cross-origin isolated/);
  });

  it('is the one that is asked for, or an error', async () => {
    const both = surroundings({ adapter: true, isolated: true });
    expect(await chooseWebBackend({ executionProvider: 'wasm' }, both)).toMatchObject({ provider: 'wasm' });
    expect(await chooseWebBackend({ executionProvider: 'webgpu' }, both)).toMatchObject({ provider: 'webgpu' });
    await expect(chooseWebBackend({ executionProvider: 'webgpu' }, surroundings({}))).rejects.toThrow(OptionError);
    await expect(chooseWebBackend({ executionProvider: 'cuda' }, both)).rejects.toThrow(/webgpu and wasm/);
  });
});
