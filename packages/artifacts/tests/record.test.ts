import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, decodeRecordAt, encodeRecord } from '../src/records/record.node.js';

describe('records', () => {
  it('come back as they were', () => {
    const arrays = fc.dictionary(fc.string({ maxLength: 8 }), fc.float32Array({ maxLength: 9 }), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(
        fc.string(),
        fc.dictionary(fc.string(), fc.integer(), { noNullPrototype: true }),
        arrays,
        (key, values, content) => {
          expect(decodeRecord(encodeRecord(key, { values, arrays: content }), key)).toEqual({
            values,
            arrays: content,
          });
        },
      ),
    );
  });

  it('count as absent where cut, extended or of another key', () => {
    const bytes = encodeRecord('key', { values: { score: 1 }, arrays: { w: Float32Array.of(1, 2, 3) } });
    for (let length = 0; length < bytes.length; length += 1) {
      expect(decodeRecord(bytes.subarray(0, length), 'key')).toBeUndefined();
    }
    expect(decodeRecord(Uint8Array.from([...bytes, 0]), 'key')).toBeUndefined();
    expect(decodeRecord(bytes, 'other')).toBeUndefined();
    expect(decodeRecord(bytes, 'key')?.arrays.w).toEqual(Float32Array.of(1, 2, 3));
  });

  it('count as absent where any one bit is another', () => {
    const bytes = encodeRecord('key', { values: { score: 1 }, arrays: { w: Float32Array.of(1, 2, 3) } });
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const damaged = bytes.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      expect(decodeRecord(damaged, 'key')).toBeUndefined();
    }
  });

  it('never throw on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (tail) => {
        expect(decodeRecord(Uint8Array.from([0x48, 0x4b, 0x4a, 0x32, ...tail]), 'key')).toBeUndefined();
      }),
    );
  });

  it('are found one after another in a file, until one is damaged', () => {
    const records = [1, 2, 3].map((score) => encodeRecord('key', { values: { score }, arrays: {} }));
    const bytes = Uint8Array.from(records.flatMap((record) => [...record]));
    bytes[bytes.length - 1] ^= 1;
    const second = decodeRecordAt(bytes, records[0].length, 'key');
    expect(second).toEqual({ values: { score: 2 }, arrays: {}, bytes: records[1].length });
    expect(decodeRecordAt(bytes, records[0].length + records[1].length, 'key')).toBeUndefined();
  });
});
