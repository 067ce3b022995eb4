import { CheckpointError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { blobSource, bufferSource } from '../../src/checkpoint/byte-source.js';

const bytes = Uint8Array.of(1, 2, 3, 4, 5);
const sources = [bufferSource(bytes, 'five.bin'), blobSource(new Blob([bytes]), 'five.bin')];

describe.each(sources)('a byte source', (source) => {
  it('reads exactly the range asked for', async () => {
    expect(source.size).toBe(5);
    expect([...(await source.read(1, 3))]).toEqual([2, 3, 4]);
    expect((await source.read(5, 0)).length).toBe(0);
    await source.close();
  });

  it.each([
    [3, 3],
    [-1, 2],
    [0, -1],
    [6, 0],
    [0.5, 1],
    [0, NaN],
    [Number.MAX_SAFE_INTEGER, 8],
  ])('refuses the range from %d of %d bytes', async (offset, length) => {
    await expect(source.read(offset, length)).rejects.toThrow(CheckpointError);
    await expect(source.read(offset, length)).rejects.toThrow(/^five\.bin: bytes .* the file has 5;/);
  });
});

it('says so when a blob cannot be read any more', async () => {
  const gone = new Blob([bytes]);
  gone.slice = () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }) as Blob;
  await expect(blobSource(gone, 'gone.bin').read(0, 2)).rejects.toThrow(CheckpointError);
});
