import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AudioError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixturesFiles } from '../../../../tests/support/file-cases.js';
import { decodeAudio } from '../../src/audio/decode.node.js';
import { flacBytes } from '../../../../tests/support/flac-bytes.js';
import { equalChannelFrames } from '../../../../tests/support/mp3-frames.js';

const folder = join(fixturesFiles(), 'audio');
const names = [
  'ogg/oggenc.ogg',
  'ogg/opusenc.opus',
  'ogg/flac.oga',
  'webm/opus.webm',
  'webm/vorbis.webm',
  'mp4/opus.mp4',
  'mp4/mp3.mp4',
  'mp3/vbr-xing.mp3',
  'mp3/layer-2.mp2',
];

const seeds: (readonly [string, () => Promise<Uint8Array> | Uint8Array])[] = [
  ['FLAC', () => flacBytes(Int16Array.from({ length: 1024 }, (_, index) => index * 13))],
  ['MP3', () => equalChannelFrames(6, 'tone')],
  ...names
    .filter((name) => existsSync(join(folder, name)))
    .map((name) => [name, async () => new Uint8Array(await readFile(join(folder, name)))] as const),
];

/** Whatever is changed, the outcome is sound or an error of Hearken's, never another error. */
describe('a damaged file', () => {
  it.each(seeds)('is an AudioError, or sound: %s', async (_, read) => {
    const bytes = await read();
    const whole = await decodeAudio(bytes, 'whole');
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const damaged = bytes.slice();
        for (const [place, value] of changes) damaged[place] = value;
        try {
          const { channels } = await decodeAudio(damaged, 'damaged');
          for (const channel of channels) expect(channel.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(AudioError);
        }
      }),
      { numRuns: 40, seed: 20_26 },
    );
    expect(whole.channels[0].length).toBeGreaterThan(0);
  });
});
