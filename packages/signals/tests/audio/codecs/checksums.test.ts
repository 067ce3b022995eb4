import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc16, crc32, crc8 } from '../../../src/audio/codecs/crc.js';
import { Md5 } from '../../../src/audio/codecs/md5.js';

const digits = new TextEncoder().encode('123456789');

describe('checksums', () => {
  it('are those of the published check values', () => {
    // CRC-8/SMBUS, CRC-16/UMTS, and CRC-32/CKSUM without its length and inversion.
    expect(crc8(digits, 0, 9)).toBe(0xf4);
    expect(crc16(digits, 0, 9)).toBe(0xfee8);
    expect(crc32(digits, 0, 9)).toBe(0x89a1897f);
  });

  it('tell any single changed bit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.nat(), (bytes, place) => {
        const changed = bytes.slice();
        changed[place % bytes.length] ^= 1 << (place % 8);
        for (const checksum of [crc8, crc16, crc32]) {
          expect(checksum(changed, 0, bytes.length)).not.toBe(checksum(bytes, 0, bytes.length));
        }
      }),
    );
  });
});

describe('Md5', () => {
  it('is that of Node.js, in whatever pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (pieces) => {
        const md5 = new Md5();
        const reference = createHash('md5');
        for (const piece of pieces) {
          md5.update(piece);
          reference.update(piece);
        }
        expect(md5.digest()).toBe(reference.digest('hex'));
      }),
    );
  });
});
