import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AudioError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import {
  describeFileCases,
  fixturesFiles,
  outcomeOf,
  problemsOf,
  readFileCases,
  type FileCase,
} from '../../../../tests/support/file-cases.js';
import { mixToMono } from '../../src/audio/audio.js';
import { decodeAudio } from '../../src/audio/decode.node.js';
import { decodeAudioFile, decodeMonoFile } from '../../src/audio/read-audio.node.js';
import { joinedBytes } from '../../../../tests/support/joined-bytes.js';

const folder = join(fixturesFiles(), 'audio');
const isCompressed = ({ file }: FileCase) => /^(?:flac|ogg|mp3|mp4|webm)\//.test(file);
const decoded = async (bytes: Uint8Array) => {
  const { channels, sampleRate } = await decodeAudio(bytes, 'sound');
  return { rate: sampleRate, channels, warnings: [] };
};

describeFileCases(
  'audio',
  'compressed sound of other programs',
  async (path) => {
    const { channels, sampleRate } = await decodeAudioFile(path);
    return { rate: sampleRate, channels, warnings: [] };
  },
  isCompressed,
);

const id3 = joinedBytes('ID3\x04\0\0', Uint8Array.of(0, 0, 1, 0), 128);
const id3v1 = joinedBytes('TAG', 125);
const ape = joinedBytes('APETAGEX', Uint8Array.of(0xd0, 7, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 8);
const read = existsSync(folder)
  ? readFileCases('audio').filter((one) => isCompressed(one) && one.want === 'values' && one.or_error === undefined)
  : [];

describe.skipIf(read.length === 0)('the same sound', () => {
  it('as one channel is the mean of all', async () => {
    for (const one of read.filter(({ file }) => /\.(?:mp3|flac|opus|m4a|webm)$/.test(file))) {
      const path = join(folder, one.file);
      const whole = await decodeAudioFile(path);
      const mono = await decodeMonoFile(path);
      expect(mono.fileChannels).toBe(whole.channels.length);
      expect(mono.channels).toEqual([mixToMono(whole.channels)]);
    }
  });

  it.each(read.map((one) => [one.file, one] as const))('with a tag in front: %s', async (_, one) => {
    const bytes = await readFile(join(folder, one.file));
    expect(problemsOf(one, await outcomeOf(() => decoded(joinedBytes(id3, bytes))))).toEqual([]);
  });

  it.each([
    ['an ID3v1 tag', id3v1],
    ['an APE tag', ape],
    ['zeros', new Uint8Array(300)],
    ['an APE tag and an ID3v1 tag', joinedBytes(ape, id3v1)],
  ])('of MP3, AAC, FLAC and Ogg with %s behind', async (_, trailer) => {
    for (const one of read.filter(({ file }) => /\.(?:mp3|mp2|aac|flac|oga|ogg|opus)$/.test(file))) {
      const bytes = await readFile(join(folder, one.file));
      expect(problemsOf(one, await outcomeOf(() => decoded(joinedBytes(bytes, trailer))))).toEqual([]);
    }
  });

  it.each(read.map(({ file }) => file))('is refused where it is cut short: %s', async (file) => {
    const bytes = new Uint8Array(await readFile(join(folder, file)));
    for (const part of [0.3, 0.6, 0.9]) {
      const cut = bytes.slice(0, Math.floor(bytes.length * part));
      await expect(decodeAudio(cut, 'cut')).rejects.toBeInstanceOf(AudioError);
    }
    // A byte less is no whole frame, page, box or block, but for a tag behind.
    if (!file.includes('tag-behind'))
      await expect(decodeAudio(bytes.slice(0, -1), 'cut')).rejects.toBeInstanceOf(AudioError);
  });

  it.each(read.map(({ file }) => file))('is refused where a piece is missing or repeated: %s', async (file) => {
    const bytes = new Uint8Array(await readFile(join(folder, file)));
    const middle = Math.floor(bytes.length * 0.7);
    const length = Math.min(900, Math.floor(bytes.length / 6)) | 1;
    const without = joinedBytes(bytes.subarray(0, middle), bytes.subarray(middle + length));
    await expect(decodeAudio(without, 'lacking')).rejects.toBeInstanceOf(AudioError);
    const twice = joinedBytes(bytes.subarray(0, middle + length), bytes.subarray(middle));
    await expect(decodeAudio(twice, 'repeating')).rejects.toBeInstanceOf(AudioError);
  });
});

const faults = fileURLToPath(new URL('../../../../../shared/faults', import.meta.url));

describe.skipIf(!existsSync(faults))('files that failed', () => {
  const rows = existsSync(faults)
    ? readFileSync(join(faults, 'readers/expected.csv'), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(','))
    : [];
  const files = [...new Set(rows.map(([file]) => file))].filter((file) => /^a0[79]/.test(file));

  it.each(files)('%s', async (file) => {
    const { channels, sampleRate } = await decodeAudioFile(join(faults, 'readers', file));
    for (const [, rate, count, samples, channel, sample, value, tolerance] of rows.filter(([name]) => name === file)) {
      expect([sampleRate, channels.length, channels[0].length]).toEqual([rate, count, samples].map(Number));
      expect(Math.abs(channels[Number(channel)][Number(sample)] - Number(value))).toBeLessThanOrEqual(
        Number(tolerance),
      );
    }
  });

  it('an MP3 whose rate changes', async () => {
    await expect(decodeAudioFile(join(faults, 'readers/a05-mp3-rate-changes/16k-then-44k.mp3'))).rejects.toThrow(
      /changes midway: 16000 Hz and 1 channel .* up to frame 30, 44100 Hz and 1 channel/,
    );
  });

  it('an M4A that declares 2^32 - 1 packets', async () => {
    await expect(decodeAudioFile(join(faults, 'attack/inputs/stsz.m4a'))).rejects.toThrow(
      /stsz\.m4a.*4294967295 packets of 1 bytes in a file of 2405/,
    );
  });
});
