import { CheckpointError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bufferSource } from '../../src/checkpoint/byte-source.js';
import { lookUp } from '../../src/checkpoint/pickle-values.js';
import { readSafetensors } from '../../src/checkpoint/safetensors.js';
import { safetensorsFile } from './made-safetensors.js';

function open(header: unknown, dataBytes: number, length?: bigint) {
  return readSafetensors(bufferSource(safetensorsFile(header, dataBytes, length), 'made.safetensors'));
}

const matrix = { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] };

describe('readSafetensors', () => {
  it('says where tensors lie', async () => {
    const header = {
      b: { dtype: 'I64', shape: [], data_offsets: [24, 32] },
      a: matrix,
      __metadata__: { format: 'pt' },
    };
    const checkpoint = await open(header, 32);
    const dataStart = 8 + JSON.stringify(header).length;
    expect(checkpoint).toMatchObject({ format: 'safetensors', name: 'made.safetensors' });
    expect([...checkpoint.tensors.values()]).toEqual([
      { name: 'b', dataType: 'int64', shape: [], offset: dataStart + 24, byteLength: 8 },
      { name: 'a', dataType: 'float32', shape: [2, 3], offset: dataStart, byteLength: 24 },
    ]);
    expect(lookUp(checkpoint.metadata, 'format')).toBe('pt');
  });

  it('keeps tensors of other types apart, with the reason', async () => {
    const { tensors, unusable } = await open(
      {
        a: matrix,
        eight: { dtype: 'F8_E4M3', shape: [3], data_offsets: [24, 27] },
        four: { dtype: 'F4', shape: [4], data_offsets: [27, 29] },
        odd: { dtype: 'X7', shape: [4], data_offsets: [29, 30] },
      },
      30,
    );
    expect([...tensors.keys()]).toEqual(['a']);
    expect(Object.fromEntries(unusable)).toEqual({
      eight: 'has type F8_E4M3, which cannot be used here',
      four: 'has type F4, which cannot be used here',
      odd: 'has type X7, which cannot be used here',
    });
  });

  it('takes names that JavaScript objects have as names', async () => {
    const { tensors } = await open(`{"__proto__":${JSON.stringify(matrix)}}`, 24);
    expect([...tensors.keys()]).toEqual(['__proto__']);
  });

  it.each<[string, unknown, number, RegExp]>([
    ['is cut short', { a: matrix }, 23, /lists 24 bytes of tensors, but the file has 23/],
    ['has more data than tensors', { a: matrix }, 25, /lists 24 bytes of tensors, but the file has 25/],
    [
      'has overlapping tensors',
      { a: matrix, b: { dtype: 'U8', shape: [4], data_offsets: [22, 26] } },
      26,
      /'a' and 'b' overlap/,
    ],
    [
      'has a gap',
      { a: matrix, b: { dtype: 'U8', shape: [1], data_offsets: [25, 26] } },
      26,
      /bytes 24 to 25 .* no tensor/,
    ],
    [
      'disagrees about a size',
      { a: { ...matrix, shape: [2, 4] } },
      24,
      /'a' has 24 bytes, but shape \[2,4\] .* make 32/,
    ],
    ['has a negative size', { a: { ...matrix, shape: [-2, -3] } }, 24, /impossible shape/],
    ['has a fractional size', { a: { ...matrix, shape: [1.5, 4] } }, 24, /impossible shape/],
    ['has a size beyond numbers', { a: { ...matrix, shape: [2 ** 52, 2 ** 52] } }, 24, /impossible shape/],
    ['has a shape of text', { a: { ...matrix, shape: '23' } }, 24, /impossible shape/],
    ['has backward offsets', { a: { ...matrix, data_offsets: [24, 0] } }, 24, /impossible data_offsets/],
    ['has negative offsets', { a: { ...matrix, data_offsets: [-24, 0] } }, 24, /impossible data_offsets/],
    ['has three offsets', { a: { ...matrix, data_offsets: [0, 24, 24] } }, 24, /impossible data_offsets/],
    ['has no dtype', { a: { shape: [], data_offsets: [0, 0] } }, 0, /no dtype/],
    ['has a tensor that is null', { a: null }, 0, /not described by an object/],
    ['has metadata of numbers', { __metadata__: { epoch: 3 }, a: matrix }, 24, /'epoch' that is not text/],
    ['has no tensors', { __metadata__: {} }, 0, /lists no tensors/],
    ['is a list', [], 0, /not a JSON object/],
    ['is nested too deeply', { a: { ...matrix, shape: [[[1]]] } }, 24, /nested too deeply/],
    ['is not JSON', '{"a":', 0, /not JSON/],
    ['has a tensor twice', `{"a":${JSON.stringify(matrix)},"a":${JSON.stringify(matrix)}}`, 24, /a duplicate key/],
    ['has a shape twice', '{"a":{"dtype":"U8","shape":[9],"shape":[1],"data_offsets":[0,1]}}', 1, /a duplicate key/],
  ])('refuses a file that %s', async (_, header, dataBytes, message) => {
    await expect(open(header, dataBytes)).rejects.toThrow(CheckpointError);
    await expect(open(header, dataBytes)).rejects.toThrow(message);
  });

  it.each([
    [2n ** 64n - 1n, /more than the format's 100 MB/],
    [100_000_001n, /more than the format's 100 MB/],
    [99_000_000n, /the header has 99000000 bytes, but the file has only/],
  ])('refuses a header length of %d before memory is taken', async (length, message) => {
    await expect(open({ a: matrix }, 24, length)).rejects.toThrow(message);
  });

  it('gives tensors inside the file, or a CheckpointError, for any mutation', async () => {
    const good = safetensorsFile({ a: matrix, 'b.c': { dtype: 'BF16', shape: [2], data_offsets: [24, 28] } }, 28);
    const mutations = fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 32, max: 126 })), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(mutations, async (changes) => {
        const bytes = good.slice();
        for (const [at, value] of changes) bytes[at] = value;
        try {
          const { tensors } = await readSafetensors(bufferSource(bytes, 'made.safetensors'));
          for (const { offset, byteLength } of tensors.values()) {
            expect(offset + byteLength).toBeLessThanOrEqual(bytes.length);
          }
        } catch (error) {
          if (!(error instanceof CheckpointError)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});
