import { describe, expect, it } from 'vitest';
import { type ByteSource, protobufMessage, readModelHeader } from '../src/internal.js';

function source(bytes: readonly number[]): ByteSource {
  const all = Uint8Array.from(bytes);
  return {
    size: all.length,
    byteAt: (offset) => all[offset],
    bytes: (offset, length) => all.subarray(offset, offset + length),
  };
}

const message = (bytes: readonly number[]) => protobufMessage(source(bytes), (found) => new Error(found));

function numbers(bytes: readonly number[]): number[] {
  const found: number[] = [];
  message(bytes).eachField({ numbers: { 1: (value) => found.push(value) } });
  return found;
}

/** `field` with a length, of less than 2 MiB. */
function inner(field: number, bytes: readonly number[]): number[] {
  const { length } = bytes;
  return [field * 8 + 2, (length & 127) | 128, ((length >> 7) & 127) | 128, length >> 14, ...bytes];
}

const text = (value: string) => [...new TextEncoder().encode(value)];
const header = [8, 8, ...inner(8, [16, 21])];
const read = (bytes: readonly number[]) => readModelHeader(source(bytes), ({ found }) => new Error(found));
const value = (name: string, dimensions: readonly number[] = []) =>
  inner(1, text(name)).concat(inner(2, inner(1, [8, 1, ...inner(2, dimensions)])));

describe('protobufMessage', () => {
  const ones = Array<number>(8).fill(255);

  it.each<[string, number[], number]>([
    ['zero', [0], 0],
    ['two bytes', [172, 2], 300],
    ['the largest exact integer', [255, 255, 255, 255, 255, 255, 255, 15], Number.MAX_SAFE_INTEGER],
    ['minus one', [...ones, 255, 1], -1],
    ['a large negative one', [129, 128, 128, 128, 128, 128, 128, 240, 255, 1], Number.MIN_SAFE_INTEGER],
  ])('reads %s', (_, bytes, expected) => {
    expect(numbers([8, ...bytes])).toEqual([expected]);
  });

  it.each<[string, number[], RegExp]>([
    ['a number of eleven bytes', [8, ...ones, 255, 255, 1], /no number at byte 1/],
    ['a number of over 64 bits', [8, ...ones, 255, 2], /no number at byte 1/],
    ['a number that is cut off', [8, 255], /ends within a number, at byte 1/],
    ['a field beyond the end', [18, 5, 0], /beyond the end at byte 0/],
    ['a field of negative length', [18, ...ones, 255, 1], /beyond the end at byte 0/],
    ['eight bytes that are cut off', [17, 0], /beyond the end at byte 0/],
    ['field 0', [0, 0], /no field at byte 0/],
    ['a group', [11, 12], /wire type 3 at byte 0/],
    ['a message where a number belongs', [10, 0], /field 1 of another type at byte 0/],
  ])('refuses %s', (_, bytes, error) => {
    expect(() => numbers(bytes)).toThrow(error);
  });

  it('ends an inner message where its own bytes end', () => {
    const read = () => {
      message([10, 1, 8, 1]).eachField({ messages: { 1: (within) => within.eachField({}) } });
    };
    expect(read).toThrow(/ends within a number, at byte 3/);
  });

  it('refuses texts that are long or not UTF-8, before reading the long ones', () => {
    const long = { size: 2 ** 20, byteAt: () => 1, bytes: () => expect.unreachable() };
    const whole = protobufMessage(long, (found) => new Error(found));
    expect(() => whole.text()).toThrow(/a text of 1048576 bytes/);
    expect(() => whole.name()).toThrow(/a text of 1048576 bytes/);
    expect(() => message([0xff]).text()).toThrow(/no UTF-8 text at byte 0/);
  });
});

describe('readModelHeader', () => {
  it('reads values, and refuses more of them than any model has', () => {
    const dimensions = [...inner(1, inner(2, text('n'))), ...inner(1, [8, 3]), ...inner(1, [])];
    expect(read([...header, ...inner(7, inner(11, value('x', dimensions)))])).toMatchObject({
      irVersion: 8,
      inputs: [{ name: 'x', elementType: 1, shape: ['n', 3, '?'] }],
      outputs: [],
    });
    const many = Array.from({ length: 1001 }, (_, index) => inner(11 + (index & 1), value('x'))).flat();
    expect(() => read([...header, ...inner(7, many)])).toThrow(/over 1000 inputs and outputs/);
    const deep = inner(11, value('x', Array.from({ length: 17 }, () => inner(1, [])).flat()));
    expect(() => read([...header, ...inner(7, deep)])).toThrow(/'x' with 17 dimensions/);
  });

  it.each<[string, number[], RegExp]>([
    ['no graph', header, /exactly one graph/],
    ['two graphs', [...header, ...inner(7, []), ...inner(7, [])], /exactly one graph/],
    ['no version', inner(7, []), /exactly one graph/],
    ['a large entry', [...header, ...inner(14, Array<number>(65_537).fill(0))], /a header entry of 65537 bytes/],
    ['much external data', [...header, ...inner(7, inner(5, inner(13, Array<number>(16_385).fill(0))))], /over 16384/],
  ])('refuses %s', (_, bytes, error) => {
    expect(() => read(bytes)).toThrow(error);
  });

  it('refuses a file over the limit of protobuf, before reading it', () => {
    const large = { size: 2 ** 31, byteAt: () => expect.unreachable(), bytes: () => expect.unreachable() };
    expect(() => readModelHeader(large, ({ found }) => new Error(found))).toThrow(/limit of 2 GB/);
  });
});
