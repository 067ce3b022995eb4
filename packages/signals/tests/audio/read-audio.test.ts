import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AudioError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { mixToMono } from '../../src/audio/audio.js';
import { decodeAudioFile, decodeMonoFile, readAudioFile } from '../../src/audio/read-audio.node.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { wavBytes } from '../../../../tests/support/wav-bytes.js';

const temporaryFolder = temporaryFolders();
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

async function file(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, bytes);
  return path;
}

describe('readAudioFile', () => {
  it('mixes down, keeps all channels, and resamples', async () => {
    const path = await file(
      'stereo ü.wav',
      wavBytes({ code: 3, bits: 32, channels: 2, data: floats(1, 0, 0.5, -0.5) }),
    );
    expect([...(await readAudioFile(path))]).toEqual([0.5, 0]);
    expect([...(await readAudioFile(path, { channels: 'all' }))]).toEqual([1, 0.5, 0, -0.5]);
    expect(await readAudioFile(path, { sampleRate: 16000 })).toHaveLength(4);
    expect(await readAudioFile(path, { sampleRate: 16000, channels: 'all' })).toHaveLength(8);
    expect((await decodeAudioFile(path)).channels).toHaveLength(2);
  });

  it.each([NaN, Infinity, -Infinity])('refuses %d and says where it is', async (value) => {
    const path = await file('bad.wav', wavBytes({ code: 3, bits: 32, channels: 2, data: floats(0, 0, 0, value) }));
    await expect(readAudioFile(path)).rejects.toThrow(/bad\.wav.*at sample 1 of channel 1/);
  });

  it('refuses what is no file, and a file over 1 GiB before reading it', async () => {
    const folder = await temporaryFolder();
    await expect(readAudioFile(join(folder, 'none.wav'))).rejects.toThrow(/none\.wav.*no such file/);
    await expect(readAudioFile(folder)).rejects.toThrow(AudioError);
    const path = await file('sparse.wav', new Uint8Array(1));
    await truncate(path, 2 ** 30 + 1);
    await expect(readAudioFile(path)).rejects.toThrow(/1073741825 bytes, over the limit/);
  });

  it.each([readAudioFile, decodeAudioFile])('refuses what is no sound before reading it', async (read) => {
    const path = await file('tables.zip', Buffer.from('PK\x03\x04'));
    // Of which the file system stores next to nothing.
    await truncate(path, 2 ** 30);
    const before = process.resourceUsage().maxRSS;
    await expect(read(path)).rejects.toThrow(/a ZIP archive/);
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(2 ** 18);
  });
});

describe('a long file', () => {
  it('is mixed down piece by piece to what it is as a whole', async () => {
    const frames = 3_000_001;
    const counts = Int16Array.from({ length: 2 * frames }, (_, index) => (index * 7919) % 30_011);
    const data = new Uint8Array(counts.buffer);
    const head = wavBytes({ channels: 2, sampleRate: 48_000, data: new Uint8Array(), dataSize: data.length });
    const path = await file('long.wav', Buffer.concat([head, data]));
    const whole = await decodeAudioFile(path);
    const mono = await decodeMonoFile(path);
    expect(mono.fileChannels).toBe(2);
    expect(mono.sampleRate).toBe(48_000);
    expect(Buffer.compare(bytesOf(mono.channels[0]), bytesOf(mixToMono(whole.channels)))).toBe(0);
    await truncate(path, head.length + data.length - 1);
    await expect(decodeMonoFile(path)).rejects.toThrow(/12000003 of 12000004 bytes/);
  });

  it('of more samples than memory should hold is refused before it is read', async () => {
    // A day at 16 kHz, of which the file system stores next to nothing.
    const bytes = 24 * 3600 * 16_000;
    const head = wavBytes({ bits: 8, sampleRate: 16_000, data: new Uint8Array(), dataSize: bytes });
    const path = await file('day.wav', head);
    await truncate(path, head.length + bytes);
    await expect(decodeMonoFile(path)).rejects.toThrow(/1382400000 samples \(86400 s\).*hearken embed -/);
  });
});

const bytesOf = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
