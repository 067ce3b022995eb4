import { describe, expect, it } from 'vitest';
import { bufferSource } from '../../src/checkpoint/byte-source.js';
import { readSafetensors } from '../../src/checkpoint/safetensors.js';
import { quantizedLayout } from '../../src/quantization/quantized-layout.js';

const checkpoint = 'ab'.repeat(32);
const checksum = '12'.repeat(32);
const matrix = (name: string, offset: number, outputs: number, inputs: number) => ({
  name,
  dataType: 'float32' as const,
  shape: [outputs, inputs],
  offset,
  byteLength: 4 * outputs * inputs,
});
const matrices = [matrix('a.weight', 100, 3, 5), matrix('b.weight', 160, 2, 7)];

describe('the layout of quantised matrices', () => {
  const layout = quantizedLayout(matrices, checkpoint, 'int8');
  const file = new Uint8Array(layout.size);
  file.set(layout.header(checksum));

  it('is safetensors: all weights, inputs first, then all scales', async () => {
    const { tensors, metadata } = await readSafetensors(bufferSource(file, 'made.cache'));
    const found = [...tensors.values()].map(({ name, dataType, shape }) => [name, dataType, shape]);
    expect(found).toEqual([
      ['a.weight.int8', 'int8', [5, 3]],
      ['b.weight.int8', 'int8', [7, 2]],
      ['padding', 'int8', [3]],
      ['a.weight.scales', 'float32', [3]],
      ['b.weight.scales', 'float32', [2]],
    ]);
    expect(metadata).toEqual(new Map(Object.entries({ format: 'hearken int8 1', checkpoint, sha256: checksum })));
    for (const [index, { weight, scales }] of [...layout.entries.values()].entries()) {
      expect(weight).toEqual(tensors.get(`${matrices[index].name}.int8`));
      expect(scales).toEqual(tensors.get(`${matrices[index].name}.scales`));
      // So that floats can be used in place.
      expect(scales.offset % 4).toBe(0);
    }
  });

  it('finds the checksum in its own header, and in no other', () => {
    const header = file.slice(0, layout.dataOffset);
    expect(layout.checksumIn(header)).toBe(checksum);
    for (const other of [
      quantizedLayout(matrices, 'cd'.repeat(32), 'int8'),
      quantizedLayout(matrices, checkpoint, 'uint8'),
      quantizedLayout(matrices.toReversed(), checkpoint, 'int8'),
      quantizedLayout([matrices[0], matrix('b.weight', 160, 7, 2)], checkpoint, 'int8'),
      quantizedLayout([matrices[0], matrix('c.weight', 160, 2, 7)], checkpoint, 'int8'),
    ]) {
      expect(other.checksumIn(header)).toBeUndefined();
    }
  });

  it('sees every changed byte of the header', () => {
    for (let index = 0; index < layout.dataOffset; index += 1) {
      const header = file.slice(0, layout.dataOffset);
      header[index] ^= 0x41;
      expect(layout.checksumIn(header)).toBeUndefined();
    }
    expect(layout.checksumIn(file.slice(0, layout.dataOffset - 1))).toBeUndefined();
    expect(layout.checksumIn(new Uint8Array(0))).toBeUndefined();
  });
});
