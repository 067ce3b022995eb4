import { FileError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../src/npy.js';

/** A `.npy` file with any header. */
function npyBytes(header: string, data: Uint8Array, version = 1): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`);
  const length =
    version === 1 ? [text.length & 255, text.length >> 8] : [...new Uint8Array(Uint32Array.of(text.length).buffer)];
  return Uint8Array.from([0x93, ...new TextEncoder().encode('NUMPY'), version, 0, ...length, ...text, ...data]);
}

const dict = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': ${descr}, 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
const little = (values: ArrayBufferView) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

describe('readNpy', () => {
  it.each([
    ["'<f4'", little(Float32Array.of(0.5, -2))],
    ["'<f8'", little(Float64Array.of(0.5, -2))],
    ["'<f2'", Uint8Array.of(0x00, 0x38, 0x00, 0xc0)],
    ["'>f4'", Uint8Array.of(0x3f, 0, 0, 0, 0xc0, 0, 0, 0)],
  ])('reads %s', (descr, data) => {
    for (const version of [1, 2, 3]) {
      const array = readNpy(npyBytes(dict(descr, '(2,)'), data, version), 'x.npy');
      expect(array).toEqual({ data: Float32Array.of(0.5, -2), shape: [2] });
    }
  });

  it.each([
    ["'<i8'", little(BigInt64Array.of(-3n, 7n))],
    ["'<i4'", little(Int32Array.of(-3, 7))],
    ["'<i2'", little(Int16Array.of(-3, 7))],
    ["'|i1'", little(Int8Array.of(-3, 7))],
  ])('reads %s', (descr, data) => {
    expect([...readNpy(npyBytes(dict(descr, '(1, 2)'), data), 'x.npy').data]).toEqual([-3, 7]);
  });

  it.each([
    ['an empty file', new Uint8Array(0), /empty/],
    ['other content', new TextEncoder().encode('PK\u0003\u0004 something'), /no NumPy header/],
    ['objects', npyBytes(dict("'|O'", '(1,)'), new Uint8Array(8)), /type '\|O'/],
    ['text', npyBytes(dict("'<U5'", '(1,)'), new Uint8Array(20)), /type '<U5'/],
    ['records', npyBytes(dict("[('a', '<f4')]", '(1,)'), new Uint8Array(4)), /records/],
    ['complex numbers', npyBytes(dict("'<c8'", '(1,)'), new Uint8Array(8)), /type '<c8'/],
    ['long doubles', npyBytes(dict("'<f16'", '(1,)'), new Uint8Array(16)), /type '<f16'/],
    ['too few bytes', npyBytes(dict("'<f4'", '(2, 2)'), new Uint8Array(12)), /12 bytes .* \[2, 2\]/],
    ['too many bytes', npyBytes(dict("'<f4'", '(1,)'), new Uint8Array(8)), /8 bytes/],
    ['a shape beyond all memory', npyBytes(dict("'<f4'", '(99999999999, 99999999999)'), new Uint8Array(4)), /4 bytes/],
    ['no shape', npyBytes("{'descr': '<f4', 'fortran_order': False}", new Uint8Array(4)), /shape/],
    ['a negative shape', npyBytes(dict("'<f4'", '(-1,)'), new Uint8Array(4)), /shape/],
    ['a version to come', npyBytes(dict("'<f4'", '(1,)'), new Uint8Array(4), 9), /version 9/],
    ['an endless header', npyBytes(dict("'<f4'", '(1,)').padEnd(70_000), new Uint8Array(4), 2), /header of 70001/],
  ])('refuses %s', (_, bytes, found) => {
    expect(() => readNpy(bytes, 'x.npy')).toThrow(found);
    expect(() => readNpy(bytes, 'x.npy')).toThrow(FileError);
    expect(() => readNpy(bytes, 'x.npy')).toThrow(/'x\.npy'/);
  });

  it('reads Fortran order: the first index runs fastest in the file', () => {
    const array = readNpy(npyBytes(dict("'>i2'", '(2, 3)', 'True'), Uint8Array.of(0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6)));
    expect(array).toEqual({ data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] });
  });

  it('reads Fortran order as C order, for any shape', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }), (shape) => {
        const size = shape.reduce((product, dimension) => product * dimension, 1);
        // Index by index: the place of each value in C order and in Fortran order.
        const file = new Float32Array(size);
        for (let index = 0; index < size; index += 1) {
          let [rest, place] = [index, 0];
          for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
            const before = shape.slice(0, axis).reduce((product, dimension) => product * dimension, 1);
            place += (rest % shape[axis]) * before;
            rest = Math.floor(rest / shape[axis]);
          }
          file[place] = index;
        }
        const written = shape.length === 1 ? `(${shape[0]}L,)` : `(${shape.join(', ')})`;
        const { data } = readNpy(npyBytes(dict("'<f4'", written, 'True'), little(file), 2));
        expect(data).toEqual(Float32Array.from({ length: size }, (_, index) => index));
      }),
    );
  });

  it('refuses what it is not, whatever its bytes are', () => {
    const header = fc.constantFrom(dict("'<f4'", '(2,)'), dict("'<f4'", '(1, 2)', 'True'), dict("'|u1'", '(8,)'));
    fc.assert(
      fc.property(header, fc.nat(160), fc.uint8Array({ minLength: 1, maxLength: 4 }), (text, at, change) => {
        const bytes = npyBytes(text, new Uint8Array(8));
        bytes.set(change.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length));
        try {
          readNpy(bytes, 'x.npy');
        } catch (error) {
          expect(error).toBeInstanceOf(FileError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a file cut anywhere', () => {
    const whole = writeNpy(Float32Array.of(1, 2, 3), [3]);
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => readNpy(whole.subarray(0, length), 'x.npy')).toThrow(FileError);
    }
  });
});

describe('writeNpy', () => {
  it('writes what readNpy reads, data aligned to 64 bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }), (shape) => {
        const size = shape.reduce((product, dimension) => product * dimension, 1);
        const data = Float32Array.from({ length: size }, (_, index) => Math.fround(index / 3));
        const bytes = writeNpy(data, shape);
        expect((bytes.length - size * 4) % 64).toBe(0);
        expect(readNpy(bytes, 'x.npy')).toEqual({ data, shape });
      }),
    );
  });

  it('refuses a shape that is not that of the values', () => {
    expect(() => writeNpy(new Float32Array(5), [2, 3])).toThrow(FileError);
  });
});
