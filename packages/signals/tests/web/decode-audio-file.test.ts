import { AudioError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mixToMono } from '../../src/audio/audio.js';
import { decodeWav } from '../../src/audio/wav.js';
import { decodeAudioFile } from '../../src/web/decode-audio-file.js';
import { flacBytes } from '../../../../tests/support/flac-bytes.js';
import { wavBytes } from '../../../../tests/support/wav-bytes.js';

const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const file = (bytes: Iterable<number>, name = 'clip.bin') => new File([Uint8Array.from(bytes)], name);

describe('a WAV file', () => {
  it('is what the reader of whole files makes of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          bits: fc.constantFrom(8, 16, 24, 32),
          channels: fc.integer({ min: 1, max: 3 }),
          extensible: fc.boolean(),
          oddChunk: fc.boolean(),
          data: fc.uint8Array({ minLength: 12, maxLength: 90 }),
        }),
        async (parts) => {
          const bytes = wavBytes(parts);
          const whole = decodeWav(bytes, 'whole');
          const { samples, sampleRate } = await decodeAudioFile(file(bytes));
          expect(samples).toEqual(mixToMono(whole.channels));
          expect(sampleRate).toBe(whole.sampleRate);
        },
      ),
    );
  });

  it('of several pieces is joined', async () => {
    const frames = 3_000_000;
    const counts = Int16Array.from({ length: 2 * frames }, (_, index) => (index * 7919) % 30_011);
    const head = wavBytes({ channels: 2, sampleRate: 48_000, data: new Uint8Array(), dataSize: counts.byteLength });
    const { samples } = await decodeAudioFile(new File([head.slice(), counts], 'long.wav'));
    expect(samples).toHaveLength(frames);
    for (const frame of [0, 1, 1_048_575, 1_048_576, frames - 1]) {
      expect(samples[frame]).toBe(Math.fround((counts[2 * frame] + counts[2 * frame + 1]) / 2 / 32_768));
    }
  });

  it('that is too long is refused before it is read', async () => {
    // Two hours of stereo, of which no byte is ever asked for.
    const seconds = 7200;
    const bytes = seconds * 48_000 * 4;
    const head = wavBytes({ channels: 2, sampleRate: 48_000, data: new Uint8Array(), dataSize: bytes });
    let read = 0;
    const hours = {
      name: 'night.wav',
      size: head.length + bytes,
      slice: (start: number, end: number) => {
        read += end - start;
        return new Blob([head.slice(start, end)]);
      },
    } as unknown as File;
    await expect(decodeAudioFile(hours)).rejects.toThrow(/'night\.wav' of at most 1800 s: 7200 s; cut it/);
    expect(read).toBeLessThan(10_000);
    const short = wavBytes({ sampleRate: 8000, data: new Uint8Array(32_000) });
    await expect(decodeAudioFile(file(short), { maximumSeconds: 1.9 })).rejects.toThrow(/at most 1.9 s: 2 s/);
    expect((await decodeAudioFile(file(short), { maximumSeconds: 2 })).samples).toHaveLength(16_000);
  });

  it('of nothing but chunks comes to an end', async () => {
    const chunks = Array.from({ length: 3000 }, () => [...ascii('JUNK'), 0, 0, 0, 0]).flat();
    const bytes = [...ascii('RIFF'), 0, 0, 0, 0, ...ascii('WAVE'), ...chunks];
    await expect(decodeAudioFile(file(bytes))).rejects.toThrow(/over 1024 chunks/);
  });

  it('that is damaged is an AudioError, and what is not finite is found', async () => {
    const whole = wavBytes({ data: new Uint8Array(200), oddChunk: true });
    for (let length = 12; length < whole.length; length += 1) {
      await expect(decodeAudioFile(file(whole.subarray(0, length)))).rejects.toBeInstanceOf(AudioError);
    }
    const data = new Uint8Array(Float32Array.of(0, 1, NaN).buffer);
    const infinite = wavBytes({ code: 3, bits: 32, data });
    await expect(decodeAudioFile(file(infinite))).rejects.toThrow(/NaN at sample 2/);
  });
});

describe('another file', () => {
  const counts = Int16Array.from({ length: 4096 }, (_, index) => Math.round(9000 * Math.sin(index / 9)));

  it('is decoded, unless it is too long', async () => {
    const flac = file(flacBytes(counts), 'clip.flac');
    const { samples, sampleRate } = await decodeAudioFile(flac);
    expect(sampleRate).toBe(16_000);
    expect([...samples].map((value) => value * 32_768)).toEqual([...counts]);
    await expect(decodeAudioFile(flac, { maximumSeconds: 0.2 })).rejects.toThrow(/'clip\.flac' of at most 0.2 s/);
  });

  it('that is no sound is refused before it is read', async () => {
    let read = 0;
    const archive = {
      name: 'recordings.zip',
      size: 2 ** 29,
      slice: (start: number, end: number) => {
        read += end - start;
        return new Blob(['PK\x03\x04']);
      },
    } as unknown as File;
    await expect(decodeAudioFile(archive)).rejects.toThrow(/a ZIP archive/);
    expect(read).toBeLessThan(10_000);
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const decoding = decodeAudioFile(file(flacBytes(counts)), { abortSignal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(decoding).rejects.toThrow('enough');
  });

  const handler = [...ascii('hdlr'), 0, 0, 0, 0, 0, 0, 0, 0, ...ascii('vide')];
  it.each([
    ['an MP4 video', [0, 0, 0, 24, ...ascii('ftypisom'), ...new Uint8Array(64), ...handler]],
    ['a QuickTime video', [0, 0, 0, 20, ...ascii('ftypqt  '), ...new Uint8Array(64), ...handler]],
    ['a WebM or Matroska video', [0x1a, 0x45, 0xdf, 0xa3, ...ascii('webm....V_VP9....A_OPUS')]],
    ['an AVI video', ascii('RIFF0000AVI LIST')],
    ['a PNG image', [0x89, ...ascii('PNG')]],
    ['a JPEG image', [0xff, 0xd8, 0xff, 0xe0]],
    ['a ZIP archive or an office document', [...ascii('PK'), 3, 4]],
    ['a PDF document', ascii('%PDF-1.7')],
    ['a web page or XML', ascii('\n<!DOCTYPE html><title>404</title>')],
    ['text', ascii('label,idx\n0,cat\n')],
    ['nothing but zeros', new Uint8Array(512)],
    ['an empty file', []],
    ['an unknown audio format', [1, 2, 3, 4, 5]],
  ])('that is %s is told so', async (found, bytes) => {
    const error: unknown = await decodeAudioFile(file(bytes, 'dropped')).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(AudioError);
    expect(error).toMatchObject({ found, asked: "audio of 'dropped'" });
  });

  it('whatever it holds gives samples or an AudioError', async () => {
    const heads = [
      [0xff, 0xfb, 0x90, 0],
      ascii('fLaC'),
      ascii('OggS'),
      [0, 0, 0, 24, ...ascii('ftypM4A ')],
      ascii('caff'),
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 200 }), async (head, rest) => {
        const answer = await decodeAudioFile(file([...head, ...rest])).catch((cause: unknown) => cause);
        expect(answer instanceof AudioError || 'samples' in (answer as object)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
