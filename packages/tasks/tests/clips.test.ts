import { cp, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { encodeWav, writeNpy } from '@hearken/signals';
import { chooseSampleRate, readClip } from '../src/clips.node.js';
import { taskContentHash } from '../src/content-hash.node.js';
import { openTask } from '../src/open-task.node.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';
import { writeTask } from '../../../tests/support/task-folder.js';
import { wavBytes } from '../../../tests/support/wav-bytes.js';

const temporaryFolder = temporaryFolders();
const clip = { name: 'c.wav' };

describe('chooseSampleRate', () => {
  it.each([
    [16000, 16000],
    [22050, 44100],
    [8000, 16000],
    [96000, 48000],
  ])('for %i Hz reads %i Hz', (embedder, expected) => {
    expect(chooseSampleRate({ sampleRates: [16000, 44100, 48000] }, embedder)).toBe(expected);
  });
});

describe('readClip', () => {
  it('reads audio at its own rate and at another', async () => {
    const task = await openTask(await writeTask(join(await temporaryFolder(), 'tiny')));
    const own = await readClip(task, 'valid', clip, { sampleRate: 8000 });
    expect(own).toHaveLength(4000);
    expect(own[1]).toBeCloseTo(0.5 * Math.sin(0.1), 4);
    expect(await readClip(task, 'valid', clip, { sampleRate: 32000 })).toHaveLength(16000);
    await expect(readClip(task, 'valid', clip, { sampleRate: 8000, channels: 12 })).rejects.toThrow(
      /clip 'c\.wav' of task 'tiny-v1-full', split 'valid': 1 channel for a model that takes 12/,
    );
  });

  it.each([
    [
      'one sample long',
      encodeWav(new Float32Array(1), 8000),
      /1 samples instead of 4000 \(sample_duration 0\.5 s at 8000 Hz\)/,
    ],
    ['two samples too long', encodeWav(new Float32Array(4002), 8000), /4002 samples/],
    ['of another rate', encodeWav(new Float32Array(4000), 16000), /16000 Hz in the folder of 8000 Hz/],
    ['empty', new Uint8Array(0), /an empty file/],
    ['without samples', encodeWav(new Float32Array(0), 8000), /no samples/],
    [
      'not finite',
      wavBytes({ code: 3, bits: 32, data: new Uint8Array(new Float32Array(4000).fill(NaN).buffer) }),
      /NaN at sample 0/,
    ],
  ])('refuses a clip that is %s', async (_, bytes, message) => {
    const folder = await writeTask(join(await temporaryFolder(), 'tiny'));
    await writeFile(join(folder, '8000', 'valid', 'c.wav'), bytes);
    const task = await openTask(folder);
    const error: unknown = await readClip(task, 'valid', clip, { sampleRate: 8000 }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(TaskError);
    expect((error as TaskError).message).toMatch(message);
    expect((error as TaskError).message).toContain("clip 'c.wav'");
  });

  it('forgives one sample, and any length where none is set', async () => {
    const folder = await writeTask(join(await temporaryFolder(), 'tiny'));
    const path = join(folder, '8000', 'valid', 'c.wav');
    await writeFile(path, encodeWav(new Float32Array(4001), 8000));
    expect(await readClip(await openTask(folder), 'valid', clip, { sampleRate: 8000 })).toHaveLength(4001);
    await writeTask(folder, { metadata: { sample_duration: null } });
    await writeFile(path, encodeWav(new Float32Array(77), 8000));
    expect(await readClip(await openTask(folder), 'valid', clip, { sampleRate: 8000 })).toHaveLength(77);
  });

  describe('of an ECG', () => {
    const signal = Float32Array.from({ length: 3 * 250 }, (_, index) => index / 100);
    const ecgTask = async (bytes: Uint8Array) => {
      const splits = { train: { 'a.npy': ['cat'] }, valid: { 'a.npy': ['cat'] }, test: { 'a.npy': ['cat'] } };
      const files = Object.fromEntries(Object.keys(splits).map((split) => [`500/${split}/a.npy`, bytes]));
      const metadata = { modality: 'ecg', leads: ['I', 'II', 'III'] };
      return openTask(await writeTask(join(await temporaryFolder(), 'ecg'), { metadata, splits, files }));
    };

    it('reads all leads, in order, at both rates', async () => {
      const task = await ecgTask(writeNpy(signal, [3, 250]));
      expect(await readClip(task, 'train', { name: 'a.npy' }, { sampleRate: 500, channels: 3 })).toEqual(signal);
      const halved = await readClip(task, 'train', { name: 'a.npy' }, { sampleRate: 250, channels: 3 });
      expect(halved).toHaveLength(3 * 125);
      expect(halved[125 + 60]).toBeCloseTo(signal[250 + 120], 3);
    });

    it.each([
      ['other leads than named', writeNpy(signal, [2, 375]), /2 leads instead of the 3 that the task names/],
      ['one dimension', writeNpy(signal, [750]), /shape \[750\]/],
      ['no samples', writeNpy(new Float32Array(0), [3, 0]), /shape \[3, 0\]/],
      [
        'NaN',
        writeNpy(
          signal.map((value, index) => (index === 260 ? NaN : value)),
          [3, 250],
        ),
        /NaN in lead 1 at sample 10/,
      ],
      ['a truncated array', writeNpy(signal, [3, 250]).subarray(0, 500), /shape \[3, 250\]/],
    ])('refuses %s', async (_, bytes, message) => {
      const task = await ecgTask(bytes);
      const read = readClip(task, 'train', { name: 'a.npy' }, { sampleRate: 500, channels: 3 });
      await expect(read).rejects.toThrow(message);
      await expect(read).rejects.toThrow(TaskError);
    });
  });
});

describe('taskContentHash', () => {
  it('stays when the task moves, and changes with a label or a sample', async () => {
    const parent = await temporaryFolder();
    const folder = await writeTask(join(parent, 'tiny'));
    const hash = await taskContentHash(await openTask(folder));
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    await cp(folder, join(parent, 'copy'), { recursive: true });
    await rename(folder, join(parent, 'moved'));
    expect(await taskContentHash(await openTask(join(parent, 'moved')))).toBe(hash);
    await writeFile(join(parent, 'copy', '8000', 'test', 'unlisted.wav'), '');
    expect(await taskContentHash(await openTask(join(parent, 'copy')))).toBe(hash);
    await writeFile(join(parent, 'copy', 'test.json'), '{"d.wav":["cat"]}');
    expect(await taskContentHash(await openTask(join(parent, 'copy')))).not.toBe(hash);
    await writeFile(join(parent, 'moved', '8000', 'valid', 'c.wav'), encodeWav(new Float32Array(4000), 8000));
    expect(await taskContentHash(await openTask(join(parent, 'moved')))).not.toBe(hash);
  });
});
