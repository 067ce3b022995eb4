import { expect, it, vi } from 'vitest';
import { exactByteType } from '../../src/quantization/exact-byte-type.node.js';
import { createNodeSession } from '../../src/session/node-session.js';

vi.mock(import('../../src/session/node-session.js'), async (load) => {
  const module = await load();
  return { ...module, createNodeSession: vi.fn(module.createNodeSession) };
});

it('is tried once', async () => {
  expect(['int8', 'uint8']).toContain(await exactByteType());
  await exactByteType();
  expect(vi.mocked(createNodeSession)).toHaveBeenCalledTimes(1);
});

it('is unsigned where products of signed bytes overflow', async () => {
  vi.resetModules();
  const fresh = await import('../../src/quantization/exact-byte-type.node.js');
  const { createNodeSession: create } = await import('../../src/session/node-session.js');
  // Pairs of products cut off at 2^15 - 1, as without VNNI.
  const product = { data: new Float32Array(8 * 32).fill((32 * 32767) / 255), shape: [8, 32] };
  const dispose = vi.fn(() => Promise.resolve());
  vi.mocked(create).mockResolvedValueOnce({ backend: '', run: () => Promise.resolve({ product }), dispose });
  expect(await fresh.exactByteType()).toBe('uint8');
  expect(dispose).toHaveBeenCalledOnce();
});
