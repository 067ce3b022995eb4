import { FileError } from '@hearken/core';

/** An array from a `.npy` file: row-major values and its shape. */
export interface NpyArray {
  /** Row-major values. */
  readonly data: Float32Array;
  /** Sizes of the dimensions; empty for a scalar. */
  readonly shape: readonly number[];
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const maximumHeaderBytes = 65_536;
const maximumDimensions = 32;
/** The most values: as float32, narrow types take up to four times the file's size. */
const maximumValues = 2 ** 28;

type Reader = (view: DataView, offset: number, littleEndian: boolean) => number;

const readers: Readonly<Record<string, { readonly width: number; readonly read: Reader }>> = {
  f2: { width: 2, read: (view, offset, little) => float16(view.getUint16(offset, little)) },
  f4: { width: 4, read: (view, offset, little) => view.getFloat32(offset, little) },
  f8: { width: 8, read: (view, offset, little) => view.getFloat64(offset, little) },
  i1: { width: 1, read: (view, offset) => view.getInt8(offset) },
  i2: { width: 2, read: (view, offset, little) => view.getInt16(offset, little) },
  i4: { width: 4, read: (view, offset, little) => view.getInt32(offset, little) },
  i8: { width: 8, read: (view, offset, little) => Number(view.getBigInt64(offset, little)) },
  u1: { width: 1, read: (view, offset) => view.getUint8(offset) },
  u2: { width: 2, read: (view, offset, little) => view.getUint16(offset, little) },
  u4: { width: 4, read: (view, offset, little) => view.getUint32(offset, little) },
  u8: { width: 8, read: (view, offset, little) => Number(view.getBigUint64(offset, little)) },
  b1: { width: 1, read: (view, offset) => (view.getUint8(offset) === 0 ? 0 : 1) },
};

/**
 * Reads a NumPy array file (format 1.0 to 3.0) as float32; wider numbers are rounded. Arrays in Fortran order, which
 * `numpy.save` writes for a transposed array, are converted to C order.
 *
 * @param bytes the whole file
 * @param name its name in errors
 * @throws FileError if it is not such a file, is truncated, has extra bytes, or contains strings or objects
 */
export function readNpy(bytes: Uint8Array, name = 'the given bytes'): NpyArray {
  const fail = (found: string, fix = 'write it again with numpy.save') =>
    new FileError({ asked: `NumPy array of '${name}'`, found, fix });
  if (magic.some((byte, index) => bytes[index] !== byte)) {
    throw fail(bytes.length === 0 ? 'an empty file' : 'no NumPy header', 'pass a .npy file');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6];
  const lengthBytes = version === 1 ? 2 : 4;
  if (bytes.length < 8 + lengthBytes) throw fail('a truncated header');
  if (version < 1 || version > 3) throw fail(`format version ${version}`);
  const headerBytes = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = 8 + lengthBytes + headerBytes;
  if (headerBytes > maximumHeaderBytes) throw fail(`a header of ${headerBytes} bytes`);
  if (start > bytes.length) throw fail('a truncated header');
  const header = new TextDecoder().decode(bytes.subarray(8 + lengthBytes, start));
  const { kind, littleEndian, columnMajor, shape } = parseHeader(header, fail);
  const { width, read } = readers[kind];
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  if (!Number.isSafeInteger(size) || size * width !== bytes.length - start) {
    throw fail(
      `${bytes.length - start} bytes of data for shape [${shape.join(', ')}] of ${kind}`,
      'the file is truncated or damaged: copy or write it again',
    );
  }
  if (size > maximumValues) throw fail(`${size} values, more than ${maximumValues}`, 'save it in parts');
  const element = { width, read, littleEndian };
  const data = columnMajor ? readColumnMajor(view, start, shape, element) : readValues(view, start, size, element);
  return { data, shape };
}

/** How one value is stored. */
interface Element {
  readonly width: number;
  readonly read: Reader;
  readonly littleEndian: boolean;
}

function readValues(view: DataView, start: number, size: number, element: Element): Float32Array {
  const { width, read, littleEndian } = element;
  const data = new Float32Array(size);
  for (let index = 0; index < size; index += 1) data[index] = read(view, start + index * width, littleEndian);
  return data;
}

/** Reorders values of an array whose first index runs fastest, so that the last one does. */
function readColumnMajor(view: DataView, start: number, shape: readonly number[], element: Element): Float32Array {
  const { width, read, littleEndian } = element;
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const data = new Float32Array(size);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, dimension) => product * dimension, 1));
  const position = shape.map(() => 0);
  let target = 0;
  for (let index = 0; index < size; index += 1) {
    data[target] = read(view, start + index * width, littleEndian);
    for (let axis = 0; axis < shape.length; axis += 1) {
      position[axis] += 1;
      target += strides[axis];
      if (position[axis] < shape[axis]) break;
      target -= shape[axis] * strides[axis];
      position[axis] = 0;
    }
  }
  return data;
}

interface NpyHeader {
  readonly kind: string;
  readonly littleEndian: boolean;
  /** The first index runs fastest: Fortran order. */
  readonly columnMajor: boolean;
  readonly shape: number[];
}

/** The header is a Python dict literal of three known keys; no other Python syntax is supported. */
function parseHeader(header: string, fail: (found: string, fix?: string) => FileError): NpyHeader {
  const type = /'descr':\s*'([<>=|])([a-z]\d+)'/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header);
  const dimensions = /'shape':\s*\(([\d,\sL]*)\)/.exec(header);
  if (order === null || dimensions === null) throw fail('a header without shape or order');
  if (type === null || !Object.hasOwn(readers, type[2])) {
    const description = /'descr':\s*('[^']{0,16}')/.exec(header)?.[1] ?? 'records';
    throw fail(`elements of type ${description}`, 'save it as float32: array.astype("float32")');
  }
  const shape = dimensions[1]
    .split(',')
    // Python 2 wrote some numbers as 12L.
    .map((part) => part.trim().replace(/L$/, ''))
    .filter((part) => part !== '')
    .map(Number);
  if (shape.some((dimension) => !Number.isSafeInteger(dimension))) throw fail('a header without shape or order');
  if (shape.length > maximumDimensions) throw fail(`${shape.length} dimensions`);
  return { kind: type[2], littleEndian: type[1] !== '>', columnMajor: order[1] === 'True', shape };
}

/** IEEE 754 half precision. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Writes a float32 array like `numpy.save` (format 1.0, little-endian, C order, header padded to 64 bytes).
 *
 * @param data row-major values
 * @param shape its dimensions; their product must be the number of values
 * @throws FileError if shape and number of values disagree
 */
export function writeNpy(data: Float32Array, shape: readonly number[]): Uint8Array {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  if (size !== data.length) {
    throw new FileError({
      asked: `a NumPy array of shape [${shape.join(', ')}]`,
      found: `${data.length} values`,
      fix: `pass ${size} values or another shape`,
    });
  }
  const header = npyHeader(shape);
  const start = header.length;
  const bytes = new Uint8Array(start + data.length * 4);
  bytes.set(header);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < data.length; index += 1) view.setFloat32(start + index * 4, data[index], true);
  return bytes;
}

/** The header of {@link writeNpy}'s files: a multiple of 64 bytes, 128 for any shape of few dimensions. */
export function npyHeader(shape: readonly number[]): Uint8Array {
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const bytes = new Uint8Array(Math.ceil((10 + text.length + 1) / 64) * 64);
  bytes.set([...magic, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, bytes.length - 10, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(bytes.length - 11)}\n`), 10);
  return bytes;
}
