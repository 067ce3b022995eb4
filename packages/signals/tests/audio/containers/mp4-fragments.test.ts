import { describe, expect, it } from 'vitest';
import { mp4Track } from '../../../src/audio/containers/mp4-sound.js';
import { longMp4Box, mp4Box, words } from '../../../../../tests/support/container-bytes.js';
import { joinedBytes } from '../../../../../tests/support/joined-bytes.js';

const sound = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

/** The index of a track of PCM of 16 bits, in fragments. */
const moov = mp4Box(
  'moov',
  mp4Box('mvhd', words(0, 0, 0, 8000, 0)),
  mp4Box(
    'trak',
    mp4Box('tkhd', words(0, 0, 0, 1)),
    mp4Box(
      'mdia',
      mp4Box('mdhd', words(0, 0, 0, 8000, 0)),
      mp4Box('hdlr', words(0, 0), 'soun'),
      mp4Box(
        'minf',
        mp4Box('stbl', mp4Box('stsd', words(0, 1), mp4Box('sowt', words(0, 1, 0, 0, 0x1_0010, 0, 8000 * 65_536)))),
      ),
    ),
  ),
  mp4Box('mvex', mp4Box('trex', words(0, 1, 1, 1, 2, 0))),
);
const head = joinedBytes(mp4Box('ftyp', 'isom', 4), moov);

/** A run of packets of the default size, whose data is so many bytes behind the fragment's beginning. */
const run = (packets: number, offset: number) => mp4Box('trun', words(1, packets, offset));
const fragment = (...runs: readonly Uint8Array[]) => mp4Box('traf', mp4Box('tfhd', words(0, 1)), ...runs);
const packetsOf = (bytes: Uint8Array) => [...mp4Track(bytes).packets].map((packet) => [...packet.bytes]);

describe('a fragment', () => {
  it.each([
    ['32', mp4Box, 8],
    ['64', longMp4Box, 16],
  ] as const)('has its data counted from where it begins, its size in %s bits', (_, box, boxHead) => {
    const offset = boxHead + fragment(run(4, 0)).length + 8;
    const bytes = joinedBytes(head, box('moof', fragment(run(4, offset))), mp4Box('mdat', sound));
    expect(packetsOf(bytes)).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
  });

  it('has no more packets in all runs together than fit into the file', () => {
    const runs = Array.from({ length: 20 }, () => run(100, 8));
    const bytes = joinedBytes(head, mp4Box('moof', fragment(...runs)), mp4Box('mdat', sound));
    expect(bytes.length).toBeGreaterThan(208);
    expect(() => packetsOf(bytes)).toThrow(`packets of over ${bytes.length} bytes in a file of ${bytes.length}`);
  });
});
