import { describe, expect, it } from 'vitest';
import { matroskaTrack } from '../../../src/audio/containers/matroska-sound.js';
import { oggSound } from '../../../src/audio/containers/ogg-sound.js';
import { trackSound } from '../../../src/audio/containers/track-sound.js';
import type { SoundStream } from '../../../src/audio/sound-stream.js';
import { ebmlElement, oggPage } from '../../../../../tests/support/container-bytes.js';
import { joinedBytes } from '../../../../../tests/support/joined-bytes.js';

const noAac = () => Promise.reject(new Error('no AAC'));
const samplesOf = ({ parts }: SoundStream) => [...parts].flatMap(([channel]) => [...channel]);

describe('an Ogg stream whose first packets have no position', () => {
  const head = joinedBytes('OpusHead', Uint8Array.of(1, 1, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0));
  /** 20 ms of silence. */
  const packet = Uint8Array.of(0xf8, 0xff, 0xfe);
  const file = (withoutPosition: number) =>
    joinedBytes(
      oggPage(0, [head], 0),
      oggPage(1, [joinedBytes('OpusTags', 8)], 0),
      ...Array.from({ length: withoutPosition }, (_, index) => oggPage(index + 2, [packet], -1)),
      oggPage(withoutPosition + 2, [packet], 960 * (withoutPosition + 1)),
      oggPage(withoutPosition + 3, [packet], 960 * (withoutPosition + 2), true),
    );

  it('is held until the first that has one, as many as a page may have', async () => {
    expect(samplesOf(await oggSound(file(254)))).toHaveLength(256 * 960);
  });

  it('is refused with more', async () => {
    const sound = await oggSound(file(255));
    expect(() => samplesOf(sound)).toThrow('an Ogg stream whose first 255 packets have no position');
  });
});

describe('a Matroska track', () => {
  const file = (entry: readonly Uint8Array[], group: readonly Uint8Array[]) =>
    joinedBytes(
      ebmlElement('1a45dfa3'),
      ebmlElement(
        '18538067',
        ebmlElement(
          '1654ae6b',
          ebmlElement(
            'ae',
            ebmlElement('d7', Uint8Array.of(1)),
            ebmlElement('83', Uint8Array.of(2)),
            ebmlElement('86', 'A_PCM/INT/LIT'),
            ebmlElement(
              'e1',
              ebmlElement('b5', Uint8Array.of(0x45, 0xfa, 0, 0)),
              ebmlElement('6264', Uint8Array.of(8)),
            ),
            ...entry,
          ),
        ),
        ebmlElement('1f43b675', ebmlElement('e7', Uint8Array.of(0)), ebmlElement('a0', ...group)),
      ),
    );
  const block = (flags: number, ...content: readonly (Uint8Array | string)[]) =>
    ebmlElement('a1', Uint8Array.of(0x81, 0, 0, flags), ...content);
  const stripped = (length: number) =>
    ebmlElement(
      '6d80',
      ebmlElement(
        '6240',
        ebmlElement(
          '5034',
          ebmlElement('4254', Uint8Array.of(3)),
          ebmlElement('4255', new Uint8Array(length).fill(192)),
        ),
      ),
    );
  /** Nanoseconds in 64 bits. */
  const padding = (seconds: number) => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, BigInt(seconds * 1e9));
    return ebmlElement('75a2', bytes);
  };
  const sound = (bytes: Uint8Array) => trackSound(matroskaTrack(bytes), noAac);

  it('leaves out up to a minute at its end', async () => {
    const group = (seconds: number) => [block(0, new Uint8Array(8000 * 61).fill(192)), padding(seconds)];
    expect(samplesOf(await sound(file([], group(60))))).toEqual(Array.from({ length: 8000 }, () => 0.5));
    await expect(sound(file([], group(61)))).rejects.toThrow('61 s to cut off at the end, over 60');
  });

  it('has packets that leave out up to 255 bytes at their beginning', async () => {
    const group = [block(0, Uint8Array.of(64))];
    expect(samplesOf(await sound(file([stripped(255)], group)))).toEqual([
      ...Array.from({ length: 255 }, () => 0.5),
      -0.5,
    ]);
    await expect(async () => sound(file([stripped(256)], group))).rejects.toThrow('omits 256 bytes of each packet');
  });

  it('has no packets without a byte, however many are laced', async () => {
    // Fixed lacing of 256 packets.
    await expect(async () => sound(file([], [block(4, Uint8Array.of(255))]))).rejects.toThrow('a damaged block');
  });
});
