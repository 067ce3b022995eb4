import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matroskaTrack } from '../../../src/audio/containers/matroska-sound.js';
import { trailerKind } from '../../../src/audio/containers/tags.js';
import { joinedBytes } from '../../../../../tests/support/joined-bytes.js';

describe('what stands behind the sound', () => {
  it('is padding where all the rest is one value', () => {
    const runs = fc.array(fc.tuple(fc.constantFrom(0, 1, 255), fc.integer({ min: 1, max: 4 })), { maxLength: 6 });
    fc.assert(
      fc.property(runs, (lengths) => {
        const bytes = Uint8Array.from(lengths.flatMap(([value, length]) => Array.from({ length }, () => value)));
        for (let at = 0; at <= bytes.length; at += 1) {
          const rest = bytes.subarray(at);
          expect(trailerKind(bytes, at)).toBe(rest.every((byte) => byte === rest[0]) ? 'padding' : undefined);
        }
      }),
    );
  });

  it('is not searched again at each element', () => {
    // An open cluster of 3 MiB of void elements, each of 108 bytes, all bytes alike but for the last.
    const elements = new Uint8Array(110 * 30_000).fill(0xec);
    elements[elements.length - 1] = 0;
    const head = Uint8Array.of(
      0x1a,
      0x45,
      0xdf,
      0xa3,
      0x80,
      0x18,
      0x53,
      0x80,
      0x67,
      0xff,
      0x1f,
      0x43,
      0xb6,
      0x75,
      0xff,
    );
    expect(() => matroskaTrack(joinedBytes(head, elements))).toThrow('without an audio track');
  });
});
