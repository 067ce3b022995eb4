import { CheckpointError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bufferSource } from '../../src/checkpoint/byte-source.js';
import type { Checkpoint, TensorEntry } from '../../src/checkpoint/checkpoint.js';
import type { CheckpointDataType } from '../../src/checkpoint/data-types.js';
import { readFloat32, requireTensor } from '../../src/checkpoint/read-tensor.js';

const weight: TensorEntry = {
  name: 'features.0.0.weight',
  dataType: 'float32',
  shape: [16, 1, 3, 3],
  offset: 0,
  byteLength: 576,
};
const checkpoint: Checkpoint = {
  format: 'torch',
  name: 'mn04_as.pt',
  tensors: new Map([[weight.name, weight]]),
  unusable: new Map([['freqs', 'has type complex64, which cannot be used here']]),
  metadata: null,
};

describe('requireTensor', () => {
  it('gives the tensor that is asked for', () => {
    expect(requireTensor(checkpoint, weight.name)).toBe(weight);
    expect(requireTensor(checkpoint, weight.name, { shape: [16, null, 3, 3], dataTypes: ['float32'] })).toBe(weight);
  });

  it('says what was found and what is needed', () => {
    const needed = { need: 'this model (width 0.4)', fix: 'pass options.width 1.0 or another checkpoint' };
    const ask = (name: string, more: object) => () => requireTensor(checkpoint, name, { ...needed, ...more });
    expect(ask(weight.name, { shape: [8, 1, 3, 3] })).toThrow(
      new CheckpointError({
        asked: 'mn04_as.pt',
        found: "tensor 'features.0.0.weight' has shape [16,1,3,3], this model (width 0.4) needs [8,1,3,3]",
        fix: 'pass options.width 1.0 or another checkpoint',
      }),
    );
    expect(ask(weight.name, { shape: [16, 1, null] })).toThrow(/needs \[16,1,any\]/);
    expect(ask(weight.name, { dataTypes: ['float16'] })).toThrow(/has type float32, this model .* needs float16/);
    expect(ask('features.0.0.weigth', { shape: [8] })).toThrow(
      /no tensor 'features\.0\.0\.weigth' among its 1, .* needs one of shape \[8\]; did you mean 'features\.0\.0\.weight'\?/,
    );
    expect(ask('freqs', {})).toThrow("tensor 'freqs' has type complex64, which cannot be used here; pass options");
  });
});

describe('a tensor that is missing', () => {
  const shapes: Record<string, number[]> = {
    'conv.weight': [4, 1, 3],
    'conv.bias': [4],
    'norm.bias': [2],
    'fc.weight': [2, 4],
    'head.fc.bias': [2],
  };
  const tensors = new Map(Object.entries(shapes).map(([name, shape]) => [name, { ...weight, name, shape }]));
  const named = { ...checkpoint, tensors };

  it('is told with those of its last part and shape, the nearest first', () => {
    const ask = (name: string, shape?: number[]) => () =>
      requireTensor(named, name, shape === undefined ? {} : { shape });
    expect(ask('head.out.proj.bias', [2])).toThrow(
      /no tensor 'head\.out\.proj\.bias' among its 5, .* of shape \[2\]; 'head\.fc\.bias', 'norm\.bias' have that shape and a similar name: if this is your own plugin, fix the name there; otherwise pass/,
    );
    expect(ask('classifier.weight', [2, 4])).toThrow(/; 'fc\.weight' has that shape and a similar name: /);
    expect(ask('classifier.weight')).toThrow(/; 'conv\.weight', 'fc\.weight' have a similar name: /);
    expect(ask('classifier.scale', [2])).toThrow(/needs one of shape \[2\]; pass the checkpoint and/);
  });
});

async function read(bytes: Uint8Array, dataType: CheckpointDataType): Promise<number[]> {
  // One byte in front, so that no typed array could lie over the data in place.
  const source = bufferSource(Uint8Array.of(255, ...bytes), 'made.pt');
  return [...(await readFloat32(source, { ...weight, dataType, offset: 1, byteLength: bytes.length }))];
}

describe('readFloat32', () => {
  it('reads float32 and rounds float64', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double()), async (values) => {
        const expected = [...Float32Array.from(values)];
        expect(await read(new Uint8Array(Float32Array.from(values).buffer), 'float32')).toEqual(expected);
        expect(await read(new Uint8Array(Float64Array.from(values).buffer), 'float64')).toEqual(expected);
      }),
    );
  });

  it('widens bfloat16', async () => {
    expect(await read(Uint8Array.of(0x80, 0x3f, 0x49, 0xc0, 0x80, 0x7f), 'bfloat16')).toEqual([1, -3.140625, Infinity]);
  });

  it('widens float16', async () => {
    const bits = [0x3c00, 0xc000, 0x3555, 0x7bff, 0x0400, 0x0001, 0x8000, 0x7c00, 0xfc00, 0x7e00];
    const expected = [1, -2, 0.333251953125, 65504, 2 ** -14, 2 ** -24, -0, Infinity, -Infinity, NaN];
    expect(await read(new Uint8Array(Uint16Array.from(bits).buffer), 'float16')).toEqual(expected);
  });

  it('refuses integers, and what lies outside the file', async () => {
    await expect(read(new Uint8Array(8), 'int64')).rejects.toThrow(/has type int64, floating point is needed/);
    await expect(readFloat32(bufferSource(new Uint8Array(100), 'made.pt'), weight)).rejects.toThrow(CheckpointError);
    const huge = { ...weight, byteLength: 2 ** 33 };
    await expect(readFloat32(bufferSource(new Uint8Array(), 'made.pt'), huge)).rejects.toThrow(/too many to read/);
  });
});
