import { AudioError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.node.js';
import { flacBytes } from '../../../../tests/support/flac-bytes.js';
import { wavBytes } from '../../../../tests/support/wav-bytes.js';

const samples = Int16Array.from({ length: 2048 }, (_, index) => Math.round(20000 * Math.sin(index / 7)));
samples[0] = -32768;
samples[1] = 32767;

describe('decodeAudio', () => {
  it('reads FLAC with int16 scaled by 32768', async () => {
    const { channels, sampleRate } = await decodeAudio(flacBytes(samples), 'clip.wav');
    expect(sampleRate).toBe(16000);
    expect(channels).toHaveLength(1);
    expect(channels[0]).toHaveLength(samples.length);
    expect([...channels[0]].map((value) => value * 32768)).toEqual([...samples]);
  });

  it('reads WAV whatever it is called', async () => {
    const bytes = wavBytes({ data: new Uint8Array([0, 64]) });
    expect([...(await decodeAudio(bytes, 'clip.flac')).channels[0]]).toEqual([0.5]);
  });

  it('refuses truncated FLAC and names the file', async () => {
    const whole = flacBytes(samples);
    for (const length of [42, 60, 700, whole.length - 300]) {
      const error: unknown = await decodeAudio(whole.slice(0, length), 'cut.flac').catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(AudioError);
      expect((error as AudioError).message).toContain('cut.flac');
    }
  });

  it.each([
    ['an empty file', new Uint8Array(0)],
    ['text', new TextEncoder().encode('label,idx\n0,cat\n')],
    ['a ZIP archive', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0)],
    ['AVI', new TextEncoder().encode('RIFF0000AVI LIST')],
  ])('refuses %s and lists what is read', async (_, bytes) => {
    await expect(decodeAudio(bytes, 'x.wav')).rejects.toThrow(/'x\.wav'.*WAV, FLAC, MP3, Ogg/);
  });

  it.each([
    ['MP3', [0xff, 0xfb, 0x90, 0x00]],
    ['Ogg Vorbis', [...new TextEncoder().encode('OggS'.padEnd(28, '\0')), 1, ...new TextEncoder().encode('vorbis')]],
    ['M4A', [0, 0, 0, 24, ...new TextEncoder().encode('ftypM4A ')]],
  ])('refuses %s that has nothing after its first bytes', async (_, bytes) => {
    await expect(decodeAudio(Uint8Array.from(bytes), 'short')).rejects.toThrow(AudioError);
  });
});
