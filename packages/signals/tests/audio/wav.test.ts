import { AudioError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWav } from '../../src/audio/wav.js';
import { encodeWav } from '../../src/audio/encode-wav.js';
import { wavBytes, type WavParts } from '../../../../tests/support/wav-bytes.js';

function refusal(bytes: Uint8Array): AudioError {
  try {
    decodeWav(bytes, 'clip.wav');
  } catch (error) {
    expect(error).toBeInstanceOf(AudioError);
    expect((error as AudioError).message).toContain('clip.wav');
    return error as AudioError;
  }
  throw new Error('decodeWav took it');
}

const little = (values: ArrayBufferView) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

describe('decodeWav', () => {
  it.each<[string, WavParts, number[]]>([
    ['8 bits', { bits: 8, data: Uint8Array.of(0, 128, 255) }, [-1, 0, 127 / 128]],
    ['16 bits', { bits: 16, data: little(Int16Array.of(-32768, 1, 32767)) }, [-1, 1 / 32768, 32767 / 32768]],
    ['24 bits', { bits: 24, data: Uint8Array.of(0, 0, 0x80, 1, 0, 0, 0xff, 0xff, 0xff) }, [-1, 2 ** -23, -(2 ** -23)]],
    ['32 bits', { bits: 32, data: little(Int32Array.of(-(2 ** 31), 2 ** 30)) }, [-1, 0.5]],
    ['float', { code: 3, bits: 32, data: little(Float32Array.of(0.25, -1.5)) }, [0.25, -1.5]],
    ['double', { code: 3, bits: 64, data: little(Float64Array.of(0.125, -0.5)) }, [0.125, -0.5]],
  ])('reads %s, plain and extensible', (_, parts, expected) => {
    for (const extensible of [false, true]) {
      const { channels, sampleRate } = decodeWav(wavBytes({ ...parts, extensible, oddChunk: true }), 'clip.wav');
      expect(sampleRate).toBe(8000);
      expect([...channels[0]]).toEqual(expected);
    }
  });

  it('separates channels, and reads from the middle of a buffer', () => {
    const bytes = wavBytes({ channels: 2, data: little(Int16Array.of(1, 2, 3, 4)) });
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const { channels } = decodeWav(shifted.subarray(3), 'clip.wav');
    expect(channels.map((channel) => [...channel].map((value) => value * 32768))).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it.each([
    ['unknown sizes', { dataSize: 0xffffffff, riffSize: 0xffffffff }],
    ['a recorder that was stopped', { dataSize: 0x80000000, riffSize: 0x80000024 }],
    ['sizes of zero', { dataSize: 0, riffSize: 0 }],
    ['a header never completed', { dataSize: 0, riffSize: 36 }],
  ])('takes what there is of a streamed file: %s', (_, sizes) => {
    const bytes = wavBytes({ data: little(Int16Array.of(1, 2, 3)), ...sizes });
    expect(decodeWav(bytes, 'clip.wav').channels[0]).toHaveLength(3);
  });

  it.each<[string, WavParts, RegExp]>([
    ['ADPCM without what it needs', { code: 2, bits: 4, data: new Uint8Array(8) }, /damaged fmt/],
    ['IMA ADPCM of 3 bits', { code: 0x11, bits: 3, data: new Uint8Array(8) }, /IMA ADPCM of 3 bits/],
    ['GSM', { code: 0x31, bits: 0, blockAlign: 65, data: new Uint8Array(65) }, /^GSM 6.10$/],
    ['MP3, which a decoder reads', { code: 0x55, bits: 0, data: new Uint8Array(65) }, /^MP3$/],
    ['an unknown codec', { code: 0x1234, data: new Uint8Array(8) }, /0x1234/],
    ['12 bits', { bits: 12, data: new Uint8Array(8) }, /12 bits/],
    ['half floats', { code: 3, bits: 16, data: new Uint8Array(8) }, /float, 16 bits/],
    ['no channel', { channels: 0, data: new Uint8Array(8) }, /0 channels/],
    ['too many channels', { channels: 4096, data: new Uint8Array(8) }, /4096 channels/],
    ['a rate of zero', { sampleRate: 0, data: new Uint8Array(8) }, /0 Hz/],
    ['an absurd rate', { sampleRate: 4_000_000_000, data: new Uint8Array(8) }, /4000000000 Hz/],
    ['frames of another size', { blockAlign: 3, data: new Uint8Array(8) }, /frames of 3 bytes/],
    ['no samples', { data: new Uint8Array(0) }, /no samples/],
    ['truncated samples', { data: new Uint8Array(8), dataSize: 20 }, /8 of 20 bytes/],
  ])('refuses %s', (_, parts, found) => {
    expect(refusal(wavBytes(parts)).found).toMatch(found);
  });

  it('refuses an empty file, other content, and a file cut anywhere', () => {
    expect(refusal(new Uint8Array(0)).found).toBe('an empty file');
    expect(refusal(new TextEncoder().encode('RIFQ0000WAVE')).found).toBe('no RIFF/WAVE header');
    const whole = wavBytes({ data: new Uint8Array(40), oddChunk: true });
    for (let length = 0; length < whole.length; length += 1) refusal(whole.subarray(0, length));
  });

  it('refuses or reads any damaged file, and never more samples than it has bytes for', () => {
    const whole = wavBytes({ channels: 2, data: new Uint8Array(64), oddChunk: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }), (changes) => {
        const damaged = Uint8Array.from(whole);
        for (const [offset, value] of changes) damaged[offset] = value;
        try {
          const { channels } = decodeWav(damaged, 'clip.wav');
          expect(channels.length * channels[0].length).toBeLessThanOrEqual(whole.length);
        } catch (error) {
          expect(error).toBeInstanceOf(AudioError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives back what encodeWav wrote, to half a step', () => {
    fc.assert(
      fc.property(fc.float32Array({ min: -1, max: Math.fround(0.9999), noNaN: true, minLength: 1 }), (signal) => {
        const { channels } = decodeWav(encodeWav(signal, 16000), 'clip.wav');
        signal.forEach((value, index) => {
          expect(Math.abs(channels[0][index] - value)).toBeLessThanOrEqual(0.5 / 32768 + 1e-9);
        });
      }),
    );
  });
});
