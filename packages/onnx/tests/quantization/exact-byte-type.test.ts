import { expect, it, vi } from 'vitest';
import { exactByteType } from '../../src/quantization/exact-byte-type.js';
import { createNodeSession } from '../../src/session/node-session.js';

it('is tried once a runtime', async () => {
  const create = vi.fn(createNodeSession);
  expect(['int8', 'uint8']).toContain(await exactByteType(create));
  await exactByteType(create);
  expect(create).toHaveBeenCalledTimes(1);
});

it('is unsigned where products of signed bytes overflow', async () => {
  // Pairs of products cut off at 2^15 - 1, as without VNNI.
  const product = { data: new Float32Array(8 * 32).fill((32 * 32767) / 255), shape: [8, 32] };
  const dispose = vi.fn(() => Promise.resolve());
  const create = () => Promise.resolve({ backend: '', run: () => Promise.resolve({ product }), dispose });
  expect(await exactByteType(create)).toBe('uint8');
  expect(dispose).toHaveBeenCalledOnce();
});
