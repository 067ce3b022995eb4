import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeWav, readNpy, writeNpy } from '@hearken/signals';
import { fixture } from '../../../signals/tests/ecg/ecg-files.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

/** Embeds a file by a model of the baseline. */
async function embed(model: 'ecg' | 'mel', path: string, ...options: string[]): ReturnType<typeof hearken> {
  const out = join(folder, 'scene.npy');
  return hearken('embed', path, '--model', `baseline:${model}`, ...options, '--threads', '1', '--out', out);
}

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const tone = (samples: number, peak: number) =>
  Float32Array.from({ length: samples }, (_, index) => peak * Math.sin(index / 7));

/** A WAV file of float32, which can go over full scale: the encoder's, with another header and other samples. */
function floatWav(signal: Float32Array, rate: number): Uint8Array {
  const bytes = encodeWav(new Float32Array(2 * signal.length), rate);
  const view = new DataView(bytes.buffer);
  view.setUint16(20, 3, true);
  view.setUint32(28, 4 * rate, true);
  view.setUint16(32, 4, true);
  view.setUint16(34, 32, true);
  signal.forEach((value, index) => view.setFloat32(44 + 4 * index, value, true));
  return bytes;
}

const standard = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];

/** The fixture's record: `[12, 5000]` in mV at 500 Hz. */
async function record(): Promise<Float32Array> {
  return readNpy(await readFile(fixture('synthetic.input.npy')), 'synthetic.input.npy').data.slice();
}

describe('hearken embed of the other kind of signal', () => {
  it.each([12, 10])('refuses audio of %i s for a model of ECGs, which is no 12 leads', async (seconds) => {
    const path = await write('clip.wav', encodeWav(tone(seconds * 16_000, 0.5), 16_000));
    const { status, err } = await embed('ecg', path);
    expect(status).toBe(2);
    expect(err).toMatch(
      /ECG file '.*clip\.wav'[^]*audio \(WAV\), which is not an ECG[^]*choose an audio model, or pass WFDB/,
    );
  });

  it('refuses an ECG for an audio model', async () => {
    const { status, err } = await embed('mel', fixture('synthetic.hea'));
    expect([status, err]).toEqual([2, expect.stringMatching(/an ECG for an audio model/)]);
  });
});

describe('hearken embed of signals on another scale', () => {
  it('warns of audio far over full scale', async () => {
    const loud = await embed('mel', await write('loud.wav', floatWav(tone(32_000, 12), 16_000)));
    expect(loud.status).toBe(0);
    expect(loud.err).toMatch(/loud\.wav: The peak is 12 times full scale, over 1\.5: are the samples scaled/);
    const array = await write('loud.npy', writeNpy(tone(32_000, 12), [2, 16_000]));
    const { err } = await embed('mel', array, '--sample-rate', '16000');
    expect(err.match(/times full scale/g)).toHaveLength(1);
    const full = await embed('mel', await write('full.wav', floatWav(tone(32_000, 1), 16_000)));
    expect([full.status, full.err]).toEqual([0, expect.not.stringContaining('full scale')]);
  });

  it('warns of an ECG in µV', async () => {
    const microvolts = (await record()).map((value) => 1000 * value);
    const array = await write('uv.npy', writeNpy(microvolts, [12, 5000]));
    const { status, err } = await embed('ecg', array, '--sample-rate', '500');
    expect([status, err]).toEqual([0, expect.stringMatching(/uv\.npy: The peak is \d+ mV .* every lead: is it in µV/)]);
    const fine = await embed('ecg', fixture('synthetic.input.npy'), '--sample-rate', '500');
    expect([fine.status, fine.err]).toEqual([0, expect.not.stringContaining('The peak')]);
  });
});

describe('hearken embed of an ECG of 8 leads', () => {
  it('computes the other four, and gives what all 12 give', async () => {
    const data = await record();
    const lead = (name: string) => data.subarray(5000 * standard.indexOf(name), 5000 * (standard.indexOf(name) + 1));
    const [first, second] = [lead('I'), lead('II')];
    const row = (names: readonly string[], at: number) => names.map((name) => lead(name)[at]).join(',');
    // Of made-up leads the four do not follow: they are made to.
    lead('III').set(first.map((value, at) => second[at] - value));
    lead('aVR').set(first.map((value, at) => -(value + second[at]) / 2));
    lead('aVL').set(first.map((value, at) => value - second[at] / 2));
    lead('aVF').set(first.map((value, at) => second[at] - value / 2));
    const table = (names: readonly string[]) =>
      [names.join(','), ...Array.from({ length: 5000 }, (_, at) => row(names, at))].join('\n');
    const eight = standard.filter((name) => !['III', 'aVR', 'aVL', 'aVF'].includes(name));
    const embeddings: Float32Array[] = [];
    for (const names of [standard, eight]) {
      const path = await write(`${names.length}.csv`, table(names));
      const { status, err } = await embed('ecg', path, '--sample-rate', '500');
      expect(status).toBe(0);
      expect(err.includes('8.csv: Lead III, aVR, aVL, aVF are not in the file')).toBe(names.length === 8);
      embeddings.push(readNpy(await readFile(join(folder, 'scene.npy')), 'scene.npy').data);
    }
    const difference = embeddings[0].map((value, index) => Math.abs(value - embeddings[1][index]));
    expect(Math.max(...difference)).toBeLessThan(1e-3);
  });
});
